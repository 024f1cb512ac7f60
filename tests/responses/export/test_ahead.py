"""What COPY sends, read ahead by a thread: all of it, and nothing is left running."""

import threading
from contextlib import suppress

import psycopg
import pytest

from responses.export.ahead import TOGETHER, TOLD, WAITING, read_ahead
from responses.export.csv import snapshot

pytestmark = pytest.mark.django_db(transaction=True)

# More than may wait.
MANY = "COPY (SELECT n, repeat('x', 1000) FROM generate_series(1, 20000) n) TO STDOUT"


def threads() -> list[str]:
    return [each.name for each in threading.enumerate() if each.name == "export ahead"]


def read(statement: str) -> bytes:
    """Everything that the statement sends; it is told of all of it, and rows stay whole."""
    told: list[int] = []
    with (
        snapshot() as connection,
        connection.cursor().copy(statement.encode()) as copy,
        read_ahead(copy, told.append) as chunks,
    ):
        found = list(chunks)
    assert sum(told) == sum(map(len, found))
    assert max(told, default=0) < TOLD + 2000
    assert all(chunk.endswith(b"\n") for chunk in found)
    return b"".join(found)


def test_what_is_read_ahead_is_what_copy_sends() -> None:
    expected = b"".join(b"%d\t%s\n" % (n, b"x" * 1000) for n in range(1, 20_001))
    assert len(expected) > TOGETHER * WAITING
    assert read(MANY) == expected
    assert read("COPY (SELECT WHERE false) TO STDOUT") == b""
    assert threads() == []


def test_what_breaks_the_copy_is_raised_where_it_is_read() -> None:
    broken = "COPY (SELECT 1 / (19999 - n), repeat('x', 1000) FROM generate_series(1, 20000) n)"
    with pytest.raises(psycopg.errors.DivisionByZero):
        read(f"{broken} TO STDOUT")
    assert threads() == []


def test_reader_who_breaks_off_leaves_no_thread() -> None:
    with (
        suppress(ZeroDivisionError),
        snapshot() as connection,
        connection.cursor().copy(MANY.encode()) as copy,
        read_ahead(copy) as chunks,
    ):
        assert len(next(chunks)) / 0
    assert threads() == []
