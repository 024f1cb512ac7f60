"""Lets a large export ask little of Postgres while participants are answering.

Postgres has no priorities: what an export asks of it goes beside what participants ask. So it asks
for a little at a time, and then leaves Postgres alone for many times as long as that took. What
COPY sends is made only as fast as it is taken; anything else is asked for in pieces.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, LiteralString

import psycopg
from django.db import connection as site_connection
from psycopg.abc import Query

# The share of time for which Postgres works for an export.
SHARE = 1 / 16
# Seconds that an export waits at most in all. Then it goes on at its own speed, since nobody waits
# at the desk for ever: browsers give up after 300 s without an answer.
MOST_WAITED = 240.0
# Seconds that one wait lasts at most: a piece that a stopped process measured is no longer work.
LONGEST_WAIT = 1.0
# Seconds from the last page that a participant sent until nobody is taken to answer any more.
QUIET_AFTER = 5
# How often, in seconds, it is asked for.
ASKS = 1.0
# Bytes from whose time the speed of a stream is learnt, and those between two waits. What waits in
# the connection's buffers comes at once, so a speed is that of many chunks.
LEARNS, STEP = 1024 * 1024, 64 * 1024
# Seconds that one piece should take Postgres while participants answer, and while nobody does.
BURST, LONG_BURST = 0.004, 0.25
# Numbers of rows that a piece begins with, has at least and has at most.
FIRST_PIECE, LEAST_PIECE, MOST_PIECE = 500, 50, 100_000

ANSWERING = """
SELECT coalesce((SELECT received_at > statement_timestamp() - make_interval(secs => %s)
    FROM responses_submission ORDER BY id DESC LIMIT 1), false)
"""


@contextmanager
def while_answering(most_waited: float = MOST_WAITED) -> Iterator["Pace"]:
    """A pace that waits while participants answer; it asks on a connection of its own."""
    parameters = site_connection.get_connection_params()
    parameters["application_name"] = "coprod export's pace"
    with psycopg.connect(**parameters, autocommit=True) as connection:
        yield Pace(lambda: participants_answer(connection), most_waited=most_waited)


def participants_answer(connection: psycopg.Connection) -> bool:
    """Whether anybody sent a page in the last seconds; one SQL statement by an index."""
    ((answer,),) = connection.execute(ANSWERING, [QUIET_AFTER]).fetchall()
    return bool(answer)


class Pace:
    """Waits after each piece of an export, while `is_wanted` says so, and no longer.

    `clock` and `sleep` are in seconds.
    """

    def __init__(
        self,
        is_wanted: Callable[[], bool],
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        most_waited: float = MOST_WAITED,
    ) -> None:
        self.clock = clock
        self._left_to_wait = most_waited
        self._is_wanted, self._sleep = is_wanted, sleep
        self._asked, self._waits = float("-inf"), False
        self.begin_stream()

    @property
    def waits(self) -> bool:
        """Whether it waits at the moment."""
        if self._left_to_wait <= 0:
            return False
        now = self.clock()
        if now - self._asked >= ASKS:
            self._waits, self._asked = self._is_wanted(), now
        return self._waits

    @property
    def burst(self) -> float:
        """Seconds that a piece should take Postgres."""
        return BURST if self.waits else LONG_BURST

    def worked(self, seconds: float) -> None:
        """That Postgres worked for so long; returns once it may work again."""
        if self.waits:
            wait = min(seconds * (1 / SHARE - 1), LONGEST_WAIT, self._left_to_wait)
            self._left_to_wait -= wait
            self._sleep(wait)

    def begin_stream(self) -> None:
        """That the bytes of another stream follow, whose speed is not known."""
        self._began: float | None = None
        self._bytes, self._left, self._speed = 0, 0, 0.0

    def taken(self, size: int) -> None:
        """That so many more bytes of a stream were taken; returns once the next ones may be."""
        if self._began is None:
            # What comes before the first bytes says nothing of how fast the others come.
            self._began = self.clock()
            return
        self._bytes += size
        self._left += size
        if not self._speed:
            if self._bytes < LEARNS:
                return
            self._speed = self._bytes / max(self.clock() - self._began, 1e-6)
        if self._left >= STEP:
            self.worked(self._left / self._speed)
            self._left = 0


class Paced(psycopg.Connection[Any]):
    """A connection that is asked at a pace, if it has one.

    One to a replica has `replayed` at least that position of the database's log.
    """

    pace: Pace | None = None
    replayed: str = ""


def pace_of(connection: psycopg.Connection) -> Pace | None:
    """The connection's pace, if it has one."""
    return connection.pace if isinstance(connection, Paced) else None


def begin_stream(connection: psycopg.Connection) -> None:
    """Tells the connection's pace, if it has one, that COPY begins."""
    if (pace := pace_of(connection)) is not None:
        pace.begin_stream()


def taken(connection: psycopg.Connection, size: int) -> None:
    """Tells the connection's pace, if it has one, of so many bytes that COPY sent."""
    if (pace := pace_of(connection)) is not None:
        pace.taken(size)


def fetched(
    connection: psycopg.Connection, name: LiteralString, statement: Query, most: int
) -> Iterator[tuple[Any, ...]]:
    """The rows of a SELECT by a cursor of the server, at most so many at a time."""
    pace = pace_of(connection)
    clock = pace.clock if pace else time.monotonic
    many = min(FIRST_PIECE, most) if pace else most
    with connection.cursor(name) as cursor:
        cursor.execute(statement)
        while True:
            began = clock()
            rows = cursor.fetchmany(many)
            seconds = clock() - began
            yield from rows
            if len(rows) < many:
                return
            if pace is not None:
                pace.worked(seconds)
                many = min(next_piece(many, seconds, pace.burst), most)


def spans(pace: Pace | None, last: int) -> Iterator[tuple[int, int]]:
    """The numbers from 1 to `last` in pieces (after, up to), one for all of them without a pace.

    What is done between two of them is a piece of Postgres' work.
    """
    if pace is None:
        yield 0, last
        return
    after, many = 0, FIRST_PIECE
    while after < last:
        began = pace.clock()
        yield after, min(after + many, last)
        seconds = pace.clock() - began
        pace.worked(seconds)
        after += many
        many = next_piece(many, seconds, pace.burst)


def next_piece(many: int, seconds: float, burst: float) -> int:
    """How many rows the next piece has, after one of so many that took so long."""
    fitting = round(many * burst / max(seconds, 1e-6))
    # One that was quick by chance is no reason for one that is long.
    return max(LEAST_PIECE, min(fitting, 2 * many, MOST_PIECE))
