"""Replays every allocation list of a study and says in one line what holds, or what first doesn't.

The seed's SHA-256 is held against the commitment of the launch, each ledger row against the list
and the chain, each head against its last row, and each participant's links against the ledger
(`linking`). All is read in one snapshot, so a study may go on meanwhile.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction

from experiments.models import DesignVersion, Study
from experiments.randomisation import stratum_said
from experiments.said import Said, said
from responses.ledger.drawing import Expected
from responses.ledger.linking import check_links
from responses.ledger.lists import CLUSTER, ListName
from responses.ledger.mismatch import MismatchError
from responses.ledger.reading import few_at_a_time
from responses.ledger.replay import Clusters, replayed
from responses.ledger.row import row_digest
from responses.models import Allocation, AllocationHead


@dataclass(frozen=True)
class Verdict:
    """Whether the ledger holds, and one line that says so or names what doesn't.

    That it holds is said in any language; what doesn't, in English.
    """

    holds: bool
    line: str


def verify(study: Study, study_seed: bytes) -> Verdict:
    """Replays all lists of the study, every version, mode and stratum, with the seed given."""
    try:
        with _snapshot():
            return Verdict(True, _verify(study, study_seed))
    except MismatchError as mismatch:
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


def _verify(study: Study, study_seed: bytes) -> Said:
    if hashlib.sha256(study_seed).hexdigest() != study.seed_sha256:
        raise MismatchError("The seed is not the one that was committed to at launch.")
    rows = lists = 0
    clusters: dict[tuple[int, str, str], Clusters] = {}
    for name in _lists(study):
        rows += _replay(name, study_seed, clusters.setdefault(name.key[:3], {}))
        lists += 1
    strays = Allocation.objects.filter(version__study=study).count() - rows
    if strays:
        raise MismatchError(f"{strays} ledger rows belong to no list of the study.")
    _check_clusters(study, clusters)
    links = check_links(study)
    line = said(
        "{rows} allocations in {lists} lists replay; {held} are linked to participants",
        rows=rows,
        lists=lists,
        held=links.held,
    )
    if links.cut:
        line = said("{said}, {count} were cut off by withdrawals", said=line, count=links.cut)
    if links.released:
        line = said("{said}, {count} were released", said=line, count=links.released)
    if links.clusters:
        line = said("{said}, {count} are those of clusters", said=line, count=links.clusters)
    return said("{said}.", said=line)


def _lists(study: Study) -> Iterator[ListName]:
    """All lists; that of clusters comes before those of their members."""
    heads = AllocationHead.objects.filter(version__study=study).select_related("version")
    for head in heads.order_by("version", "randomisation", "mode", "stratum"):
        yield list_name(head.version, head.randomisation, head.mode, head.stratum)


def list_name(version: DesignVersion, code: str, mode: str, stratum: str) -> ListName:
    """The list of that name; MismatchError if the version has no such randomisation."""
    for randomisation in version.written.randomisations:
        if randomisation.code == code:
            return ListName(version, randomisation, mode, stratum)
    raise MismatchError(f"Version {version.number} has no randomisation {code}.")


def _replay(name: ListName, study_seed: bytes, clusters: Clusters) -> int:
    """Holds the rows of one list against its draws; returns how many there are."""
    where, digest, count, again = _where(name), name.genesis, 0, 0
    try:
        with few_at_a_time(Allocation.objects.filter(**name.columns).order_by("position")) as rows:
            for row, expected in replayed(name, study_seed, rows, clusters):
                digest, count = _check_row(row, expected, digest, where), count + 1
                again += _takes_over(row, name, where)
    except (KeyError, ValueError) as error:
        said = str(error) if isinstance(error, ValueError) else ""
        why = said if said.startswith("it ") else "what it was drawn by can't be read"
        raise MismatchError(f"{where}, position {count}: {why}.") from None
    _check_head(name, count, again, digest)
    return count


def _check_head(name: ListName, count: int, again: int, digest: bytes) -> None:
    """The head must stand behind the last row, and know how many positions were given again."""
    where, head = _where(name), AllocationHead.objects.get(**name.columns)
    if head.next_position != count:
        at = head.next_position
        raise MismatchError(f"{where}: the head stands at {at}, the rows end at {count}.")
    if head.reused != again:
        said = f"the head says that {head.reused} positions were given again, the rows {again}"
        raise MismatchError(f"{where}: {said}.")
    if count % name.randomisation.draws:
        raise MismatchError(f"{where}: the last participant lacks a vignette.")
    if bytes(head.digest) != digest:
        raise MismatchError(f"{where}: the head's digest is not that of the last row.")


def _takes_over(row: Allocation, name: ListName, where: str) -> bool:
    """Whether the row took over another's position; only where the design gives them again."""
    if row.releases is not None and not name.randomisation.reuse_after_minutes:
        at, old = row.position, row.releases
        raise MismatchError(f"{where}, position {at}: it takes over position {old}, and none may.")
    return row.releases is not None


def _check_row(row: Allocation, expected: Expected, before: bytes, where: str) -> bytes:
    """The row's digest, recomputed; what the row says must be what the list says."""
    if row.position != expected.position:
        raise MismatchError(f"{where}: position {expected.position} is missing.")
    at = f"{where}, position {expected.position}"
    drawn = (expected.block, expected.arm, expected.probability)
    written = (row.block, row.arm, row.probability)
    if written != drawn:
        raise MismatchError(f"{at}: the ledger says {written}, not {drawn}.")
    if row.draw != expected.draw:
        raise MismatchError(f"{at}: the ledger says draw {row.draw}, not {expected.draw}.")
    digest = row_digest(before, row)
    if bytes(row.digest) != digest:
        raise MismatchError(f"{at}: the chain of digests breaks.")
    return digest


def _check_clusters(study: Study, clusters: dict[tuple[int, str, str], Clusters]) -> None:
    """That every cluster has members: nobody drew arms for clusters that never came."""
    if not any(clusters.values()):
        return
    heads = AllocationHead.objects.filter(version__study=study, stratum__startswith=CLUSTER)
    there = set(heads.values_list("version_id", "randomisation", "mode", "stratum"))
    for key, known in clusters.items():
        for cluster in known:
            if (*key, cluster) not in there:
                raise MismatchError(f"{cluster} of {key[1]}, {key[2]}, has a row and no members.")


def _where(name: ListName) -> str:
    stratum = f", {stratum_said(name.stratum)}" if name.stratum else ""
    return f"Version {name.version.number}, {name.randomisation.code}, {name.mode}{stratum}"
