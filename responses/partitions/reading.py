"""What parts a table has, as Postgres' own catalogue tells it."""

import re
from dataclasses import dataclass
from typing import Any

from django.db import connection

# Both have a row for each page that was sent, and are unique on (participant, revision).
TABLES = ("responses_submission", "responses_paradata")
REST = "rest"
# Rows from which a table is worth cutting.
LARGE = 10_000_000

PARTS = """
SELECT c.relname, pg_get_expr(c.relpartbound, c.oid)
FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
WHERE i.inhparent = %s::regclass
"""
# As Postgres reckons: rows on a page when it last counted, times the pages of now.
ROWS = """
SELECT coalesce(sum(CASE WHEN c.relpages > 0
    THEN c.reltuples / c.relpages * (pg_relation_size(c.oid) / current_setting('block_size')::int)
    ELSE pg_stat_get_live_tuples(c.oid) END), 0)::bigint
FROM pg_class c WHERE c.relkind = 'r' AND (c.oid = %(table)s::regclass
    OR c.oid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = %(table)s::regclass))
"""
RANGE = re.compile(r"FROM \((MINVALUE|'?-?\d+'?)\) TO \('?(\d+)'?\)")


@dataclass(frozen=True, order=True)
class Part:
    """One part: participants with ids from `first` (None: from the very first) up to `end` - 1."""

    end: int
    first: int | None
    name: str


def is_parted(table: str) -> bool:
    """Whether the table was cut into parts."""
    return bool(one("SELECT relkind = 'p' FROM pg_class WHERE oid = %s::regclass", [table]))


def parts(table: str) -> list[Part]:
    """The parts of a table in their order, without the one that takes what fits in no other."""
    with connection.cursor() as cursor:
        cursor.execute(PARTS, [table])
        rows = cursor.fetchall()
    return sorted(part for name, bound in rows if (part := _part(name, bound)))


def rows_about(table: str) -> int:
    """About how many rows a table has, without counting them."""
    return int(one(ROWS, {"table": table}))


def large_and_whole() -> list[str]:
    """The tables that are worth cutting, and are not cut."""
    return [table for table in TABLES if not is_parted(table) and rows_about(table) >= LARGE]


def newest_participant() -> int:
    """The id that the newest participant may have: none that is given later is lower."""
    last = one(
        "SELECT coalesce(pg_sequence_last_value("
        "pg_get_serial_sequence('responses_participant', 'id')), 0)"
    )
    return max(int(last), int(one("SELECT coalesce(max(id), 0) FROM responses_participant")))


def rest_of(table: str) -> str:
    """The name of the part that takes what fits in no other, so that nothing is ever refused."""
    return f"{table}_{REST}"


def one(statement: str, parameters: Any = None) -> int:
    """The only value of the only row."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        (value,) = cursor.fetchone()
    return value  # type: ignore[no-any-return]


def _part(name: str, bound: str) -> Part | None:
    found = RANGE.search(bound)
    if found is None:
        return None
    first = None if found[1] == "MINVALUE" else int(found[1].strip("'"))
    return Part(int(found[2]), first, name)
