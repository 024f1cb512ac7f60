"""The desk's page that invites again: a list of those who have not begun, or not finished."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from experiments.desk.written import ChosenFile
from experiments.in_words import in_words
from experiments.models import Study
from experiments.refusals import Refused
from responses.desk_study import content_of, csv_download, study_at_desk
from responses.identity_log import note_reading
from responses.models import IdentityReading, Reminding
from responses.reminding import MOST_TIMES, PAUSE, remind, reminder_sheet, waiting

PERMISSIONS = ("responses.view_invitation", "responses.add_invitation")
LISTED = 50
INPUT = {"class": "desk-input"}


class RemindForm(forms.Form):
    """Whom to invite again, and by which links."""

    whom = forms.ChoiceField(
        label=gettext_lazy("Whom"),
        choices=Reminding.Whom.choices,
        widget=forms.Select(INPUT),
    )
    links = forms.ChoiceField(
        label=gettext_lazy("Links in the list"),
        choices=Reminding.Links.choices,
        widget=forms.Select(INPUT),
    )
    file = ChosenFile(
        label=gettext_lazy("The file of links that you kept"),
        required=False,
        widget=forms.FileInput({"accept": ".csv,.txt"}),
    )

    def clean(self) -> dict[str, Any]:
        """Links that were kept come in a file."""
        asked = super().clean() or {}
        if asked.get("links") == Reminding.Links.KEPT and not asked.get("file"):
            self.add_error("file", _("Send the file that came when the links were made."))
        return asked


@never_cache
@require_http_methods(["GET", "POST"])
def remind_view(request: HttpRequest, slug: str) -> HttpResponse:
    """GET counts who is waiting; POST makes a list and sends it back."""
    study = study_at_desk(request, slug, *PERMISSIONS)
    sent = request.method == "POST"
    form = RemindForm(request.POST, request.FILES) if sent else RemindForm()
    if not sent or not form.is_valid():
        return _page(request, study, form)
    asked = form.cleaned_data
    try:
        lines = remind(
            study=study,
            whom=asked["whom"],
            links=asked["links"],
            actor=request.user.get_username(),
            base=request.build_absolute_uri("/"),
            kept=content_of(asked["file"]) if asked["file"] else b"",
        )
    except Refused as refused:
        form.add_error(None, in_words(refused))
        return _page(request, study, form)
    way, actor = IdentityReading.Way.REMINDERS, request.user.get_username()
    note_reading(study_id=study.pk, way=way, people=len(lines), actor=actor)
    return csv_download(study, "reminders", reminder_sheet(lines))


def _page(request: HttpRequest, study: Study, form: RemindForm) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": _("Invite again to %(study)s") % {"study": study.slug},
        "study": study,
        "form": form,
        "waiting": [
            (Reminding.Whom(each.whom).label, each.people, each.now) for each in waiting(study)
        ],
        "most_times": MOST_TIMES,
        "hours": int(PAUSE.total_seconds() // 3600),
        "made": study.remindings.all()[:LISTED],
    }
    status = 422 if form.errors else 200
    return render(request, "responses_desk/remind.html", context, status=status)
