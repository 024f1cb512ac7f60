"""Statements that Postgres plans once for each connection, sent with little around them.

A cursor takes several times the CPU of the statements that participants' pages send. So these go to
libpq by psycopg's own binding, their parameters and rows through psycopg's own adaptation. In a
transaction, and where somebody watches what is sent, a cursor of Django's sends them.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any, TypeVar

import msgspec
import psycopg
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.utils import CursorWrapper
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import InvalidSqlStatementName, error_from_result
from psycopg.pq import DiagnosticField, ExecStatus
from psycopg.pq.abc import PGresult

_PLACE = re.compile(r"%\((\w+)\)s|%%")
Told = TypeVar("Told")
_KEPT = "coprod_kept"
_DONE = (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK)


@dataclass(frozen=True)
class _Statement:
    """A statement as Postgres reads it: its name, its text, and whose value each place takes."""

    name: bytes
    text: bytes
    parameters: tuple[str, ...]


class _Planned(psycopg.Cursor[Any]):
    """Prepares what it is given, unless the pool in front of Postgres can't keep it."""

    def execute(self, *given: Any, **options: Any) -> "_Planned":
        return super().execute(*given, **options, prepare=settings.DB_PREPARED)


class _Kept:
    """Of a connection, for as long as it is open: what it has prepared, and how values are adapted.

    It stands at the connection itself, which what adapts its values refers to.
    """

    def __init__(self, raw: Any) -> None:
        self.prepared: set[bytes] = set()
        # It knows by then how what was sent before is adapted, which a new one looks up anew.
        self.adapted = Transformer(raw)

    @classmethod
    def of(cls, raw: Any) -> "_Kept":
        """What is kept of the connection."""
        kept: _Kept | None = getattr(raw, _KEPT, None)
        if kept is None:
            kept = cls(raw)
            setattr(raw, _KEPT, kept)
        return kept


def as_json(value: Any) -> str:
    """What a planned statement casts to jsonb."""
    return msgspec.json.encode(value).decode()


def row_of(statement: str, parameters: Mapping[str, Any]) -> tuple[Any, ...] | None:
    """The one row that a planned statement gives, None if it gives none.

    A statement is known by its text, so it must name the type of each parameter and never vary.
    Raises django.db.Error.
    """
    connection: Any = connections[DEFAULT_DB_ALIAS]
    if _is_bare(connection):
        return _on_its_own(connection, statement, parameters, _first)
    with _cursor(connection) as cursor:
        cursor.execute(statement, parameters)
        row: tuple[Any, ...] | None = cursor.fetchone()
        return row


def rows_changed(statement: str, parameters: Mapping[str, Any]) -> int:
    """How many rows a planned statement wrote. Raises django.db.Error."""
    connection: Any = connections[DEFAULT_DB_ALIAS]
    if _is_bare(connection):
        return _on_its_own(connection, statement, parameters, _count)
    with _cursor(connection) as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.rowcount)


def _is_bare(connection: Any) -> bool:
    """Whether a statement is a transaction of its own, and nobody is to be told of it.

    A transaction is psycopg's to begin, and an error within would end it.
    """
    watched = connection.queries_logged or connection.execute_wrappers
    raw = connection.connection
    on_its_own = not connection.in_atomic_block if raw is None else raw.autocommit
    return bool(on_its_own and not watched)


def _on_its_own(
    connection: Any,
    statement: str,
    parameters: Mapping[str, Any],
    told: Callable[[PGresult, Any], Told],
) -> Told:
    """What is told of a statement that is sent on the connection that is open, or the pool's next.

    Where Django has none open, one is taken from its pool as Django takes it, and goes back at
    once: to make it Django's own, and to take it away again, costs what three statements do.
    """
    with connection.wrap_database_errors:
        raw, pool = connection.connection, None
        if raw is None and (pool := connection.pool):
            pool.open()
            raw = pool.getconn()
        elif raw is None:
            connection.ensure_connection()
            raw = connection.connection
        try:
            kept = _Kept.of(raw)
            return told(_sent(raw, _statement(statement), parameters, kept), kept.adapted)
        finally:
            if pool:
                pool.putconn(raw)


def _first(result: PGresult, adapted: Any) -> tuple[Any, ...] | None:
    adapted.set_pgresult(result)
    row: tuple[Any, ...] | None = adapted.load_row(0, tuple) if result.ntuples else None
    # It stays at the connection, where nobody's answers are kept.
    adapted.set_pgresult(None)
    return row


def _count(result: PGresult, adapted: Any) -> int:
    return result.command_tuples or 0


def _cursor(connection: Any) -> CursorWrapper:
    connection.ensure_connection()
    raw: Any = _Planned(connection.connection)
    made = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    return made(raw)  # type: ignore[no-any-return]


@lru_cache(maxsize=64)
def _statement(text: str) -> _Statement:
    """The statement with its places numbered; `%%` is a percent sign, as a cursor has it."""
    names: dict[str, int] = {}

    def numbered(found: re.Match[str]) -> str:
        return f"${names.setdefault(found[1], len(names) + 1)}" if found[1] else "%"

    read = _PLACE.sub(numbered, text).encode()
    return _Statement(b"coprod_" + sha256(read).hexdigest()[:16].encode(), read, tuple(names))


def _sent(raw: Any, statement: _Statement, parameters: Mapping[str, Any], kept: _Kept) -> PGresult:
    """What Postgres answers. Raises psycopg.Error."""
    names = statement.parameters
    values = kept.adapted.dump_sequence(
        [parameters[name] for name in names], [PyFormat.TEXT] * len(names)
    )
    # As psycopg's cursors, which prepare nothing on a connection that has no threshold for it.
    if not settings.DB_PREPARED or raw.prepare_threshold is None:
        return _checked(raw, raw.pgconn.exec_params(statement.text, values))
    try:
        return _of_prepared(raw, statement, values, kept.prepared)
    except InvalidSqlStatementName:
        # psycopg has Postgres forget all statements when it saw a ROLLBACK, at its own next one: of
        # those that are known here some are gone and some came after. Nothing was done.
        kept.prepared.discard(statement.name)
        return _of_prepared(raw, statement, values, kept.prepared)


def _of_prepared(raw: Any, statement: _Statement, values: Any, known: set[bytes]) -> PGresult:
    if statement.name not in known:
        _checked(raw, raw.pgconn.prepare(statement.name, statement.text))
        known.add(statement.name)
    return _checked(raw, raw.pgconn.exec_prepared(statement.name, values))


def _checked(raw: Any, result: PGresult) -> PGresult:
    """The answer, unless it is an error."""
    if result.status in _DONE:
        return result
    if result.error_field(DiagnosticField.SQLSTATE) is None:
        # Not Postgres says so but libpq, whose connection broke; its status may not say that yet.
        # The connection's words have those that Postgres ended it with, the result's have not.
        raise psycopg.OperationalError(raw.pgconn.get_error_message())
    raise error_from_result(result, raw.info.encoding)
