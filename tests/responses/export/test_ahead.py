"""What COPY sends, read ahead by a thread: all of it, and nothing is left running."""

import threading
from contextlib import suppress

import psycopg
import pytest

from responses.export.ahead import TOGETHER, WAITING, read_ahead
from responses.export.csv import snapshot

pytestmark = pytest.mark.django_db(transaction=True)

# More than may wait.
MANY = "COPY (SELECT n, repeat('x', 1000) FROM generate_series(1, 20000) n) TO STDOUT"


def threads() -> list[str]:
    return [each.name for each in threading.enumerate() if each.name == "export ahead"]


def read(statement: str, size: int) -> bytes:
    """Everything that the statement sends, so much at a time."""
    found = b""
    with (
        snapshot() as connection,
        connection.cursor().copy(statement.encode()) as copy,
        read_ahead(copy) as file,
    ):
        while chunk := file.read(size):
            found += chunk
        assert file.is_empty
    return found


def test_what_is_read_ahead_is_what_copy_sends() -> None:
    expected = b"".join(b"%d\t%s\n" % (n, b"x" * 1000) for n in range(1, 20_001))
    assert len(expected) > TOGETHER * WAITING
    assert [read(MANY, size) for size in (7777, TOGETHER * 3)] == [expected] * 2
    assert read("COPY (SELECT WHERE false) TO STDOUT", 9) == b""
    assert threads() == []


def test_what_breaks_the_copy_is_raised_where_it_is_read() -> None:
    broken = "COPY (SELECT 1 / (19999 - n), repeat('x', 1000) FROM generate_series(1, 20000) n)"
    with pytest.raises(psycopg.errors.DivisionByZero):
        read(f"{broken} TO STDOUT", TOGETHER)
    assert threads() == []


def test_reader_who_breaks_off_leaves_no_thread() -> None:
    with (
        suppress(ZeroDivisionError),
        snapshot() as connection,
        connection.cursor().copy(MANY.encode()) as copy,
        read_ahead(copy) as file,
    ):
        assert len(file.read(10)) / 0
    assert threads() == []
