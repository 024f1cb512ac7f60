"""Connections killed at random moments, and people who ask again until they are answered."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from threading import Event, Thread
from typing import TypeVar

import psycopg
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpResponse

Answer = TypeVar("Answer")

# Any connection of this test's database but the killer's own: most of them in the middle of a
# statement, waiting for a lock or committing, and some that wait for their next statement.
KILL = """
SELECT count(pg_terminate_backend(pid)) FROM (
    SELECT pid FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
        AND backend_type = 'client backend' AND (state <> 'idle' OR %s)
    ORDER BY random() LIMIT 1
) AS one
"""

# What Postgres says to whose connection it ends.
ENDED = "terminating connection due to administrator command"


@dataclass
class Toll:
    """How many connections were killed, and what each failed request was told."""

    killed: int = 0
    failures: list[str] = field(default_factory=list)


@contextmanager
def backends_killed(seed: int, *, pause: float) -> Iterator[Toll]:
    """Kills connections while the block lasts, at random moments `pause` seconds apart on average.

    The connection of the thread that calls is closed first, and may be used again afterwards.
    """
    toll, over = Toll(), Event()
    told = connection.settings_dict
    connection.close()

    def kill() -> None:
        chance = Random(seed)
        given = {"host": told["HOST"], "port": told["PORT"], "user": told["USER"]}
        given |= {"password": told["PASSWORD"], "dbname": told["NAME"]}
        with psycopg.connect(
            **{name: value for name, value in given.items() if value}, autocommit=True
        ) as own:
            while not over.wait(chance.expovariate(1 / pause)):
                row = own.execute(KILL, (chance.random() < 0.2,)).fetchone()
                toll.killed += row[0] if row else 0

    killer = Thread(target=kill)
    killer.start()
    try:
        yield toll
    finally:
        over.set()
        killer.join()
        connection.close()
        # Some of those that wait in the pool are dead, and no later test is to get one.
        connection.close_pool()  # type: ignore[attr-defined]


def answered(toll: Toll, ask: Callable[[], Answer]) -> Answer:
    """Asks, each time as a new request, until the database does not fail."""
    while True:
        try:
            answer = ask()
        except (OperationalError, InterfaceError) as error:
            # By Postgres' own words: libpq, once the line is gone, has no code for them any more.
            told = ENDED in str(error)
            toll.failures.append("AdminShutdown" if told else type(error.__cause__).__name__)
        else:
            if not (isinstance(answer, HttpResponse) and answer.status_code == 503):
                return answer
            toll.failures.append("503")
        finally:
            connection.close()
