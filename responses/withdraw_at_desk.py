"""The desk's page that withdraws somebody who asked: says what will happen, asks, does it."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from experiments.design import Withdrawal
from experiments.membership import may, studies_where
from responses.designs import version_of
from responses.models import Participant, State
from responses.withdrawal import withdraw

PERMISSIONS = ("responses.view_participant", "responses.withdraw_participant")
KEEP, ERASE = "keep", "erase"


def may_withdraw(request: HttpRequest, participant: Participant) -> bool:
    """Whether this account can still withdraw them."""
    granted = all(may(request.user, each, participant.study_id) for each in PERMISSIONS)
    return participant.state != State.WITHDRAWN and granted


@never_cache
@require_http_methods(["GET", "POST"])
def withdraw_view(request: HttpRequest, participant: int) -> HttpResponse:
    """GET asks; POST, once it is confirmed, withdraws them, in the name of whoever is logged in."""
    if not request.user.has_perms(PERMISSIONS):
        raise PermissionDenied
    own = studies_where(request.user, *PERMISSIONS)
    rows = Participant.objects.select_related("study").filter(study__in=own)
    found = get_object_or_404(rows, pk=participant)
    page = redirect("admin:responses_participant_change", found.pk)
    if found.state == State.WITHDRAWN:
        messages.info(request, _("%(participant)s withdrew before.") % {"participant": found})
        return page
    asks = version_of(found.version_id).design.withdrawal is Withdrawal.ASK and bool(found.answers)
    # Where the study does not ask, everything is erased, whatever is sent.
    choice = request.POST.get("answers", "") if asks else ERASE
    if request.method == "GET" or choice not in (KEEP, ERASE) or not request.POST.get("sure"):
        return _ask(request, found, asks=asks, fault=request.method == "POST")
    actor = request.user.get_username()
    if withdraw(participant_id=found.pk, keep=choice == KEEP, actor=actor):
        messages.success(request, _said(choice) % {"participant": found})
    return page


def _said(choice: str) -> str:
    if choice == KEEP:
        return _("%(participant)s is withdrawn; their answers stay, without a name.")
    return _("%(participant)s is withdrawn; their answers are erased.")


def _ask(request: HttpRequest, found: Participant, *, asks: bool, fault: bool) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": _("Withdraw %(participant)s") % {"participant": found},
        "participant": found,
        "asks": asks,
        "fault": fault,
    }
    status = 422 if fault else 200
    return render(request, "responses_desk/withdraw.html", context, status=status)
