"""The desk's page of a study's members: who works on it as what."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from experiments.desk.role_words import ROLE_NAMES, ROLE_WORDS
from experiments.desk.scoped import check_may, study_by_id
from experiments.in_words import in_words
from experiments.membership import give_role, may, take_role
from experiments.models import Study
from experiments.refusals import Refused
from experiments.roles import CHANGE_MEMBERS

VIEW = "experiments.view_membership"


class MemberForm(forms.Form):
    """Who gets which role. The name is typed, since nobody need learn who else has an account."""

    username = forms.CharField(
        label=gettext_lazy("Name of the account"),
        max_length=150,
        widget=forms.TextInput({"class": "desk-input", "autocomplete": "off"}),
    )
    role = forms.ChoiceField(
        label=gettext_lazy("Role"),
        choices=list(ROLE_NAMES.items()),
        widget=forms.Select({"class": "desk-input"}),
    )


@require_http_methods(["GET", "POST"])
def members_view(request: HttpRequest, study_id: int, desk: "ModelAdmin[Any]") -> HttpResponse:
    """GET lists the members; POST gives a role, or with `take` ends that account's membership."""
    study = study_by_id(request, study_id, VIEW)
    if request.method != "POST":
        return _page(request, desk, study, MemberForm())
    check_may(request, study, CHANGE_MEMBERS)
    if taken := request.POST.get("take", ""):
        return _taken(request, desk, study, taken)
    form = MemberForm(request.POST)
    if not form.is_valid():
        return _page(request, desk, study, form)
    try:
        given = give_role(study=study, **form.cleaned_data)
    except Refused as refused:
        form.add_error(None, in_words(refused))
        return _page(request, desk, study, form)
    said = _("%(account)s is %(role)s now.") % {
        "account": given.user.get_username(),
        "role": ROLE_NAMES[given.role.name],
    }
    return _done(request, desk, study, said)


def _taken(
    request: HttpRequest, desk: "ModelAdmin[Any]", study: Study, username: str
) -> HttpResponse:
    try:
        # Postgres stores no NUL, and no browser sends one.
        take_role(study=study, username=username.replace("\0", ""))
    except Refused as refused:
        form = MemberForm()
        return _page(request, desk, study, form, refusal=in_words(refused))
    return _done(request, desk, study, _("%(account)s is no member now.") % {"account": username})


def _done(request: HttpRequest, desk: "ModelAdmin[Any]", study: Study, said: str) -> HttpResponse:
    desk.log_change(request, study, said)
    messages.success(request, said)
    # Who took the own role away has no page of members any more.
    own = request.POST.get("take") == request.user.get_username()
    if own and not request.user.is_superuser:
        return redirect("admin:index")
    return redirect("admin:experiments_study_members", study.pk)


def _page(
    request: HttpRequest,
    desk: "ModelAdmin[Any]",
    study: Study,
    form: MemberForm,
    *,
    refusal: str = "",
) -> HttpResponse:
    members = study.memberships.select_related("user", "role")
    context = {
        **desk.admin_site.each_context(request),
        "title": _("Members of %(study)s") % {"study": study.slug},
        "study": study,
        "members": [(each, ROLE_NAMES.get(each.role.name, each.role.name)) for each in members],
        "roles": [(name, ROLE_WORDS[role]) for role, name in ROLE_NAMES.items()],
        "may_change": may(request.user, CHANGE_MEMBERS, study),
        "form": form,
        "refusal": refusal,
    }
    status = 422 if form.errors or refusal else 200
    return render(request, "experiments/members.html", context, status=status)
