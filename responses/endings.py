"""How somebody leaves a study, or learns that they can't enter it: words, code, the way back."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from experiments.design import Design, Outcome
from experiments.vignette import render, slots
from responses.markdown import as_html
from responses.rendering import (
    debriefing,
    language_context,
    language_names,
    private,
    seconds_until_back,
)

_Words = tuple[str | Promise, str | Promise]
WORDS: Mapping[Outcome, _Words] = {
    Outcome.REFUSED: (
        _("You chose not to take part"),
        _("That is all right. Nothing more is asked of you, and you can close this page."),
    ),
    Outcome.SCREENED_OUT: (
        _("This survey is for other people"),
        _("Thank you for your time. By your answers, you are not among those whom it asks."),
    ),
    Outcome.QUOTA_FULL: (
        _("We have heard from enough people like you"),
        _("Thank you for your time. The places for people with your answers are taken."),
    ),
    Outcome.WITHDRAWN: (
        _("You have withdrawn"),
        _("Thank you for telling us. You can close this page."),
    ),
    Outcome.CLOSED: (
        _("This survey is closed"),
        _("Thank you for your interest. Answers that you already sent are kept."),
    ),
    Outcome.PAUSED: (
        _("This survey is taking a break"),
        _("Nobody new can start at the moment. Please come back later. Nothing was recorded."),
    ),
    Outcome.FULL: (
        _("This survey is full"),
        _("Thank you for your interest. As many people as were wanted have taken part."),
    ),
}
STATUS = {Outcome.CLOSED: 410, Outcome.PAUSED: 503, Outcome.FULL: 410}


@dataclass(frozen=True)
class Beside:
    """What an ending says beside its own words.

    `debrief` adds the debriefing, for somebody who saw the vignette; `note` is said first, and if
    `unsaved` that what they sent was not taken; `leave` is the address at which a participant may
    withdraw.
    """

    debrief: bool = False
    note: str | Promise = ""
    leave: str = ""
    unsaved: bool = False


def redirect_address(
    design: Design, outcome: Outcome, code: str, parameters: Mapping[str, str]
) -> str:
    """Where the panel wants somebody back at that outcome; empty if it does not.

    What fills a slot is percent-encoded, so that it stays one value; what is unknown is empty.
    """
    address = design.ending(outcome).redirect
    known = {"code": code, **parameters}
    return render(address, {name: quote(known.get(name, ""), safe="") for name in slots(address)})


def ending_response(
    request: HttpRequest,
    design: Design,
    outcome: Outcome,
    *,
    language: str,
    code: str = "",
    redirect: str = "",
    beside: Beside = Beside(),
) -> HttpResponse:
    """The page of an outcome in the study's words, or in ours if it has none."""
    ending = design.ending(outcome)
    with override(language):
        title, text = WORDS.get(outcome, ("", ""))
        body = ending.body.get(language, "")
        context = {
            "title": ending.title.get(language) or title,
            "body": as_html(design, body) if body else "",
            "text": "" if body else text,
            "code": code,
            "redirect": redirect,
            "seconds": seconds_until_back(design, debrief=beside.debrief),
            "debriefing": debriefing(design, language) if beside.debrief else "",
            "note": beside.note,
            "unsaved": beside.unsaved,
            "leave": beside.leave,
            "languages": language_names(design),
            "study": design.study,
            "study_title": design.title.get(language, ""),
            "outcome": outcome.value,
            **language_context(language),
        }
        html = render_to_string("responses/ending.html", context)
    return private(html, language, status=STATUS.get(outcome, 200))
