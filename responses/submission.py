"""Stores one page of a participant and moves them on, by one of the statements of `storing`."""

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction

from experiments.answers import Answers, chosen_code
from experiments.design import Design, Outcome, Page, Randomisation
from experiments.ordering import orders_shown
from experiments.randomisation import stratum_name
from responses import quota, tokens
from responses.allocation import (
    Basis,
    Holder,
    ListName,
    allocate,
    allocate_by,
    takes_the_next,
)
from responses.models import State
from responses.person import Participant
from responses.planned import as_json, rows_changed
from responses.questionnaire import (
    Facts,
    Step,
    counting,
    needed_randomisations,
    not_shown,
    shown_items,
    shows_arm,
    step_from,
)
from responses.storing import (
    ALLOCATE,
    ALLOCATE_ALONE,
    STORE,
    STORE_ALONE,
    STORE_AS_SHOWN,
    STORE_ON_AS_SHOWN,
)


@dataclass(frozen=True)
class Moved:
    """Where somebody is after a page was stored; `code` is that of the outcome they came to."""

    page: str
    state: State
    code: str


def store(
    *,
    participant: Participant,
    answers: Answers,
    paradata: Mapping[str, Any] | None = None,
    consents: bool | None = None,
) -> Moved | None:
    """Stores the answers of the page that they are on and moves them on: where they are then.

    `consents` says what was chosen on the consent page. Takes places in quotas and allocates where
    that is due. None if another request moved them, or the study was closed, meanwhile: then no
    answer was written here.
    """
    # What quotas count is counted and stored in one transaction; else one statement is one.
    with transaction.atomic() if participant.design.quotas else nullcontext():
        facts = replace(participant.facts, answers={**participant.answers, **answers})
        step = _step(participant, answers, facts, consents)
        counted = counting(participant.design, facts).answers
        if step.outcome in (None, Outcome.COMPLETED) and not _placed(participant, counted):
            step = Step(participant.on, Outcome.QUOTA_FULL, step.tries)
        state = _state(step)
        due = _due(participant, step.page, counted) if state == State.ANSWERING else []
        # One whose next row is taken as it comes is given it as the page is stored.
        last = due.pop()[0] if due and takes_the_next(due[-1][0].randomisation) else None
        holder = _holder(participant)
        if any(allocate(holder=holder, name=name, basis=basis) is None for name, basis in due):
            _take_back(participant)
            return None
        parameters = _parameters(participant, answers, facts, step) | _sent(paradata, consents)
        stored = _written(participant, parameters, last)
        if stored and state != State.ANSWERING and participant.design.quotas:
            quota.settle(participant_id=participant.id, completed=state == State.COMPLETED)
        if not stored:
            _take_back(participant)
    return Moved(step.page.code, state, parameters["code"]) if stored else None


def store_as_shown(
    *,
    participant: Participant,
    token: str,
    answers: Answers,
    paradata: Mapping[str, Any] | None = None,
    consents: bool | None = None,
) -> Moved | None:
    """The same for somebody as their page carried them (`responses.carried`), in one statement.

    None, and nothing is done, if their row was written since by whomever, the study was closed, or
    a place in a quota or an arm is due.
    """
    facts = replace(participant.facts, answers={**participant.answers, **answers})
    step = _step(participant, answers, facts, consents)
    state = _state(step)
    counted = counting(participant.design, facts).answers
    if participant.design.quotas or (
        state == State.ANSWERING and _due(participant, step.page, counted)
    ):
        return None
    parameters = _parameters(participant, answers, facts, step) | _sent(paradata, consents)
    parameters |= {"written": participant.written, "token_hash": tokens.token_hash(token)}
    goes_on = state == State.ANSWERING and not parameters["consents"]
    stored = rows_changed(STORE_ON_AS_SHOWN if goes_on else STORE_AS_SHOWN, parameters)
    return Moved(step.page.code, state, parameters["code"]) if stored else None


def _written(
    participant: Participant, parameters: Mapping[str, Any], name: ListName | None
) -> bool:
    """Stores the page, with the next position of the list if one is named: whether it was.

    Who has a position of that list by now has their page stored without.
    """
    drops = participant.draft is not None or parameters["state"] != State.ANSWERING
    if name:
        statement = ALLOCATE if drops else ALLOCATE_ALONE
        if allocate_by(statement, parameters, holder=_holder(participant), name=name):
            return True
    return bool(rows_changed(STORE if drops else STORE_ALONE, parameters))


