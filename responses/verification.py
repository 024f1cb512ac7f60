"""Replays every allocation list of a study and says in one line what holds, or what first doesn't.

The seed's SHA-256 is held against the commitment of the launch, each ledger row against the list
and the chain, each head against its last row, and each participant's link against the ledger: that
it is whole, that it is theirs, and that nobody who was given an arm is without one. A withdrawal
cuts the link: of each randomisation as many rows may be nobody's as people withdrew. All is read
in one snapshot, so a study may go on meanwhile.
"""

import hashlib
import hmac
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction

from experiments.models import DesignVersion, Study
from experiments.ordering import participant_seed
from responses.allocation import ListName
from responses.models import Allocation, AllocationHead, Participant, State
from responses.questionnaire import Facts, due_randomisations
from responses.replay import Expected, link, replayed, row_digest
from responses.tokens import holder_hash

FETCHED = 2000


@dataclass(frozen=True)
class Verdict:
    """Whether the ledger holds, and one line that says so or names what doesn't."""

    holds: bool
    line: str


class _MismatchError(Exception):
    """The first thing that does not hold."""


def verify(study: Study, study_seed: bytes) -> Verdict:
    """Replays all lists of the study, every version, mode and stratum, with the seed given."""
    try:
        with _snapshot():
            return Verdict(True, _verify(study, study_seed))
    except _MismatchError as mismatch:
        return Verdict(False, str(mismatch))


@contextmanager
def _snapshot() -> Iterator[None]:
    """One view of the database for all that is read; a caller's own transaction stays as it is."""
    fresh = not connection.in_atomic_block
    with transaction.atomic():
        if fresh:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _verify(study: Study, study_seed: bytes) -> str:
    if hashlib.sha256(study_seed).hexdigest() != study.seed_sha256:
        raise _MismatchError("The seed is not the one that was committed to at launch.")
    rows = lists = 0
    for name in _lists(study):
        rows += _replay(name, study_seed)
        lists += 1
    strays = Allocation.objects.filter(version__study=study).count() - rows
    if strays:
        raise _MismatchError(f"{strays} ledger rows belong to no list of the study.")
    linked = _check_links(study)
    line = f"{rows} allocations in {lists} lists replay; {linked} are linked to participants."
    cut = rows - linked
    return f"{line[:-1]}, {cut} were cut off by withdrawals." if cut else line


def _lists(study: Study) -> Iterator[ListName]:
    heads = AllocationHead.objects.filter(version__study=study).select_related("version")
    for head in heads.order_by("version", "randomisation", "mode", "stratum"):
        yield _list_name(head.version, head.randomisation, head.mode, head.stratum)


def _list_name(version: DesignVersion, code: str, mode: str, stratum: str) -> ListName:
    for randomisation in version.design.randomisations:
        if randomisation.code == code:
            return ListName(version, randomisation, mode, stratum)
    raise _MismatchError(f"Version {version.number} has no randomisation {code}.")


def _replay(name: ListName, study_seed: bytes) -> int:
    """Holds the rows of one list against its draws; returns how many there are."""
    where = _where(name)
    columns = dict(zip(("version_id", "randomisation", "mode", "stratum"), name.key, strict=True))
    digest, count = name.genesis, 0
    rows = Allocation.objects.filter(**columns).order_by("position").iterator(FETCHED)
    try:
        for row, expected in replayed(name, study_seed, rows):
            digest, count = _check_row(row, expected, digest, where), count + 1
    except (KeyError, ValueError):
        message = f"{where}, position {count}: its covariates can't be read."
        raise _MismatchError(message) from None
    head = AllocationHead.objects.get(**columns)
    if head.next_position != count:
        at = head.next_position
        raise _MismatchError(f"{where}: the head stands at {at}, the rows end at {count}.")
    if bytes(head.digest) != digest:
        raise _MismatchError(f"{where}: the head's digest is not that of the last row.")
    return count


def _check_row(row: Allocation, expected: Expected, before: bytes, where: str) -> bytes:
    """The row's digest, recomputed; what the row says must be what the list says."""
    if row.position != expected.position:
        raise _MismatchError(f"{where}: position {expected.position} is missing.")
    at = f"{where}, position {expected.position}"
    drawn = (expected.block, expected.arm, expected.probability)
    written = (row.block, row.arm, row.probability)
    if written != drawn:
        raise _MismatchError(f"{at}: the ledger says {written}, not {drawn}.")
    digest = row_digest(before, row)
    if bytes(row.digest) != digest:
        raise _MismatchError(f"{at}: the chain of digests breaks.")
    return digest


def _check_links(study: Study) -> int:
    """Holds each participant's links against the ledger rows that they name; returns how many."""
    ledger = {
        str(row.key): row
        for row in Allocation.objects.filter(version__study=study).iterator(FETCHED)
    }
    versions = {version.pk: version for version in study.versions.all()}
    used: set[str] = set()
    withdrawn: Counter[str] = Counter()
    for person in Participant.objects.filter(study=study).order_by("id").iterator(FETCHED):
        _check_person(person, versions[person.version_id], ledger, used)
        withdrawn[person.mode] += person.state == State.WITHDRAWN
    _check_cut_off((row for key, row in ledger.items() if key not in used), withdrawn)
    return len(used)


def _check_cut_off(rows: Iterable[Allocation], withdrawn: Mapping[str, int]) -> None:
    """Holds the rows that nobody holds against the number of people who withdrew, by mode."""
    cut = Counter((row.mode, row.randomisation) for row in rows)
    for (mode, code), count in sorted(cut.items()):
        if count > withdrawn[mode]:
            raise _MismatchError(
                f"{count} {mode} allocations of {code} are nobody's, "
                f"and {withdrawn[mode]} participants withdrew."
            )


def _check_person(
    person: Participant, version: DesignVersion, ledger: dict[str, Allocation], used: set[str]
) -> None:
    due = _due_randomisations(version, person)
    for code in sorted({*due, *person.assignments}):
        held = person.assignments.get(code)
        row = ledger.get(held["key"]) if held else None
        if held is None or row is None or held["key"] in used:
            raise _MismatchError(
                f"Participant {person.reference} has no allocation of {code} of their own."
            )
        list_of_row = (row.version_id, row.randomisation, row.mode)
        name = _list_name(version, code, person.mode, row.stratum)
        holder = holder_hash(person.reference, str(row.key))
        whole = list_of_row == name.key[:3] and held == link(name, row)
        if not (whole and hmac.compare_digest(bytes(row.holder), holder)):
            raise _MismatchError(
                f"Participant {person.reference} and the ledger disagree on {code}."
            )
        used.add(held["key"])


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


def _where(name: ListName) -> str:
    stratum = f", {name.stratum}" if name.stratum else ""
    return f"Version {name.version.number}, {name.randomisation.code}, {name.mode}{stratum}"
