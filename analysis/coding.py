"""PURE: variables of many rows as their different values, and each row's place among them."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from analysis.statistics.estimate import Places
from analysis.statistics.lookup import looked_up
from responses.coded import Coded, Listed, Picked, Row


def variable(
    rows: Sequence[Mapping[str, Any]], name: str, n: int | None = None
) -> tuple[list[Any], Places]:
    """The different values of a variable, None the last, and the place of each row's (n,) in them.

    So that what a value means is asked once for each value, not for each row.
    """
    if picked := _picked(rows):
        values, at = variable(picked[0], name)
        return values, looked_up(at, picked[1])
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


def listed(given: Sequence[Any]) -> tuple[list[Any], Places]:
    """The different values of a sequence, and the place of each row's (n,) in them."""
    if isinstance(given, Listed):
        return list(given.values), np.asarray(given.places)
    values = list(dict.fromkeys(given))
    place = {value: number for number, value in enumerate(values)}
    return values, np.array([place[value] for value in given], dtype=np.int32)


def _picked(rows: Sequence[Mapping[str, Any]]) -> tuple[Coded, Places] | None:
    """The columns that all the rows are read from, and their places there; None if they are not."""
    if isinstance(rows, Picked):
        return rows.rows, np.asarray(rows.places)
    if isinstance(rows, Coded) or not rows or not isinstance(first := rows[0], Row):
        return None
    read = [row.at for row in rows if isinstance(row, Row) and row.rows is first.rows]
    return (first.rows, np.array(read)) if len(read) == len(rows) else None
