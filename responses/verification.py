"""Replays every allocation list of a study and says in one line what holds, or what first doesn't.

The seed's SHA-256 is held against the commitment of the launch, each ledger row against the list
and the chain, each head against its last row, and each participant's link against the ledger.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC

from experiments.models import DesignVersion, Study
from experiments.randomisation import Draw
from responses.allocation import ListName, list_draws, row_digest, share
from responses.models import Allocation, AllocationHead, Participant


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
        return Verdict(True, _verify(study, study_seed))
    except _MismatchError as mismatch:
        return Verdict(False, str(mismatch))


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
    return f"{rows} allocations in {lists} lists replay; {linked} are linked to participants."


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
    rows = Allocation.objects.filter(**columns).order_by("position").iterator(2000)
    for row, draw in zip(rows, list_draws(name, study_seed), strict=False):
        digest, count = _check_row(row, draw, name, digest, where), count + 1
    head = AllocationHead.objects.get(**columns)
    if head.next_position != count:
        raise _MismatchError(
            f"{where}: the head stands at {head.next_position}, the rows end at {count}."
        )
    if bytes(head.digest) != digest:
        raise _MismatchError(f"{where}: the head's digest is not that of the last row.")
    return count


def _check_row(row: Allocation, draw: Draw, name: ListName, before: bytes, where: str) -> bytes:
    """The row's digest, recomputed; what the row says must be what the list says."""
    if row.position != draw.position:
        raise _MismatchError(f"{where}: position {draw.position} is missing.")
    arm = name.randomisation.arms[draw.arm].code
    drawn = (draw.block, arm, share(name, draw.arm))
    written = (row.block, row.arm, row.probability)
    if written != drawn:
        raise _MismatchError(
            f"{where}, position {draw.position}: the ledger says {written}, not {drawn}."
        )
    time = row.allocated_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    digest = row_digest(before, draw, arm=arm, share=row.probability, key=str(row.key), time=time)
    if bytes(row.digest) != digest:
        raise _MismatchError(f"{where}, position {draw.position}: the chain of digests breaks.")
    return digest


def _check_links(study: Study) -> int:
    """Holds each participant's link against the ledger row that it names; returns how many."""
    ledger = {
        str(row.key): (row.version_id, row.mode, row.randomisation, row.arm, row.stratum)
        for row in Allocation.objects.filter(version__study=study).iterator(2000)
    }
    used: set[str] = set()
    people = Participant.objects.filter(study=study).exclude(assignments={})
    for person in people.only("version_id", "mode", "assignments", "reference").iterator(2000):
        for code, link in person.assignments.items():
            says = (person.version_id, person.mode, code, link["arm"], link["stratum"])
            if ledger.get(link["key"]) != says or link["key"] in used:
                raise _MismatchError(
                    f"Participant {person.reference} and the ledger disagree on {code}."
                )
            used.add(link["key"])
    return len(used)


def _where(name: ListName) -> str:
    stratum = f", {name.stratum}" if name.stratum else ""
    return f"Version {name.version.number}, {name.randomisation.code}, {name.mode}{stratum}"
