"""The desk's page that marks participants for exclusion: says whom, asks why, does it."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from experiments.in_words import in_words
from experiments.models import Study
from experiments.refusals import Refused
from responses.desk_study import study_at_desk
from responses.exclusion_marks import MOST, Marked, mark
from responses.models import MarkReason, Mode, Participant, State

PERMISSIONS = ("responses.view_participant", "responses.mark_participant")
# So many are named on the page; the others are counted.
NAMED = 20
INPUT = {"class": "desk-input"}


class MarkForm(forms.Form):
    """Whom to mark, by their ids; why. Without `excludes` their marks are taken back."""

    people = forms.CharField(widget=forms.HiddenInput)
    excludes = forms.BooleanField(required=False, widget=forms.HiddenInput)
    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        choices=[("", "–"), *MarkReason.choices],
        required=False,
        widget=forms.Select(INPUT),
    )
    words = forms.CharField(
        label=gettext_lazy("In words"),
        max_length=2000,
        widget=forms.Textarea({**INPUT, "rows": 3, "aria-describedby": "words-help"}),
    )

    def clean_people(self) -> list[int]:
        """The ids."""
        ids = self.cleaned_data["people"].split(",")
        if not all(each.isascii() and each.isdecimal() and len(each) < 19 for each in ids):
            raise forms.ValidationError(_("Choose the participants in the list again."))
        return [int(each) for each in ids]

    def clean(self) -> dict[str, Any]:
        """A mark needs a reason; taking one back has none."""
        asked = super().clean() or {}
        if asked.get("excludes") and not asked.get("reason"):
            self.add_error("reason", _("Choose a reason."))
        return asked


@never_cache
@require_http_methods(["GET", "POST"])
def mark_view(request: HttpRequest, slug: str) -> HttpResponse:
    """GET asks about those of the address; POST marks them in the name of whoever is logged in."""
    study = study_at_desk(request, slug, *PERMISSIONS)
    if request.method == "GET":
        initial = {name: request.GET.get(name, "") for name in ("people", "excludes")}
        return mark_page(request, study, MarkForm(initial=initial))
    form = MarkForm(request.POST)
    if not form.is_valid():
        return mark_page(request, study, form)
    asked = form.cleaned_data
    try:
        mode = mode_of(study.participants.filter(pk__in=asked["people"]))
        marked = mark(
            study=study,
            mode=Mode(mode),
            people=asked["people"],
            reason=asked["reason"] if asked["excludes"] else "",
            words=asked["words"],
            actor=request.user.get_username(),
        )
    except Refused as refused:
        form.add_error(None, in_words(refused))
        return mark_page(request, study, form)
    messages.success(request, _said(marked))
    return redirect(_list_of(study, mode))


def mode_of(people: QuerySet[Participant]) -> str:
    """The one mode of those people; Refused if they are of several, or none. One SQL statement."""
    modes = list(people.order_by().values_list("mode", flat=True).distinct())
    if len(modes) != 1:
        raise Refused(
            _("Choose participants of one mode: live, pilot or rehearsal.")
            if modes
            else _("Nobody was chosen.")
        )
    return modes[0]


def mark_page(request: HttpRequest, study: Study, form: MarkForm) -> HttpResponse:
    """The page that asks; two SQL statements."""
    ids = _ids(form["people"].value() or "")
    people = study.participants.filter(pk__in=ids)
    states = people.order_by().values_list("state").annotate(Count("pk"))
    counts = {state: count for state, count in states}  # noqa: C416 - a query gives rows
    excludes = bool(form["excludes"].value())
    context = {
        **admin.site.each_context(request),
        "title": _title(excludes),
        "study": study,
        "form": form,
        "excludes": excludes,
        "people": people.only("pk", "reference").order_by("-pk")[:NAMED],
        "total": sum(counts.values()),
        "more": max(0, sum(counts.values()) - NAMED),
        "states": [(state.label, counts[state]) for state in State if state in counts],
        "most": MOST,
        "back": reverse("admin:responses_participant_changelist"),
    }
    status = 422 if form.errors else 200
    return render(request, "responses_desk/mark.html", context, status=status)


def _title(excludes: bool) -> str:
    return _("Mark for exclusion") if excludes else _("Take marks back")


def _ids(text: str) -> Iterable[int]:
    """The ids of a text that may hold anything."""
    found = [each for each in text.split(",") if each.isascii() and each.isdecimal()]
    return [int(each) for each in found[: MOST + 1] if len(each) < 19]


def _said(marked: Marked) -> str:
    people = marked.marking.people
    numbers = {"people": people, "left": marked.left}
    if marked.marking.excludes:
        said = ngettext(
            "%(people)d participant is marked for exclusion; %(left)d stayed as they were.",
            "%(people)d participants are marked for exclusion; %(left)d stayed as they were.",
            people,
        )
    else:
        said = ngettext(
            "The mark of %(people)d participant is taken back; %(left)d stayed as they were.",
            "The marks of %(people)d participants are taken back; %(left)d stayed as they were.",
            people,
        )
    return said % numbers


def _list_of(study: Study, mode: str) -> str:
    query = urlencode({"study__id__exact": str(study.pk), "mode__exact": mode})
    return f"{reverse('admin:responses_participant_changelist')}?{query}"
