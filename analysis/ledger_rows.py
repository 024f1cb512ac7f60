"""The rows of the ledger, each with what became of its holder, as the integrity tests want them."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from django.db import connection
from django.db.models import Value
from psycopg.sql import SQL, Literal

from analysis.integrity import Step, steps
from analysis.integrity_rows import Rows
from analysis.statistics.counts import Ints
from experiments.design import Method
from experiments.models import DesignVersion, Study
from experiments.randomisation import profile_of
from responses.coded import Coded
from responses.cut import COPIED, Cut, copied
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

Found = npt.NDArray[np.void]


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
    Three SQL statements.
    """
    versions = {version.pk: version for version in study.versions.all()}
    kinds = _kinds(mode, list(versions))
    ids = {kind.version_id for kind in kinds}
    # Others may have a design that can't be read any more.
    used = {version.number: version for pk, version in versions.items() if pk in ids}
    steps_by_list = {
        (version.pk, step.code): step
        for version in used.values()
        for step in version.written.randomisations
    }
    lists = {
        at: (kind.version_id, code_of(step, kind.draw))
        for at, kind in enumerate(kinds)
        for step in [steps_by_list[kind.version_id, kind.randomisation]]
        if kind.stratum or not step.cluster
    }
    found = _found(study, mode, kinds) if kinds else np.empty(0, RECORD)
    rows = _rows(found, kinds, told, cut=cut)
    designs = {number: version.design for number, version in used.items()}
    return tuple(
        (step, rows.only(_of_step(step, used, lists, kinds, found["kind"])))
        for step in steps(designs)
    )


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


def _found(study: Study, mode: str, kinds: list[Kind]) -> Found:
    """The rows of those kinds in the order of the ledger, each with the last who holds its key."""
    columns = [Literal(list(column)) for column in zip(*kinds, strict=True)]
    names = ("versions", "randomisations", "strata", "draws", "arms")
    statement = ROWS.format(
        study=Literal(study.pk), mode=Literal(mode), **dict(zip(names, columns, strict=True))
    )
    read = bytearray()
    connection.ensure_connection()
    with connection.connection.cursor() as cursor, cursor.copy(statement) as copy:
        for block in copy:
            read += block
    rows = np.frombuffer(read, RECORD, (len(read) - HEADER) // RECORD.itemsize, HEADER)
    ids = rows["id"].astype(np.int64)
    if (ids[1:] > ids[:-1]).all():
        return rows
    order = np.lexsort((rows["holder"], ids))
    return rows[order[np.r_[ids[order][1:] != ids[order][:-1], True]]]


def _rows(found: Found, kinds: list[Kind], told: Cut | None, *, cut: bool) -> Rows:
    kind, holder = found["kind"], found["holder"]
    places = _places(holder, told)
    arms = tuple(dict.fromkeys(each.arm for each in kinds))
    lists = tuple(dict.fromkeys(_list_of(each) for each in kinds))
    return Rows(
        arms=arms,
        lists=lists,
        answers=Coded() if told is None else told.answers,
        arm=_short([arms.index(each.arm) for each in kinds])[kind],
        drawn_from=_short([lists.index(_list_of(each)) for each in kinds])[kind],
        draw=_short([each.draw for each in kinds])[kind],
        allocated_at=_native(found["allocated_at"]),
        exposed_at=_native(found["exposed_at"]),
        completed_at=_native(found["completed_at"]),
        held=holder > 0,
        in_cut=(places >= 0) & cut,
        told=places,
    )


def _list_of(kind: Kind) -> str:
    return f"{kind.version_id}|{kind.stratum}"


def _short(values: list[int]) -> npt.NDArray[np.int32]:
    return np.array(values, dtype=np.int32)


def _native(values: npt.ArrayLike) -> Ints:
    return np.array(values, dtype=np.int64)


def _places(holder: Ints, told: Cut | None) -> Ints:
    """The place (n,) of each holder among those who told something; −1 for others."""
    if not told:
        return np.full(len(holder), -1, dtype=np.int64)
    ids = np.array(told.ids)
    order = np.argsort(ids)
    at = order[np.minimum(np.searchsorted(ids, holder, sorter=order), len(ids) - 1)]
    return np.where(ids[at] == holder, at, -1)


def _of_step(
    step: Step,
    versions: Mapping[int, DesignVersion],
    lists: Mapping[int, tuple[int, str]],
    kinds: list[Kind],
    kind: Ints,
) -> Ints:
    """The places of the rows of all versions that the step pools, list by list.

    In the order of versions, of strata and of the positions, which is that of an exported ledger:
    what is drawn from rows in their order can be drawn again by who has it.
    """
    theirs = [(versions[number].pk, step.randomisation.code) for number in step.versions]
    found = [[at for at, held in lists.items() if held == each] for each in theirs]
    strata = sorted({each.stratum for each in kinds})
    rank = _short([strata.index(each.stratum) for each in kinds])
    places = [np.flatnonzero(np.isin(kind, each)) for each in found]
    return np.concatenate([at[np.argsort(rank[kind[at]], kind="stable")] for at in places])
