"""PURE: rows of columns that are alike, and columns put together of parts of others."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis.power.columns import Column, Places
from responses.coded import ABSENT


def nothing(codes: tuple[str, ...], n: int) -> Column:
    """A column of these codes in which nobody has one."""
    return Column(codes, np.full(n, ABSENT, dtype=np.uint16))


def put_together(parts: Sequence[tuple[Places, Column]], n: int) -> Column:
    """The column (n,) that has in these rows what each of these whole columns has there."""
    if len({column.codes for _rows, column in parts}) == 1:
        codes = parts[0][1].codes
    else:
        codes = tuple(dict.fromkeys(code for _rows, column in parts for code in column.codes))
    found = nothing(codes, n)
    for rows, column in parts:
        given = column.places[rows]
        if column.codes != codes:
            moved = np.array([codes.index(code) for code in column.codes], dtype=np.uint16)
            given = moved[given]
        found.places[rows] = given
    return found


def kinds(columns: Sequence[npt.NDArray[Any]], n: int) -> Iterator[tuple[tuple[int, ...], Places]]:
    """The different rows of columns (n,), each with the places where it is."""
    if not columns:
        yield (), np.arange(n)
        return
    rows = np.column_stack(columns)
    kinds, which = np.unique(rows, axis=0, return_inverse=True)
    which = which.reshape(-1)
    for place, kind in enumerate(kinds.tolist()):
        yield tuple(kind), np.flatnonzero(which == place)
