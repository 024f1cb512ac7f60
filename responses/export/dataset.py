"""The data set of a study in one mode: which columns, from which versions, blinded or not."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import psycopg

from experiments.design import Design, from_json
from experiments.expansion import expanded
from experiments.variables import Type, Variable, variables
from responses.blinding import is_blinded
from responses.models import Mode

READ_VERSIONS = """
SELECT v.id, s.status, v.canonical_json, EXISTS (
    SELECT FROM responses_participant p WHERE p.version_id = v.id AND p.mode = %(mode)s)
FROM experiments_designversion v JOIN experiments_study s ON s.id = v.study_id
WHERE s.id = %(study)s ORDER BY v.number DESC
"""


@dataclass(frozen=True)
class Column:
    """One column of the union over versions.

    `sources` says for each version's id where that version keeps the value; a version that is
    not named has no such variable. `guarded` if any version lets people write into it.
    """

    variable: Variable
    sources: tuple[tuple[int, tuple[str, ...]], ...]
    guarded: bool
    blinded: bool


@dataclass(frozen=True)
class Dataset:
    """Whose rows an export holds and which columns they have."""

    study_id: int
    mode: Mode
    columns: tuple[Column, ...]


def read_dataset(
    connection: psycopg.Connection, *, study_id: int, mode: Mode, unblind: bool
) -> Dataset:
    """The data set as the connection's snapshot sees it; one SQL statement.

    Its columns are those of the versions that have participants in the mode, or of the newest
    version while there are none.
    """
    rows = connection.execute(READ_VERSIONS, {"study": study_id, "mode": mode}).fetchall()
    used = [row for row in rows if row[3]] or rows[:1]
    blind = not unblind and is_blinded(status=rows[0][1], mode=mode)
    return Dataset(
        study_id, mode, union([(row[0], expanded(from_json(row[2]))) for row in used], blind)
    )


def union(versions: Sequence[tuple[int, Design]], blind: bool) -> tuple[Column, ...]:
    """The columns of several versions, newest first: its order, then what only older ones have."""
    columns: dict[str, Column] = {}
    for version_id, design in versions:
        for variable in variables(design):
            source = (version_id, variable.source)
            guarded = variable.type is Type.TEXT
            blinded = blind and variable.reveals_arm
            if known := columns.get(variable.name):
                columns[variable.name] = replace(
                    known,
                    variable=_with_missing(known.variable, variable),
                    sources=(*known.sources, source),
                    guarded=known.guarded or guarded,
                    blinded=known.blinded or blinded,
                )
            else:
                columns[variable.name] = Column(variable, (source,), guarded, blinded)
    return tuple(columns.values())


def _with_missing(newer: Variable, older: Variable) -> Variable:
    """The newer variable with kinds of missing that only the older one has."""
    kinds = {option.missing for option in newer.values}
    lost = tuple(each for each in older.values if each.missing and each.missing not in kinds)
    return replace(newer, values=(*newer.values, *lost))
