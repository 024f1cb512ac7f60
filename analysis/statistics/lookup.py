"""Columns of few different numbers, kept as one short place for each row."""

from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt

from analysis.statistics.estimate import Floats, Places, as_floats
from analysis.statistics.tall import CHUNK

Kind = TypeVar("Kind", bound=np.generic)


def looked_up(table: npt.NDArray[Kind], at: Places) -> npt.NDArray[Kind]:
    """What the table (k,) has at each row's place (n,).

    As `table[at]`, which would first make the places eight bytes long.
    """
    found = np.empty(len(at), table.dtype)
    for start in range(0, len(at), CHUNK):
        part = slice(start, start + CHUNK)
        found[part] = table[at[part]]
    return found


@dataclass(frozen=True, eq=False)
class Lookup:
    """A column (n,) of the numbers that `table` (k,) has at the rows' places `at` (n,).

    Rows that are picked, by a slice, a mask or places, are floats; so is all of it as an array.
    """

    table: Floats
    at: Places

    def __len__(self) -> int:
        return len(self.at)

    def __getitem__(self, rows: slice | npt.NDArray[np.bool_] | Places) -> Floats:
        return looked_up(self.table, self.at[rows])

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Floats:
        found: Floats = looked_up(self.table, self.at).astype(dtype or np.float64, copy=False)
        return found


# Numbers (n,), either way.
Column: TypeAlias = Floats | Lookup


def as_column(values: Column, *, name: str) -> Column:
    """The numbers, NaN where missing; ValueError if one is infinite."""
    if not isinstance(values, Lookup):
        return as_floats(values, name=name)
    as_floats(values.table, name=name)
    return values


def lacks(column: Column) -> npt.NDArray[np.bool_]:
    """Which rows (n,) have no number."""
    if isinstance(column, Lookup):
        return looked_up(np.isnan(column.table), column.at)
    return np.isnan(column)


def only(column: Column, rows: npt.NDArray[np.bool_]) -> Column:
    """The column of the rows of a mask, kept as it was kept."""
    if rows.all():
        return column
    return Lookup(column.table, column.at[rows]) if isinstance(column, Lookup) else column[rows]
