"""Answers who has come to an end, or can't go on: its words, its code, and the way back."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from experiments.design import Outcome
from responses.endings import Beside, ending_response, redirect_address
from responses.identities import identity_of
from responses.person import Participant
from responses.rendering import Visit, page_response
from responses.showing import view_of

# What stands where the code was, once identities were erased.
ERASED = "—"
TOO_LATE = _(
    "The page that you just sent came too late and was not saved. Answers that you sent before are "
    "kept."
)


def ended(request: HttpRequest, found: Participant, *, unsaved: bool = False) -> HttpResponse:
    """What somebody sees who has come to an end, whenever they come back: its words and code.

    `unsaved`: that what they sent after it was not taken.
    """
    outcome, found = Outcome(found.state), speaking(request, found)
    if outcome is not Outcome.COMPLETED:
        return _gone(request, found, outcome, unsaved=unsaved)
    code, address = found.completion_code or ERASED, way_back(found, outcome)
    visit = Visit(facts=found.facts, completion_code=code, redirect=address, unsaved=unsaved)
    return page_response(request, view_of(found), visit)


def closed(request: HttpRequest, found: Participant) -> HttpResponse:
    """What somebody in the middle sees of a study that was closed meanwhile."""
    note = TOO_LATE if request.method == "POST" else ""
    return _gone(request, speaking(request, found), Outcome.CLOSED, note=note)


def way_back(found: Participant, outcome: Outcome) -> str:
    """Where the panel wants them at that outcome; one SQL statement if it wants their id too."""
    design = found.design
    identity = identity_of(found, design, design.ending(outcome).redirect)
    known = {**found.parameters, **identity}
    return redirect_address(design, outcome, found.completion_code, known)


def _gone(
    request: HttpRequest,
    found: Participant,
    outcome: Outcome,
    *,
    note: str | Promise = "",
    unsaved: bool = False,
) -> HttpResponse:
    return ending_response(
        request,
        found.design,
        outcome,
        language=found.language,
        code=found.completion_code,
        redirect=way_back(found, outcome),
        beside=Beside(
            debrief=found.exposed,
            note=note,
            unsaved=unsaved,
            leave=reverse("responses:withdraw", kwargs={"slug": found.design.study}),
        ),
    )


def speaking(request: HttpRequest, found: Participant) -> Participant:
    """The participant in the language that a link of the page asks for; nothing is stored."""
    asked = str(request.GET.get("lang", ""))
    return replace(found, language=asked) if asked in found.design.languages else found
