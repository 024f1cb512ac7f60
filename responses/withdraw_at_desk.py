"""The desk's page that withdraws somebody who asked: says what will happen, asks, does it."""

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from experiments.design import Withdrawal
from responses.designs import version_of
from responses.models import Participant, State
from responses.on_request import participant_for
from responses.withdrawal import withdraw

KEEP, ERASE = "keep", "erase"


@never_cache
@require_http_methods(["GET", "POST"])
def withdraw_view(request: HttpRequest, participant: int) -> HttpResponse:
    """GET asks; POST, once it is confirmed, withdraws them, in the name of whoever is logged in."""
    found = participant_for(request, participant)
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
