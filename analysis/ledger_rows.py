"""The rows of the ledger, each with what became of its holder, as the integrity tests want them."""

from collections.abc import Iterator, Mapping, Set
from datetime import datetime
from sys import intern
from typing import NamedTuple
from uuid import UUID

import msgspec
from django.db.models import TextField
from django.db.models.functions import Cast

from analysis.integrity import Row, Step, steps
from experiments.answers import Answers
from experiments.design import Method, Randomisation
from experiments.models import DesignVersion, Study
from experiments.randomisation import profile_of
from responses.coded import Coded
from responses.cut import FETCHED, counted_answers
from responses.ledger.lists import code_of
from responses.models import Allocation, Participant


class LedgerRow(NamedTuple):
    """What of a row of the ledger is needed to know whose it is."""

    key: UUID
    version_id: int
    randomisation: str
    stratum: str
    position: int
    draw: int
    arm: str
    releases: int | None
    allocated_at: datetime


class Holder(NamedTuple):
    """Who holds a key."""

    exposed_at: datetime | None
    completed_at: datetime | None
    answers: Answers | None


NOBODY = Holder(None, None, None)


def ledger_rows(
    study: Study, mode: str, *, answers: bool, cut: Set[str] = frozenset()
) -> tuple[tuple[Step, list[Row]], ...]:
    """The randomisations of a mode in which anybody was allocated, with their rows.

    A row's holder is who holds its key. Rows of clusters are nobody's, and one whose position was
    given again counts where it was given again. `answers` fetches what they said before and after;
    `cut` are the keys whose holders a look analyses. Three SQL statements.
    """
    held = _held(study, mode, answers=answers)
    found = _read(study, mode)
    used = {row.version_id for row in found}
    # Others may have a design that can't be read any more.
    versions = {each.number: each for each in study.versions.all() if each.pk in used}
    steps_by_list = {
        (version.pk, step.code): step
        for version in versions.values()
        for step in version.written.randomisations
    }
    rows: dict[tuple[int, str], list[Row]] = {}
    for each in _of_participants(found, steps_by_list):
        key = str(each.key)
        exposed_at, completed_at, said = held.get(key, NOBODY)
        row = Row(
            *(each.arm, intern(f"{each.version_id}|{each.stratum}"), each.allocated_at),
            held=key in held,
            exposed_at=exposed_at,
            completed_at=completed_at,
            in_cut=key in cut,
            answers=said,
            draw=each.draw,
        )
        step = steps_by_list[each.version_id, each.randomisation]
        rows.setdefault((each.version_id, code_of(step, each.draw)), []).append(row)
    designs = {number: version.design for number, version in versions.items()}
    return tuple((step, _of_step(step, versions, rows)) for step in steps(designs))


def minimised_profiles(study: Study, mode: str) -> dict[tuple[int, str], list[dict[str, str]]]:
    """What minimisation went by, at each position of each of its lists in the mode.

    By version and randomisation; without lists in which a position was given again. One SQL
    statement for each version that minimises.
    """
    found = {}
    for version in study.versions.order_by("number"):
        for step in version.design.randomisations:
            if step.method is not Method.MINIMISATION:
                continue
            rows = Allocation.objects.filter(version=version, mode=mode, randomisation=step.code)
            told = list(rows.order_by("position").values_list("covariates", "releases"))
            if told and not any(releases is not None for _text, releases in told):
                found[version.pk, step.code] = [profile_of(text) for text, _releases in told]
    return found


def _read(study: Study, mode: str) -> list[LedgerRow]:
    """All rows of the mode; names that many rows share are one text for all of them."""
    ledger = Allocation.objects.filter(version__study=study, mode=mode).order_by("id")
    return [
        row._replace(
            randomisation=intern(row.randomisation),
            stratum=intern(row.stratum),
            arm=intern(row.arm),
        )
        for row in map(LedgerRow._make, ledger.values_list(*LedgerRow._fields).iterator(FETCHED))
    ]


def _of_participants(
    found: list[LedgerRow], steps_by_list: Mapping[tuple[int, str], Randomisation]
) -> Iterator[LedgerRow]:
    """The rows that a participant has, or had until they withdrew."""
    released = {(*_list_of(row), row.releases) for row in found if row.releases is not None}
    return (
        row
        for row in found
        if (*_list_of(row), row.position) not in released
        and (row.stratum or not steps_by_list[row.version_id, row.randomisation].cluster)
    )


def _list_of(row: LedgerRow) -> tuple[int, str, str]:
    return row.version_id, row.randomisation, row.stratum


def _of_step(
    step: Step, versions: Mapping[int, DesignVersion], rows: Mapping[tuple[int, str], list[Row]]
) -> list[Row]:
    """The rows of all versions that the step pools."""
    keys = [(versions[number].pk, step.randomisation.code) for number in step.versions]
    return [row for key in keys for row in rows.get(key, [])]


def _held(study: Study, mode: str, *, answers: bool) -> dict[str, Holder]:
    """What is known of the holder of each key that somebody holds.

    Read a few at a time by a cursor of the server, and answers kept as columns.
    """
    people = Participant.objects.filter(study=study, mode=mode).exclude(assignments={})
    json = ("assignments", "answers", "not_shown") if answers else ("assignments",)
    texts = [Cast(name, TextField()) for name in json]
    said = Coded()
    found: dict[str, Holder] = {}
    rows = people.order_by("id").values_list("exposed_at", "completed_at", *texts).iterator(FETCHED)
    for at, (exposed_at, completed_at, assignments, *given) in enumerate(rows):
        if given:
            said.put(at, counted_answers(*given))
        holder = Holder(exposed_at, completed_at, said[at] if given else None)
        for each in msgspec.json.decode(assignments).values():
            found[each["key"]] = holder
    return found
