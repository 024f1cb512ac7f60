"""The rows of the ledger, each with what became of its holder, as the integrity tests want them."""

from array import array
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
from django.db import connection
from django.db.models import Value
from psycopg.sql import SQL, Literal

from analysis.integrity import Step, steps
from analysis.integrity_rows import NEVER, Rows
from analysis.statistics.counts import Ints
from analysis.statistics.estimate import Places
from analysis.statistics.lookup import looked_up
from experiments.design import Method
from experiments.models import DesignVersion, Study
from experiments.randomisation import profile_of
from responses.coded import Coded
from responses.cut import COPIED, Cut, copied
from responses.hashed_joins import hashed_joins
from responses.ledger.drawing import code_of
from responses.models import Allocation, Participant

# The kinds of rows are few: what many share is told once.
KINDS = """
SELECT DISTINCT version_id, randomisation, stratum, draw, arm FROM responses_allocation
WHERE mode = %(mode)s AND version_id = ANY(%(versions)s)
ORDER BY version_id, randomisation, stratum, draw, arm
"""

# A row whose position was given again counts where it was given again. Those are found first: by
# each row's list they would be looked for in all of that list.
ROWS = SQL("""
COPY (
    WITH again AS MATERIALIZED (
        SELECT version_id, randomisation, stratum, releases FROM responses_allocation
        WHERE mode = {mode} AND version_id = ANY({versions}) AND releases IS NOT NULL
    )
    SELECT a.id, k.kind - 1, coalesce(h.id, 0), a.allocated_at,
        coalesce(h.exposed_at, '-infinity'), coalesce(h.completed_at, '-infinity')
    FROM responses_allocation a
    JOIN unnest({versions}::bigint[], {randomisations}::text[], {strata}::text[], {draws}::int[],
        {arms}::text[]) WITH ORDINALITY k(version_id, randomisation, stratum, draw, arm, kind)
        USING (version_id, randomisation, stratum, draw, arm)
    LEFT JOIN (
        SELECT p.id, p.exposed_at, p.completed_at, step.held ->> 'key' AS key
        FROM responses_participant p, jsonb_each(p.assignments) AS step(code, held)
        WHERE p.study_id = {study} AND p.mode = {mode} AND p.assignments <> '{{}}'
    ) h ON h.key = a.key::text
    WHERE a.mode = {mode} AND NOT EXISTS (
        SELECT FROM again r WHERE r.version_id = a.version_id AND r.randomisation = a.randomisation
            AND r.stratum = a.stratum AND r.releases = a.position
    )
) TO STDOUT (FORMAT binary)
""")

# Each row of such a COPY has the same length: nothing in it is null, and all fields take 8 bytes.
FIELDS = ("id", "kind", "holder", "allocated_at", "exposed_at", "completed_at")
SIZED = [((f"{name}_size", ">i4"), (name, ">i8")) for name in FIELDS]
RECORD = np.dtype([("fields", ">i2"), *(part for pair in SIZED for part in pair)])
# What precedes the rows; what follows them is less than a row.
HEADER = 19
# So many rows are read together, and kept as columns of their own.
TOGETHER = 16_384
KEPT = {"id": "q", "kind": "i", "holder": "q", "exposed_at": "q", "completed_at": "q", "early": "b"}

Columns: TypeAlias = dict[str, npt.NDArray[Any]]


class Kind(NamedTuple):
    """What rows of the ledger share."""

    version_id: int
    randomisation: str
    stratum: str
    draw: int
    arm: str


