"""Holds the links that participants have against the ledger rows that they name.

Each link must be whole and theirs, and nobody who was given an arm may be without one. A withdrawal
cuts links: of each randomisation as many rows may be nobody's as people withdrew. Rows of clusters
are nobody's, and so are those whose position was given again.
"""

import hmac
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from experiments.expansion import dealt
from experiments.models import DesignVersion, Study
from experiments.ordering import participant_seed
from responses.ledger.drawing import code_of
from responses.ledger.lists import ListName
from responses.ledger.mismatch import MismatchError
from responses.ledger.reading import few_at_a_time
from responses.ledger.row import link
from responses.models import Allocation, Participant, State
from responses.questionnaire import Facts, due_randomisations
from responses.tokens import holder_hash


@dataclass(frozen=True)
class Links:
    """How many rows participants hold, and why the others are nobody's."""

    held: int
    cut: int
    released: int
    clusters: int


@dataclass(frozen=True)
class _Ledger:
    """The rows by key, and the versions with their randomisations as written, by the held code."""

    rows: Mapping[str, Allocation]
    versions: Mapping[int, DesignVersion]
    lists: Mapping[tuple[int, str], ListName]
    used: set[str] = field(default_factory=set)


def check_links(study: Study) -> Links:
    """Holds each participant's links against the rows that they name; MismatchError otherwise."""
    ledger = _read(study)
    withdrawn: Counter[str] = Counter()
    with few_at_a_time(Participant.objects.filter(study=study).order_by("id")) as persons:
        for person in persons:
            _check_person(person, ledger)
            # Who let their answers be kept holds their rows still: no row was cut off for them.
            withdrawn[person.mode] += person.state == State.WITHDRAWN and not person.assignments
    return _check_nobodys(ledger, withdrawn)


def _read(study: Study) -> _Ledger:
    versions = {version.pk: version for version in study.versions.all()}
    lists: dict[tuple[int, str], ListName] = {}
    for version in versions.values():
        decks = {code: each.deck for code, each in dealt(version.written).items()}
        steps = {step.code: step for step in version.written.randomisations} | decks
        for step in version.design.randomisations:
            lists[version.pk, step.code] = ListName(version, steps[step.code], "", "")
    with few_at_a_time(Allocation.objects.filter(version__study=study)) as rows:
        return _Ledger({str(row.key): row for row in rows}, versions, lists)


def _check_nobodys(ledger: _Ledger, withdrawn: Mapping[str, int]) -> Links:
    """Holds the rows that nobody holds against the people who withdrew, by mode."""
    free = [row for key, row in ledger.rows.items() if key not in ledger.used]
    clusters = [row for row in free if row.covariates and _list_of(ledger, row).of_clusters]
    released = _given_again(ledger)
    for row in released:
        if str(row.key) in ledger.used:
            raise MismatchError(
                f"Position {row.position} of {row.randomisation} was given again, "
                "and a participant holds it still."
            )
    kept = {row.pk for row in (*clusters, *released)}
    cut = [row for row in free if row.pk not in kept]
    _check_cut_off(cut, withdrawn)
    return Links(len(ledger.used), len(cut), len(released), len(clusters))


def _given_again(ledger: _Ledger) -> list[Allocation]:
    """The rows whose position a later row took over."""
    taken_over = {
        (row.version_id, row.randomisation, row.mode, row.stratum, row.releases)
        for row in ledger.rows.values()
        if row.releases is not None
    }
    return [
        row
        for row in ledger.rows.values()
        if (row.version_id, row.randomisation, row.mode, row.stratum, row.position) in taken_over
    ]


def _check_cut_off(rows: Iterable[Allocation], withdrawn: Mapping[str, int]) -> None:
    cut = Counter((row.mode, row.randomisation, row.draw) for row in rows)
    for (mode, code, _), count in sorted(cut.items()):
        if count > withdrawn[mode]:
            raise MismatchError(
                f"{count} {mode} allocations of {code} are nobody's, "
                f"and {withdrawn[mode]} participants withdrew."
            )


def _list_of(ledger: _Ledger, row: Allocation) -> ListName:
    for (version_id, _), name in ledger.lists.items():
        if version_id == row.version_id and name.randomisation.code == row.randomisation:
            return ListName(name.version, name.randomisation, row.mode, row.stratum)
    raise MismatchError(f"A row of {row.randomisation} belongs to no randomisation.")


def _check_person(person: Participant, ledger: _Ledger) -> None:
    version = ledger.versions[person.version_id]
    for code in sorted({*_due_randomisations(version, person), *person.assignments}):
        held = person.assignments.get(code)
        row = ledger.rows.get(held["key"]) if held else None
        if held is None or row is None or held["key"] in ledger.used:
            raise MismatchError(
                f"Participant {person.reference} has no allocation of {code} of their own."
            )
        if not _is_whole(person, code, row, ledger):
            raise MismatchError(
                f"Participant {person.reference} and the ledger disagree on {code}."
            )
        ledger.used.add(held["key"])


def _is_whole(person: Participant, code: str, row: Allocation, ledger: _Ledger) -> bool:
    """Whether the link says what the row does, and the row that it is this participant's."""
    known = ledger.lists.get((person.version_id, code))
    if known is None:
        return False
    name = ListName(known.version, known.randomisation, person.mode, row.stratum)
    theirs = (row.version_id, row.randomisation, row.mode) == name.key[:3]
    if not theirs or name.of_clusters or code != code_of(name.randomisation, row.draw):
        return False
    if person.assignments[code] != link(name, row):
        return False
    return hmac.compare_digest(bytes(row.holder), holder_hash(person.reference, str(row.key)))


def _due_randomisations(version: DesignVersion, person: Participant) -> set[str]:
    """The randomisations that they must have been given, as far as they came; none once erased."""
    if person.state == State.WITHDRAWN:
        return set()
    levels: dict[str, str] = {}
    for assignment in person.assignments.values():
        levels |= assignment.get("levels", {})
    seed = participant_seed(person.reference)
    facts = Facts(person.answers, levels, person.parameters, seed)
    return {each.code for each in due_randomisations(version.design, person.page, facts)}
