"""The page that a participant is on, as it is shown to them."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from responses import carried, tokens
from responses.person import Participant
from responses.questionnaire import Facts, Fault, Sent, as_fields, foreseen
from responses.questionnaire.flow import may_show
from responses.rendering import View, Visit, page_response, view_levels
from responses.timing import seconds_left, seconds_to_wait
from responses.tries import tries_left, tries_told


def view_of(found: Participant) -> View:
    """Their page in their language, with the levels that it shows."""
    levels = view_levels(found.design, found.on, found.levels)
    return View(found.version_id, found.page, found.language, levels)


def shown(
    request: HttpRequest, token: str, found: Participant, *, unsaved: bool = False
) -> HttpResponse:
    """The page with what was typed on it and not sent, else with what was answered before."""
    typed = found.typed if found.draft is not None else _answered(found)
    left = tries_left(found)
    faults = dict.fromkeys(left, Fault.WRONG)
    visit = _visit(token, found, typed, faults=faults, tries_left=left, unsaved=unsaved)
    return page_response(request, view_of(found), visit)


def refused(
    request: HttpRequest,
    token: str,
    found: Participant,
    sent: Sent,
    *,
    asked: frozenset[str] = frozenset(),
    **wrong: Any,
) -> HttpResponse:
    """The page with what was sent and what is wrong with it."""
    visit = _visit(token, found, sent, asked=asked, tries_left=tries_left(found), **wrong)
    return page_response(request, view_of(found), visit, status=422)


def _visit(
    token: str, found: Participant, typed: Sent, *, asked: frozenset[str] = frozenset(), **more: Any
) -> Visit:
    return Visit(
        facts=_foreseen(found, typed),
        resume_code=tokens.shown(token),
        wait=seconds_to_wait(found),
        left=seconds_left(found),
        draft_number=found.draft_number,
        carried=carried.sealed(found, token),
        typed=typed,
        asked=asked | tries_told(found),
        **more,
    )


def _foreseen(found: Participant, typed: Sent) -> Facts:
    """What decides how the page looks, as if the fields were sent."""
    if not (found.design.conditions or found.on.slots):
        return found.facts  # no answer decides anything
    return foreseen(found.design, found.on, typed, found.facts, language=found.language)


def _answered(found: Participant) -> Sent:
    """The answers given to the page before, as the fields that would send them."""
    design, answers = found.design, found.answers
    if found.on.item_codes.isdisjoint(answers):
        return {}
    return {
        name: values
        for item in may_show(design, found.on, found.facts)
        if item.code in answers
        for name, values in as_fields(design, item, answers[item.code], found.language).items()
    }
