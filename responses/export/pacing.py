"""Lets a large export take its rows slowly while participants are answering.

Postgres has no priorities: what an export asks of it goes beside what participants ask. But it
makes rows only as fast as they are taken, so an export that waits leaves it time.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection as site_connection

# The share of its own speed that an export keeps to.
SHARE = 0.25
# Seconds from the last page that a participant sent until nobody is taken to answer any more.
QUIET_AFTER = 5
# How often, in seconds, it is asked for.
ASKS = 1.0
# Bytes from whose time the export's own speed is learnt, and those between two waits. What waits
# in the connection's buffers comes at once, so a speed is that of many chunks.
LEARNS, STEP = 4 * 1024 * 1024, 64 * 1024

ANSWERING = """
SELECT coalesce((SELECT received_at > statement_timestamp() - make_interval(secs => %s)
    FROM responses_submission ORDER BY id DESC LIMIT 1), false)
"""


@contextmanager
def while_answering() -> Iterator["Pace"]:
    """A pace that waits while participants answer; it asks on a connection of its own."""
    parameters = site_connection.get_connection_params()
    parameters["application_name"] = "coprod export's pace"
    with psycopg.connect(**parameters, autocommit=True) as connection:
        yield Pace(lambda: participants_answer(connection))


def participants_answer(connection: psycopg.Connection) -> bool:
    """Whether anybody sent a page in the last seconds; one SQL statement by an index."""
    ((answer,),) = connection.execute(ANSWERING, [QUIET_AFTER]).fetchall()
    return bool(answer)


class Pace:
    """Waits between the chunks of an export, while `is_wanted` says so, and no longer.

    The first bytes tell how fast it could go.
    """

    def __init__(
        self,
        is_wanted: Callable[[], bool],
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._is_wanted, self._clock, self._sleep = is_wanted, clock, sleep
        self._speed, self._bytes, self._left = 0.0, 0, 0
        self._began, self._asked, self._waits = clock(), float("-inf"), False

    def taken(self, size: int) -> None:
        """That so many more bytes were taken; returns once the next ones may be."""
        self._bytes += size
        self._left += size
        if self._left < STEP:
            return
        self._left = 0
        now = self._clock()
        if not self._speed:
            if self._bytes < LEARNS:
                return
            self._speed = self._bytes / max(now - self._began, 1e-6)
        if now - self._asked >= ASKS:
            waits, self._asked = self._is_wanted(), now
            if waits != self._waits:
                self._waits, self._began, self._bytes = waits, now, 0
        if self._waits:
            due = self._began + self._bytes / (SHARE * self._speed)
            if due > now:
                self._sleep(due - now)


class Paced(psycopg.Connection[Any]):
    """A connection whose rows are taken at a pace, if it has one."""

    pace: Pace | None = None


def taken(connection: psycopg.Connection, size: int) -> None:
    """Tells the connection's pace, if it has one, of so many bytes that were taken."""
    if isinstance(connection, Paced) and connection.pace is not None:
        connection.pace.taken(size)
