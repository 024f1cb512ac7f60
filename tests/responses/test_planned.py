"""Statements that go to libpq without a cursor do what those of a cursor do."""

import os
import socket
from collections.abc import Callable
from contextlib import ExitStack, nullcontext, suppress
from typing import Any
from uuid import UUID

import pytest
from django.db import (
    DataError,
    IntegrityError,
    OperationalError,
    ProgrammingError,
    connection,
    transaction,
)
from django.test.utils import CaptureQueriesContext
from psycopg_pool import PoolTimeout
from pytest_django import Settings

from experiments.models import Study
from responses.planned import row_of, rows_changed
from tests.responses.studies import launched

pytestmark = pytest.mark.django_db(transaction=True)

KINDS = """
SELECT %(text)s::text, %(json)s::jsonb, %(whole)s::bigint, %(part)s::float8, %(yes)s::bool,
    %(bytes)s::bytea, %(uuid)s::uuid, %(nothing)s::text, %(text)s::text || '%%',
    statement_timestamp()
"""
GIVEN: dict[str, Any] = {
    "text": '시민\'s \\ "%s"\n',
    "json": '{"a": [1, "둘"]}',
    "whole": -(2**62),
    "part": 0.1,
    "yes": False,
    "bytes": b"\x00\xff'",
    "uuid": UUID(int=7),
    "nothing": None,
}
RENAME = "UPDATE experiments_study SET slug = %(slug)s::text WHERE slug = %(was)s::text"
PREPARED = "SELECT count(*) FROM pg_prepared_statements WHERE starts_with(statement, %s)"


def prepared_of(start: str) -> int:
    """How many statements that begin so the connection has prepared."""
    with connection.cursor() as cursor:
        cursor.execute(PREPARED, [start])
        row = cursor.fetchone()
        return int(row[0])


@pytest.mark.parametrize("prepared", [True, False])
def test_values_go_and_come_as_through_a_cursor(settings: Settings, prepared: bool) -> None:
    settings.DB_PREPARED = prepared
    statement = f"/* {prepared} */ {KINDS}"
    connection.ensure_connection()
    straight = row_of(statement, GIVEN)
    with CaptureQueriesContext(connection) as watched:
        by_cursor = row_of(statement, GIVEN)
    assert straight is not None
    assert by_cursor is not None
    assert straight[:-1] == by_cursor[:-1]
    assert [type(each) for each in straight] == [type(each) for each in by_cursor]
    assert straight[:3] == (GIVEN["text"], '{"a": [1, "둘"]}', GIVEN["whole"])
    assert straight[7:9] == (None, GIVEN["text"] + "%")
    assert len(watched) == 1
    assert prepared_of(f"/* {prepared} */") == (2 if prepared else 0)


def test_rows_are_counted_and_none_is_none() -> None:
    launched()
    assert (
        row_of("SELECT id FROM experiments_study WHERE slug = %(slug)s::text", {"slug": "no"})
        is None
    )
    assert rows_changed(RENAME, {"was": "no", "slug": "other"}) == 0
    assert rows_changed(RENAME, {"was": "park", "slug": "other"}) == 1
    assert Study.objects.get().slug == "other"


def test_errors_are_djangos_and_leave_the_connection_usable() -> None:
    launched()
    with pytest.raises(DataError, match="NUL"):
        row_of("SELECT %(a)s::text", {"a": "a\x00b"})
    with pytest.raises(DataError, match="integer"):
        row_of("SELECT %(a)s::int", {"a": "many"})
    with pytest.raises(ProgrammingError, match="nowhere"):
        row_of("SELECT 1 FROM nowhere", {})
    with pytest.raises(IntegrityError, match="pkey"):
        rows_changed(
            "INSERT INTO experiments_study SELECT * FROM experiments_study WHERE slug = %(s)s",
            {"s": "park"},
        )
    assert row_of("SELECT %(a)s::int", {"a": 3}) == (3,)


def test_statements_that_postgres_has_forgotten_are_planned_again() -> None:
    first, second = "/* gone */ SELECT %(a)s::int", "/* gone */ SELECT %(a)s::int + 1"
    assert (row_of(first, {"a": 1}), row_of(second, {"a": 1})) == ((1,), (2,))
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    # One is planned again before the other is missed, and is still known then.
    assert row_of(second, {"a": 2}) == (3,)
    assert (row_of(first, {"a": 2}), row_of(second, {"a": 3})) == ((2,), (4,))
    assert prepared_of("/* gone */") == 2


