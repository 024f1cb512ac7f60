"""Counts of a large table: in one statement, or piece by piece while participants answer."""

from collections.abc import Iterator
from typing import Any, LiteralString

import psycopg
from psycopg.rows import dict_row
from psycopg.sql import SQL, Composable, Identifier, Literal

from responses.pacing import pace_of, spans

_LAST = SQL("SELECT coalesce(max(id), 0) AS last FROM {}")
_SPAN = SQL("AND {id} > {after} AND {id} <= {up_to}")


def counted(
    connection: psycopg.Connection,
    statement: LiteralString,
    *,
    of: tuple[LiteralString, LiteralString],
    **parts: Composable,
) -> Iterator[dict[str, Any]]:
    """The rows of a SELECT of counts; its `{span}` is a condition on the table `of` (name, alias).

    With a pace each group comes once for every piece of the table: the counts are to be added up.
    """
    name, alias = of
    cursor = connection.cursor(row_factory=dict_row)
    pace = pace_of(connection)
    if pace is None:
        yield from cursor.execute(SQL(statement).format(span=SQL(""), **parts))
        return
    (found,) = cursor.execute(_LAST.format(Identifier(name))).fetchall()
    for after, up_to in spans(pace, found["last"]):
        bounds = {"after": Literal(after), "up_to": Literal(up_to)}
        span = _SPAN.format(id=Identifier(alias, "id"), **bounds)
        yield from cursor.execute(SQL(statement).format(span=span, **parts))
