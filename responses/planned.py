"""A cursor whose statements Postgres plans once for each connection instead of every time."""

from collections.abc import Mapping
from typing import Any, cast

import msgspec
import psycopg
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.utils import CursorWrapper


class _Planned(psycopg.Cursor[Any]):
    """Prepares what it is given, unless the pool in front of Postgres can't keep it."""

    def execute(self, *given: Any, **options: Any) -> "_Planned":
        return super().execute(*given, **options, prepare=settings.DB_PREPARED)


def planned_cursor() -> CursorWrapper:
    """A cursor of Django's connection; parameters go to the server apart from the statement.

    A statement is known by its text, so it must name the type of each parameter and never vary.
    """
    # `django.db.connection` would look this up for every word.
    connection = connections[DEFAULT_DB_ALIAS]
    connection.ensure_connection()
    raw: Any = _Planned(connection.connection)
    made = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    return made(raw)


def as_json(value: Any) -> str:
    """What a planned statement casts to jsonb."""
    return msgspec.json.encode(value).decode()


def row_of(statement: str, parameters: Mapping[str, Any]) -> tuple[Any, ...] | None:
    """The one row that a planned statement gives, None if it gives none."""
    with planned_cursor() as cursor:
        cursor.execute(statement, parameters)
        return cast(tuple[Any, ...] | None, cursor.fetchone())


def rows_changed(statement: str, parameters: Mapping[str, Any]) -> int:
    """How many rows a planned statement wrote."""
    with planned_cursor() as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.rowcount)
