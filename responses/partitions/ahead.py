"""Sees to it that there is always a part ready for who comes next."""

from responses.partitions.adding import add_part, add_rest, attach, execute
from responses.partitions.cutting import (
    AHEAD,
    WIDTH,
    NotWhileBusyError,
    bound_of,
    lock_people,
    patiently,
    release_bound,
)
from responses.partitions.reading import (
    TABLES,
    is_parted,
    newest_participant,
    one,
    parts,
    rest_of,
)

OVERFLOWED = "overflowed"
# A part holds at least one in so many of all participants there are: a statement that finds its
# participant by something else than the id is planned for each part, so there must not be many.
SHARE = 8
# Participants that there is room for yet in the bound of a cut that was broken off.
NEARLY = 50_000
# Beat asks again before long.
TRIES, PAUSE = 5, 2.0


def make_ahead() -> list[str]:
    """Makes the parts that are missing for participants to come: the names of those made.

    A table that stands whole is left so; what an interrupted cut left there is taken away, if no
    cut goes on that would need it.
    """
    made: list[str] = []
    for table in TABLES:
        try:
            if is_parted(table):
                made += _overflow(table) + _ahead(table)
            else:
                _release_left(table)
        except NotWhileBusyError:
            continue
    return made


def _release_left(table: str) -> None:
    """Whoever made a bound that is nearly reached is not at work any more."""
    bound = bound_of(table)
    if bound is not None and newest_participant() > bound - NEARLY:
        release_bound(table, TRIES, PAUSE)


def _ahead(table: str) -> list[str]:
    made: list[str] = []
    while True:
        there = parts(table)
        last, newest = there[-1], newest_participant()
        # At least that of the first part that was made empty.
        width = max(there[1].end - there[0].end, newest // SHARE)
        if sum(part.first is not None and part.first > newest for part in there) >= AHEAD:
            return made
        number, end = len(there), max(last.end, newest) + width

        def add(number: int = number, first: int = last.end, end: int = end) -> None:
            lock_people()
            add_part(table, number, first, end)

        patiently(add, TRIES, PAUSE)
        made.append(f"{table}_p{number}")


def _overflow(table: str) -> list[str]:
    """What came while no part was ready stands in the rest: that becomes a part as it is."""
    rest = rest_of(table)
    if not one(f"SELECT EXISTS (SELECT FROM {rest})::int"):  # noqa: S608 - a name of our own table
        return []
    there = parts(table)
    first, number = there[-1].end, len(there)
    newest = max(newest_participant(), one(f"SELECT max(participant_id) FROM {rest}"))  # noqa: S608 - a name of our own table
    end = newest + WIDTH
    check = f"CHECK (participant_id >= {first} AND participant_id < {end})"

    def bind() -> None:
        execute(f"ALTER TABLE {rest} DROP CONSTRAINT IF EXISTS {OVERFLOWED}")
        execute(f"ALTER TABLE {rest} ADD CONSTRAINT {OVERFLOWED} {check} NOT VALID")

    patiently(bind, TRIES, PAUSE)
    execute(f"ALTER TABLE {rest} VALIDATE CONSTRAINT {OVERFLOWED}")
    patiently(lambda: _give_bounds(table, number, first, end), TRIES, PAUSE)
    return [f"{table}_p{number}"]


def _give_bounds(table: str, number: int, first: int, end: int) -> None:
    name, rest = f"{table}_p{number}", rest_of(table)
    lock_people()
    execute(f"ALTER TABLE {table} DETACH PARTITION {rest}")
    execute(f"ALTER TABLE {rest} RENAME TO {name}")
    attach(table, name, first, end)
    execute(f"ALTER TABLE {name} DROP CONSTRAINT {OVERFLOWED}")
    add_rest(table)
