"""PURE: variables of many rows as their different values, and each row's place among them."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from analysis.statistics.estimate import Floats, Places
from analysis.statistics.lookup import looked_up
from responses.coded import FEW, Coded, Listed, Picked, Row


def variable(
    rows: Sequence[Mapping[str, Any]], name: str, n: int | None = None
) -> tuple[list[Any], Places]:
    """The different values of a variable, None the last, and the place of each row's (n,) in them.

    So that what a value means is asked once for each value, not for each row.
    """
    if of := picked(rows):
        values, at = variable(of[0], name)
        return values, looked_up(at, of[1])
    if not isinstance(rows, Coded):
        rows = Coded({name: row[name]} if name in row else {} for row in rows)
    n = len(rows) if n is None else n
    if (column := rows.columns.get(name)) is None:
        return [None], np.zeros(n, dtype=np.uint8)
    codes, absent = column.codes(n)
    at = np.asarray(codes)
    if absent < 0:
        return [*column.values, None], np.where(at < 0, len(column.values), at)
    # What says that a row has none is greater than any place.
    return [*column.values, None], np.minimum(at, len(column.values))


def kept(rows: Sequence[Mapping[str, Any]], name: str) -> tuple[list[Any], Places, int]:
    """The different values of a variable, each row's place (n,), and the place of who has none.

    Of columns the places are their own, not a copy: they are not to be changed.
    """
    if isinstance(rows, Coded) and (column := rows.columns.get(name)) is not None:
        codes, absent = column.codes(len(rows))
        # A table for all codes of two bytes would be longer than most data sets.
        if absent <= FEW:
            return column.values, np.asarray(codes), absent
    values, at = variable(rows, name)
    return values[:-1], at, len(values) - 1


def table_of(numbers: Sequence[float], absent: int) -> Floats:
    """The numbers of different values by their places, NaN at the place of those who have none."""
    # Of −1 the last one.
    table = np.full(max(absent, len(numbers)) + 1, np.nan)
    table[: len(numbers)] = numbers
    return table


def listed(given: Sequence[Any]) -> tuple[list[Any], Places]:
    """The different values of a sequence, and the place of each row's (n,) in them."""
    if isinstance(given, Listed):
        return list(given.values), np.asarray(given.places)
    values = list(dict.fromkeys(given))
    place = {value: number for number, value in enumerate(values)}
    return values, np.array([place[value] for value in given], dtype=np.int32)


def picked(rows: Sequence[Mapping[str, Any]]) -> tuple[Coded, Places] | None:
    """The columns that all the rows are read from, and their places there; None if they are not."""
    if isinstance(rows, Picked):
        return rows.rows, np.asarray(rows.places)
    if isinstance(rows, Coded) or not rows or not isinstance(first := rows[0], Row):
        return None
    read = [row.at for row in rows if isinstance(row, Row) and row.rows is first.rows]
    return (first.rows, np.array(read)) if len(read) == len(rows) else None