def ledger_rows(
    study: Study, mode: str, *, told: Cut | None, cut: bool = False
) -> tuple[tuple[Step, Rows], ...]:
    """The randomisations of a mode in which anybody was allocated, with their rows.

    A row's holder is who holds its key. Rows of clusters are nobody's. `told` has what holders
    said before and after, as far as they are in it; it is what a look analyses if `cut` says so.
    Three SQL statements, and two that say how rows are joined.
    """
    versions = {version.pk: version for version in study.versions.all()}
    kinds = _kinds(mode, list(versions))
    ids = {kind.version_id for kind in kinds}
    # Others may have a design that can't be read any more.
    used = {version.number: version for pk, version in versions.items() if pk in ids}
    lists = _lists(kinds, used)
    columns = _columns(_found(study, mode, kinds), told, cut=cut)
    found = steps({number: version.design for number, version in used.items()})
    dealt = []
    for number, step in enumerate(found, start=1):
        at = _of_step(step, used, lists, kinds, columns["kind"])
        # The last one may have the columns, so that there are not two of each for long.
        dealt.append((step, _rows(columns, at, kinds, told, last=number == len(found))))
    return tuple(dealt)


def _lists(kinds: list[Kind], used: Mapping[int, DesignVersion]) -> dict[int, tuple[int, str]]:
    """The version and randomisation of each kind of rows, by its place; without clusters' rows."""
    steps_by_list = {
        (version.pk, step.code): step
        for version in used.values()
        for step in version.written.randomisations
    }
    return {
        at: (kind.version_id, code_of(step, kind.draw))
        for at, kind in enumerate(kinds)
        for step in [steps_by_list[kind.version_id, kind.randomisation]]
        if kind.stratum or not step.cluster
    }


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


def everybody(study: Study, mode: str) -> Cut:
    """All who hold a row, with what they said; one SQL statement."""
    people = Participant.objects.filter(study=study, mode=mode).exclude(assignments={})
    # The class of a device is not asked for, which takes a look at each one's paradata.
    columns = [each if isinstance(each, str) else Value("") for each in COPIED]
    found = Cut()
    found.extend(copied(people.order_by("id").values_list(*columns)))
    return found


def _kinds(mode: str, versions: list[int]) -> list[Kind]:
    with connection.cursor() as cursor:
        cursor.execute(KINDS, {"mode": mode, "versions": versions})
        return [Kind(*row) for row in cursor.fetchall()]


def _found(study: Study, mode: str, kinds: list[Kind]) -> Columns:
    """The rows of those kinds in the order of the ledger, each with the last who holds its key."""
    read = {name: array(typecode) for name, typecode in KEPT.items()}
    if kinds:
        columns = [Literal(list(column)) for column in zip(*kinds, strict=True)]
        names = ("versions", "randomisations", "strata", "draws", "arms")
        statement = ROWS.format(
            study=Literal(study.pk), mode=Literal(mode), **dict(zip(names, columns, strict=True))
        )
        # Which is open then.
        with (
            hashed_joins(),
            connection.connection.cursor() as cursor,
            cursor.copy(statement) as copy,
        ):
            for rows in _records(copy):
                early = (rows["exposed_at"] != NEVER) & (rows["exposed_at"] < rows["allocated_at"])
                for name, column in read.items():
                    of = early if name == "early" else rows[name]
                    column.frombytes(of.astype(column.typecode).tobytes())
    found = {name: np.asarray(column) for name, column in read.items()}
    ids = found.pop("id")
    if (ids[1:] > ids[:-1]).all():
        return found
    order = np.lexsort((found["holder"], ids))
    order = order[np.r_[ids[order][1:] != ids[order][:-1], True]]
    return {name: column[order] for name, column in found.items()}


