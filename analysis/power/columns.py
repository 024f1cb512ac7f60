"""PURE: a variable of drawn participants, as the analysis keeps variables: codes and places."""

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from responses import coded
from responses.coded import ABSENT, NOTHING, Coded

Places: TypeAlias = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Column:
    """The different `codes` of a variable, and for each row (n,) the place of its own."""

    codes: tuple[str, ...]
    places: npt.NDArray[np.uint16]

    def at(self, rows: Places) -> "Column":
        """The column of these rows."""
        return Column(self.codes, self.places[rows])

    def tolist(self, n: int | None = None) -> list[str]:
        """The codes of the first n rows, of all if None."""
        return [self.codes[place] for place in self.places[:n].tolist()]


def evenly(codes: Sequence[str], n: int, rng: np.random.Generator) -> Column:
    """N rows that have each code as likely."""
    return Column(tuple(codes), rng.integers(len(codes), size=n).astype(np.uint16))


def as_coded(columns: Mapping[str, Column], n: int) -> Coded:
    """The first n rows as the analysis reads them."""
    found = Coded()
    for name, column in columns.items():
        kept = found.columns.setdefault(name, coded.Column())
        kept.values = list(column.codes)
        kept.known = {NOTHING: ABSENT} | {code: at for at, code in enumerate(column.codes)}
        kept.places = array("H", column.places[:n].tobytes())
    found.extend({}, n)
    return found
