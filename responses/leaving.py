"""Answers who has come to an end, or can't go on: its words, its code, and the way back."""

from django.http import HttpRequest, HttpResponse

from experiments.design import Outcome
from responses.endings import ending_response, redirect_address
from responses.identities import identity_of
from responses.person import Participant
from responses.rendering import Visit, page_response
from responses.showing import view_of


def ended(request: HttpRequest, found: Participant) -> HttpResponse:
    """What somebody sees who has come to an end, whenever they come back: its words and code."""
    outcome, design = Outcome(found.state), found.design
    address = way_back(found, outcome)
    if outcome is Outcome.COMPLETED:
        code = found.completion_code
        visit = Visit(facts=found.facts, completion_code=code, redirect=address)
        return page_response(request, view_of(found), visit)
    return ending_response(
        request,
        design,
        outcome,
        language=found.language,
        code=found.completion_code,
        redirect=address,
        debrief=found.exposed,
    )


def closed(request: HttpRequest, found: Participant) -> HttpResponse:
    """What somebody in the middle sees of a study that was closed meanwhile."""
    return ending_response(
        request,
        found.design,
        Outcome.CLOSED,
        language=found.language,
        redirect=way_back(found, Outcome.CLOSED),
        debrief=found.exposed,
    )


def way_back(found: Participant, outcome: Outcome) -> str:
    """Where the panel wants them at that outcome; one SQL statement if it wants their id too."""
    design = found.design
    identity = identity_of(found, design, design.ending(outcome).redirect)
    known = {**found.parameters, **identity}
    return redirect_address(design, outcome, found.completion_code, known)
