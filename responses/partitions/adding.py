"""Gives a table another part, without a lock on the table that participants would notice."""

from django.db import connection

from responses.partitions.reading import rest_of

# What `LIKE` copies of a table for one that is to have parts, and for a part. Numbers are given by
# the table; triggers and the foreign key come to a part as it is attached.
EMPTY = "INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE INCLUDING COMPRESSION"
WHOLE = "INCLUDING ALL EXCLUDING IDENTITY"


def add_part(table: str, number: int, first: int, end: int) -> None:
    """Makes an empty part for participants from `first` up to `end` - 1."""
    name = f"{table}_p{number}"
    execute(f"CREATE TABLE {name} (LIKE {table}_p0 {WHOLE})")
    attach(table, name, first, end)


def add_rest(table: str) -> None:
    """Makes the part that takes what fits in no other."""
    execute(f"CREATE TABLE {rest_of(table)} (LIKE {table}_p0 {WHOLE})")
    execute(f"ALTER TABLE {table} ATTACH PARTITION {rest_of(table)} DEFAULT")


def attach(table: str, name: str, first: int | None, end: int) -> None:
    """Makes a table a part; one that is not empty must have a check that says the same."""
    since = "MINVALUE" if first is None else str(first)
    bounds = f"FOR VALUES FROM ({since}) TO ({end})"
    execute(f"ALTER TABLE {table} ATTACH PARTITION {name} {bounds}")


def execute(statement: str) -> None:
    """Executes one statement; all of them are put together of our own names and of numbers."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