def _records(blocks: Iterable[bytes | bytearray | memoryview]) -> Iterator[npt.NDArray[np.void]]:
    """The rows that a binary COPY sends, some at a time."""
    read, start = bytearray(), HEADER
    for block in blocks:
        read += block
        if len(read) > TOGETHER * RECORD.itemsize:
            rows = np.frombuffer(read, RECORD, (len(read) - start) // RECORD.itemsize, start)
            yield rows
            read, start = read[start + rows.nbytes :], 0
    yield np.frombuffer(read, RECORD, max(len(read) - start, 0) // RECORD.itemsize, start)


def _columns(found: Columns, told: Cut | None, *, cut: bool) -> Columns:
    """Those of `Rows`, and the kind."""
    holder = found.pop("holder")
    places = _places(holder, told)
    return {
        "exposed_at": found["exposed_at"],
        "completed_at": found["completed_at"],
        "early": found["early"].view(np.bool_),
        "held": holder > 0,
        "in_cut": (places >= 0) & cut,
        "told": places,
        "kind": found["kind"],
    }


def _rows(columns: Columns, at: Places, kinds: list[Kind], told: Cut | None, *, last: bool) -> Rows:
    """The rows of these places; their columns are given away if they are the `last`."""
    names = [name for name in columns if name != "kind"]
    kind = looked_up(columns["kind"], at)
    taken = {name: looked_up(columns.pop(name) if last else columns[name], at) for name in names}
    arms = tuple(dict.fromkeys(each.arm for each in kinds))
    lists = tuple(dict.fromkeys(_list_of(each) for each in kinds))
    return Rows(
        arms=arms,
        lists=lists,
        answers=Coded() if told is None else told.answers,
        arm=looked_up(_short([arms.index(each.arm) for each in kinds]), kind),
        drawn_from=looked_up(_short([lists.index(_list_of(each)) for each in kinds]), kind),
        draw=looked_up(_short([each.draw for each in kinds]), kind),
        **taken,
    )


def _list_of(kind: Kind) -> str:
    return f"{kind.version_id}|{kind.stratum}"


def _short(values: list[int]) -> Places:
    short = all(value < 2**15 for value in values)
    return np.array(values, dtype=np.int16 if short else np.int32)


def _places(holder: Ints, told: Cut | None) -> npt.NDArray[np.int32]:
    """The place (n,) of each holder among those who told something; −1 for others."""
    found = np.full(len(holder), -1, dtype=np.int32)
    if not told:
        return found
    ids = np.asarray(told.ids)
    order = np.argsort(ids).astype(np.int32)
    ids = looked_up(ids, order)
    for start in range(0, len(holder), TOGETHER):
        mine = holder[start : start + TOGETHER]
        at = np.minimum(np.searchsorted(ids, mine), len(ids) - 1)
        found[start : start + TOGETHER] = np.where(ids[at] == mine, order[at], -1)
    return found


def _of_step(
    step: Step,
    versions: Mapping[int, DesignVersion],
    lists: Mapping[int, tuple[int, str]],
    kinds: list[Kind],
    kind: Places,
) -> npt.NDArray[np.int32]:
    """The places of the rows of all versions that the step pools, list by list.

    In the order of versions, of strata and of the positions, which is that of an exported ledger:
    what is drawn from rows in their order can be drawn again by who has it.
    """
    theirs = [(versions[number].pk, step.randomisation.code) for number in step.versions]
    strata = sorted({each.stratum for each in kinds})
    ranks = [
        theirs.index(lists[at]) * len(strata) + strata.index(each.stratum)
        if lists.get(at) in theirs
        else -1
        for at, each in enumerate(kinds)
    ]
    return _in_order(np.array(ranks, dtype=np.int32), kind)


def _in_order(ranks: Places, kind: Places) -> npt.NDArray[np.int32]:
    """The places of the rows by their kinds' ranks, and of one rank in their order; without −1."""
    counts = np.bincount(kind, minlength=len(ranks))
    sizes = np.bincount(ranks[ranks >= 0], counts[ranks >= 0], max(ranks.max(initial=0) + 1, 1))
    following = np.cumsum(sizes.astype(np.int64)) - sizes.astype(np.int64)
    found = np.empty(int(sizes.sum()), dtype=np.int32)
    for start in range(0, len(kind), TOGETHER):
        rank = ranks[kind[start : start + TOGETHER]]
        order = np.argsort(rank, kind="stable")[np.count_nonzero(rank < 0) :]
        there = np.bincount(rank[order], minlength=len(sizes))
        # How many of its rank come before it in this part.
        before = np.arange(len(order)) - np.repeat(np.cumsum(there) - there, there)
        found[following[rank[order]] + before] = start + order
        following += there
    return found
