"""Cuts a table that stands whole: it becomes the first part of a table of its name.

No row is moved or written anew. What takes long, reading every row once, goes beside participants;
then one transaction of some milliseconds puts the new table in the place of the old one.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from django.db import OperationalError, transaction

from responses.partitions.adding import EMPTY, add_part, add_rest, attach, execute
from responses.partitions.reading import is_parted, newest_participant, one
from responses.partitions.shape import Shape, shape_of

# How many participants a part holds; some ten million submissions of the study that ships.
WIDTH = 1_000_000
# So that none is passed by between two times that parts are made ahead.
LEAST_WIDTH = 100_000
# Empty parts that stand ready.
AHEAD = 2
BOUND = "in_first_part"
# Participants wait behind who waits for a lock, so that is short, and as long as any of their pages
# takes. Now and then it is above Postgres' deadlock_timeout, after which an autovacuum lets go.
LOCK_TIMEOUT, LONG_LOCK_TIMEOUT, LONG_EVERY = "100ms", "1200ms", 5
TRIES, PAUSE = 120, 2.0


class NotWhileBusyError(Exception):
    """Something held the table for longer than was waited."""


@dataclass(frozen=True)
class Cut:
    """That a table was cut: its first part ends before participant `end`."""

    table: str
    end: int
    tries: int


def cut(*, table: str, width: int = WIDTH, tries: int = TRIES, pause: float = PAUSE) -> Cut | None:
    """Cuts a table into parts of so many participants: None if it was cut before.

    May be interrupted and run again. Raises NotWhileBusyError, and leaves the table as it was, if
    others never let go of it long enough: an export that runs for hours, a dump.
    """
    if is_parted(table):
        return None
    try:
        end = _bounded(table, width, tries, pause)
        execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {BOUND}")
        taken = patiently(lambda: _put_in_place(table, end, width), tries, pause)
    except BaseException:
        # Else it would refuse participants one day.
        release_bound(table, tries, pause)
        raise
    execute(f"ANALYZE {table}")
    return Cut(table, end, taken)


def release_bound(table: str, tries: int = TRIES, pause: float = PAUSE) -> bool:
    """Takes away what an interrupted cut left at the table: whether there was anything."""
    if is_parted(table) or bound_of(table) is None:
        return False
    patiently(lambda: execute(f"ALTER TABLE {table} DROP CONSTRAINT {BOUND}"), tries, pause)
    return True


def patiently(act: Callable[[], object], tries: int = TRIES, pause: float = PAUSE) -> int:
    """Does it in a transaction that waits for no lock for long, again until it went: how often."""
    for number in range(1, tries + 1):
        try:
            with transaction.atomic():
                wait = LOCK_TIMEOUT if number % LONG_EVERY else LONG_LOCK_TIMEOUT
                execute(f"SET LOCAL lock_timeout = '{wait}'")
                act()
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", "") not in {"55P03", "40P01"}:
                raise
            time.sleep(pause)
        else:
            return number
    raise NotWhileBusyError


def lock_people() -> None:
    """Has participants wait, at the first table that they touch: they hold nothing we wait for."""
    execute("LOCK TABLE responses_participant IN ACCESS EXCLUSIVE MODE")


def _bounded(table: str, width: int, tries: int, pause: float) -> int:
    """Where the first part ends; from now on, no row beyond it comes into the table."""
    found, least = bound_of(table), newest_participant() + width // 2
    if found is not None and found > least:
        return found
    end = newest_participant() + width
    drop = f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {BOUND}"
    add = f"ALTER TABLE {table} ADD CONSTRAINT {BOUND} CHECK (participant_id < {end}) NOT VALID"

    def bind() -> None:
        execute(drop)
        execute(add)

    patiently(bind, tries, pause)
    return end


def bound_of(table: str) -> int | None:
    """Where the first part is to end, if a cut was begun and did not come to its end."""
    found = one(
        "SELECT max(substring(pg_get_constraintdef(oid) FROM '[0-9]+')::bigint) FROM pg_constraint"
        " WHERE conrelid = %s::regclass AND conname = %s",
        [table, BOUND],
    )
    return None if found is None else int(found)


def _put_in_place(table: str, end: int, width: int) -> None:
    """One transaction: the table is renamed, and made the first part of a new one."""
    lock_people()
    execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
    first, shape = f"{table}_p0", shape_of(table, BOUND)
    _step_aside(table, first, shape)
    execute(f"CREATE TABLE {table} (LIKE {first} {EMPTY}) PARTITION BY RANGE (participant_id)")
    execute(f"ALTER TABLE {table} DROP CONSTRAINT {BOUND}")
    for statement in shape.statements:
        execute(statement)
    attach(table, first, None, end)
    execute(f"ALTER TABLE {first} DROP CONSTRAINT {BOUND}")
    for number in range(1, AHEAD + 1):
        add_part(table, number, end + (number - 1) * width, end + number * width)
    add_rest(table)


def _step_aside(table: str, first: str, shape: Shape) -> None:
    """Frees the names that the new table is to have, and takes what it gives to its parts."""
    for name in shape.constraints:
        execute(f"ALTER TABLE {table} RENAME CONSTRAINT {name} TO {name}_p0")
    for name in shape.indexes:
        execute(f"ALTER INDEX {name} RENAME TO {name}_p0")
    for name in shape.triggers:
        execute(f"DROP TRIGGER {name} ON {table}")
    execute(f"ALTER TABLE {table} ALTER COLUMN id DROP IDENTITY")
    execute(f"ALTER TABLE {table} RENAME TO {first}")