def of_nobody(
    *,
    participant: Participant,
    answers: Answers,
    paradata: Mapping[str, Any] | None,
    consents: bool | None,
) -> tuple[Moved, dict[str, Any]] | None:
    """Where the first page leads somebody who has no row yet, and what is stored of them with it.

    None if a place in a quota or an arm is due, which only somebody who has a row can hold.
    """
    facts = replace(participant.facts, answers=answers)
    step = _step(participant, answers, facts, consents)
    state = _state(step)
    arm_is_due = state == State.ANSWERING and needed_randomisations(participant.design, step.page)
    if participant.design.quotas or arm_is_due:
        return None
    parameters = _parameters(participant, answers, facts, step)
    parameters |= _sent(paradata, consents) | {"revision": participant.revision + 1}
    return Moved(step.page.code, state, parameters["code"]), parameters


def _sent(paradata: Mapping[str, Any] | None, consents: bool | None) -> dict[str, Any]:
    told = None if paradata is None else as_json(paradata)
    return {"paradata": told, "consents": bool(consents)}


def _step(participant: Participant, answers: Answers, facts: Facts, consents: bool | None) -> Step:
    design, page = participant.design, participant.on
    return step_from(design, page, answers, facts, tries=participant.tries, consents=consents)


def _state(step: Step) -> State:
    return State(step.outcome) if step.outcome else State.ANSWERING


def _parameters(
    participant: Participant, answers: Answers, facts: Facts, step: Step
) -> dict[str, Any]:
    design, sent, state = participant.design, participant.on, _state(step)
    return {
        "id": participant.id,
        "revision": participant.revision,
        "since": participant.since,
        "sent_page": participant.page,
        "language": participant.language,
        "answers": as_json(answers),
        "orders": as_json(_orders(participant, sent, facts)),
        "not_shown": as_json(not_shown(design, step.page.code, facts)),
        "tries": as_json(step.tries),
        "page": step.page.code,
        "shows_arm": shows_arm(design, step.page),
        "state": state,
        "code": "" if state == State.ANSWERING else tokens.new_completion_code(),
    }


def _orders(participant: Participant, sent: Page, facts: Facts) -> dict[str, list[str]]:
    """The orders that the page showed; a scale that goes on over pages adds its items."""
    items = shown_items(participant.design, sent, facts)
    kept = tuple(item for item in sent.items if item in items)
    page = sent if len(kept) == len(sent.items) else replace(sent, items=kept)
    shown = orders_shown(participant.design, page, facts.seed)
    return {
        code: list(dict.fromkeys([*participant.orders.get(code, ()), *codes]))
        for code, codes in shown.items()
    }


def _placed(participant: Participant, answers: Answers) -> bool:
    """Whether the participant has a place in every quota that their answers decide.

    Who has seen the vignette finishes, place or no place: whom an arm made slow is not lost.
    """
    version = participant.version
    if not version.design.quotas:
        return True
    return quota.claim(
        participant_id=participant.id,
        study_id=version.study_id,
        mode=participant.mode,
        design=version.design,
        answers=answers,
        exceed=participant.exposed,
    )


def _take_back(participant: Participant) -> None:
    """Undoes the claims of places for answers that were not stored: others wait for them."""
    if participant.design.quotas:
        transaction.set_rollback(True)


def _holder(participant: Participant) -> Holder:
    return Holder(participant.id, participant.reference, participant.revision)


def _due(participant: Participant, page: Page, answers: Answers) -> list[tuple[ListName, Basis]]:
    """The lists whose rows the page needs and the participant has not got, and what to draw by.

    The stratum is that of these answers. A row that is given before the page is stored, and not
    with it, stays as it was drawn if two tabs sent different answers or a crash came between: the
    ledger says how.
    """
    version = participant.version
    due = []
    for needed in needed_randomisations(version.design, page):
        if needed.code not in participant.assignments:
            step = version.as_written(needed.code)
            codes = _codes(version.design, answers) | dict(participant.parameters)
            stratum = stratum_name(step.strata, codes)
            name = ListName(version, step, participant.mode, stratum)
            due.append(
                (name, Basis(stratum_name(step.covariates, codes), _cluster(participant, step)))
            )
    return due


def _cluster(participant: Participant, step: Randomisation) -> str:
    """The keyed hash of the cluster that they are of; empty where nothing is assigned by one.

    Test runs, which need no parameters, make one cluster of who comes without.
    """
    if not step.cluster:
        return ""
    value = participant.parameters.get(step.cluster, "")
    return tokens.cluster_hash(participant.version.study_id, step.cluster, value).hex()


def _codes(design: Design, answers: Answers) -> dict[str, str | None]:
    """The answers as the codes of options: one that counts as no answer has its stratum too."""
    items = {item.code: item for item in design.items()}
    return {
        code: chosen_code(design, items[code], answers[code]) for code in answers if code in items
    }