def test_rollback_seen_by_a_cursor_does_no_harm() -> None:
    first, second = "SELECT %(a)s::int * 2", "SELECT %(a)s::int * 3"
    for number in range(1, 8):
        assert row_of(first, {"a": number}) == (2 * number,)
        with transaction.atomic():
            assert row_of(second, {"a": number}) == (3 * number,)
            transaction.set_rollback(True)
        assert row_of(second, {"a": number}) == (3 * number,)


def test_statement_within_a_transaction_is_the_transactions() -> None:
    launched()
    with transaction.atomic():
        assert rows_changed(RENAME, {"was": "park", "slug": "other"}) == 1
        transaction.set_rollback(True)
    assert Study.objects.get().slug == "park"


def terminate(pid: int) -> None:
    """Has Postgres end a connection, which it still tells."""
    with connection.copy().temporary_connection() as other:
        other.execute("SELECT pg_terminate_backend(%s)", [pid])


def cut(_: int) -> None:
    """Ends the connection without a word."""
    raw: Any = connection.connection
    with socket.socket(fileno=os.dup(raw.fileno())) as line:
        line.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize("end", [terminate, cut])
def test_connection_that_was_lost_is_an_operational_error(end: Callable[[int], None]) -> None:
    connection.ensure_connection()
    mine = row_of("SELECT pg_backend_pid()", {})
    assert mine is not None
    end(*mine)
    with pytest.raises(OperationalError):
        row_of("SELECT pg_backend_pid()", {})
    connection.close()
    wrapper: Any = connection
    wrapper.pool.check()
    again = row_of("SELECT pg_backend_pid()", {})
    assert again is not None
    assert again != mine


def test_statement_takes_a_connection_out_of_the_pool_and_gives_it_back() -> None:
    launched()
    wrapper: Any = connection
    connection.close()
    before = wrapper.pool.get_stats()["requests_num"]
    assert row_of("SELECT %(a)s::int", {"a": 1}) == (1,)
    with pytest.raises(DataError, match="integer"):
        row_of("SELECT %(a)s::int", {"a": "many"})
    assert rows_changed(RENAME, {"was": "park", "slug": "other"}) == 1
    stats = wrapper.pool.get_stats()
    assert (stats["requests_num"] - before, connection.connection) == (3, None)
    assert stats["pool_available"] == stats["pool_size"]
    assert Study.objects.get().slug == "other"


def test_connection_of_the_pool_that_was_lost_is_an_operational_error() -> None:
    connection.close()
    mine = row_of("SELECT pg_backend_pid()", {})
    assert mine is not None
    terminate(*mine)
    wrapper: Any = connection
    # Which of the pool's it was does not show: each is asked in turn.
    lost = 0
    for _ in range(wrapper.pool.get_stats()["pool_size"]):
        try:
            assert row_of("SELECT pg_backend_pid()", {}) != mine
        except OperationalError:
            lost += 1
    assert lost == 1


def test_pool_that_has_none_left_is_an_operational_error(monkeypatch: pytest.MonkeyPatch) -> None:
    launched()
    connection.close()
    wrapper: Any = connection
    pool = wrapper.pool
    pool.open()
    with ExitStack() as taken:
        for _ in range(pool.max_size):
            taken.enter_context(pool.connection())
        monkeypatch.setattr(pool, "timeout", 0.1)
        with pytest.raises(OperationalError) as told:
            row_of("SELECT 1", {})
    monkeypatch.undo()
    assert isinstance(told.value.__cause__, PoolTimeout)
    assert row_of("SELECT 1", {}) == (1,)


@pytest.mark.parametrize("watched", [True, False])
def test_statement_that_is_watched_opens_a_connection(settings: Settings, *, watched: bool) -> None:
    connection.close()
    settings.DEBUG = watched
    seen: list[str] = []

    def notes(execute: Any, sql: str, *rest: Any) -> Any:
        seen.append(sql)
        return execute(sql, *rest)

    with nullcontext() if watched else connection.execute_wrapper(notes):
        assert row_of("SELECT %(a)s::int", {"a": 1}) == (1,)
    assert (len(seen), connection.connection is None) == (0 if watched else 1, False)


def test_statement_in_a_transaction_that_lost_its_connection_is_none_of_its_own() -> None:
    launched()
    with suppress(ProgrammingError), transaction.atomic():
        connection.close()
        with pytest.raises(ProgrammingError):
            rows_changed(RENAME, {"was": "park", "slug": "other"})
    assert Study.objects.get().slug == "park"
