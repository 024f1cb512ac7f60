"""The data set of a study in one mode: which columns, from which versions, blinded or not."""

from collections.abc import Iterable, Sequence
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


# The columns of a participant that hold JSON by codes of items or parameters.
_OF_CODES = ("answers", "parameters", "tries")


@dataclass(frozen=True)
class Column:
    """One column of the union over versions, or over the kinds of rows that a table has.

    `sources` holds for each of them, by its number, the variable as it is there, whose `source`
    says where the value is kept; one that is not named has no such variable.
    """

    variable: Variable
    sources: tuple[tuple[int, Variable], ...]
    blinded: bool


@dataclass(frozen=True)
class Dataset:
    """Whose rows an export holds, by which designs (as written), and whether arms are secret.

    `versions` are those that have participants in the mode, newest first, by their ids; the
    newest while there are none. Items and parameters whose codes are `left_out` are in no table.
    """

    study_id: int
    mode: Mode
    versions: tuple[tuple[int, Design], ...]
    blind: bool
    left_out: frozenset[str] = frozenset()

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns of the wide table."""
        found = ((version, variables(expanded(design))) for version, design in self.versions)
        return self.without_left_out(union(found, self.blind))

    def without_left_out(self, columns: Iterable[Column]) -> tuple[Column, ...]:
        """The columns but those of what is left out, in any version."""
        return tuple(
            column
            for column in columns
            if not any(
                variable.source[0] in _OF_CODES and variable.source[1] in self.left_out
                for _, variable in column.sources
            )
        )


def read_dataset(
    connection: psycopg.Connection, *, study_id: int, mode: Mode, unblind: bool
) -> Dataset:
    """The data set as the connection's snapshot sees it; one SQL statement."""
    rows = connection.execute(READ_VERSIONS, {"study": study_id, "mode": mode}).fetchall()
    used = [row for row in rows if row[3]] or rows[:1]
    blind = not unblind and is_blinded(status=rows[0][1], mode=mode)
    return Dataset(study_id, mode, tuple((row[0], from_json(row[2])) for row in used), blind)


def union(versions: Iterable[tuple[int, Sequence[Variable]]], blind: bool) -> tuple[Column, ...]:
    """The columns of several versions, newest first: its order, then what only older ones have."""
    columns: dict[str, Column] = {}
    for version_id, found in versions:
        for variable in found:
            source = (version_id, variable)
            blinded = blind and variable.reveals_arm
            if known := columns.get(variable.name):
                columns[variable.name] = Column(
                    _merged(known.variable, variable),
                    sources=(*known.sources, source),
                    blinded=known.blinded or blinded,
                )
            else:
                columns[variable.name] = Column(variable, (source,), blinded)
    return tuple(columns.values())


def _merged(newer: Variable, older: Variable) -> Variable:
    """The newer variable with a type that holds the older one's values, and its missing codes."""
    kinds = {option.missing for option in newer.values}
    lost = tuple(each for each in older.values if each.missing and each.missing not in kinds)
    type_ = newer.type if newer.type is older.type else _wider({newer.type, older.type})
    return replace(newer, type=type_, values=(*newer.values, *lost))


def _wider(types: set[Type]) -> Type:
    """The type of a column that has values of two: text if any of them is what people write."""
    if types == {Type.INTEGER, Type.NUMBER}:
        return Type.NUMBER
    return Type.TEXT if Type.TEXT in types else Type.CODE
