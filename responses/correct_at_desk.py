"""The desk's page that notes a participant's correction of an answer: asks what, notes it."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import Truncator
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from experiments.in_words import in_words
from experiments.refusals import Refused
from responses.corrections import LONGEST, correct, correctable
from responses.models import Participant
from responses.on_request import participant_for
from responses.said import words

INPUT = {"class": "desk-input"}
WORDS = forms.Textarea({**INPUT, "rows": 3})


class CorrectionForm(forms.Form):
    """Which answer is not right, what the participant says instead, and why."""

    item = forms.ChoiceField(label=gettext_lazy("Item"), widget=forms.Select(INPUT))
    stated = forms.CharField(
        label=gettext_lazy("What they state now"), max_length=LONGEST, widget=WORDS
    )
    reason = forms.CharField(
        label=gettext_lazy("Why, and how they asked"), max_length=LONGEST, widget=WORDS
    )

    def __init__(self, participant: Participant, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "en"
        asked: forms.ChoiceField = self.fields["item"]  # type: ignore[assignment]
        asked.choices = [
            ("", "–"),
            *(
                (each.code, f"{each.code}: {Truncator(words(each.text, language)).chars(60)}")
                for each in correctable(participant)
            ),
        ]


@never_cache
@require_http_methods(["GET", "POST"])
def correct_view(request: HttpRequest, participant: int) -> HttpResponse:
    """GET asks; POST notes it in the name of whoever is logged in."""
    found = participant_for(request, participant)
    if request.method == "GET":
        return _ask(request, found, CorrectionForm(found))
    form = CorrectionForm(found, request.POST)
    if not form.is_valid():
        return _ask(request, found, form)
    try:
        noted = correct(participant=found, actor=request.user.get_username(), **form.cleaned_data)
    except Refused as refused:
        form.add_error(None, in_words(refused))
        return _ask(request, found, form)
    messages.success(request, _("The correction of %(item)s is noted.") % {"item": noted.item})
    return redirect("admin:responses_participant_change", found.pk)


def _ask(request: HttpRequest, found: Participant, form: CorrectionForm) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": _("Correct an answer of %(participant)s") % {"participant": found},
        "participant": found,
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "responses_desk/correct.html", context, status=status)
