"""A cursor whose statements Postgres plans once for each connection instead of every time."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection
from django.db.backends.utils import CursorWrapper


class _Planned(psycopg.Cursor[Any]):
    def execute(self, *given: Any, **options: Any) -> "_Planned":
        return super().execute(*given, **options | {"prepare": True})


@contextmanager
def planned_cursor() -> Iterator[CursorWrapper]:
    """A cursor of Django's connection; parameters go to the server apart from the statement.

    A statement is known by its text, so it must name the type of each parameter once and never
    vary.
    """
    connection.ensure_connection()
    raw: Any = _Planned(connection.connection)
    made = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    with made(raw) as cursor:
        yield cursor
