"""What Postgres does for a statement, as EXPLAIN (ANALYZE, BUFFERS) tells it.

Imported once Django is set up. The blocks are those of this connection's process alone, so that
nothing else that runs in the database is among them.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

EXPLAIN = "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) "


@dataclass(frozen=True)
class Read:
    """How many blocks were read, from memory or not, and how many rows scans came to."""

    blocks: int
    rows: int

    def __add__(self, other: "Read") -> "Read":
        return Read(self.blocks + other.blocks, self.rows + other.rows)


def read_by_statements(act: Callable[[], object]) -> Read:
    """What the SELECTs read that are sent meanwhile: each is run once more, explained."""
    sent: list[tuple[str, Any]] = []

    def keeps(execute: Any, sql: str, asked: Any, *rest: Any) -> Any:
        sent.append((sql, asked))
        return execute(sql, asked, *rest)

    with connection.execute_wrapper(keeps):
        act()
    return sum((_read(*each) for each in sent if _selects(each[0])), Read(0, 0))


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A node of a plan and all below it."""
    yield plan
    for each in plan.get("Plans", ()):
        yield from nodes(each)


def blocks_of(node: dict[str, Any]) -> int:
    """The blocks that a node and those below it read."""
    return int(node["Shared Hit Blocks"] + node["Shared Read Blocks"])


def _selects(sql: str) -> bool:
    return sql.lstrip().startswith(("SELECT", "WITH", "("))


def _read(sql: str, asked: Any) -> Read:
    with connection.cursor() as cursor:
        cursor.execute(EXPLAIN + sql, asked)
        told = cursor.fetchone()[0]
    (top,) = json.loads(told) if isinstance(told, str) else told
    rows = sum(_rows(each) for each in nodes(top["Plan"]) if "Scan" in each["Node Type"])
    return Read(blocks_of(top["Plan"]), round(rows))


def _rows(scan: dict[str, Any]) -> float:
    """Rows that a scan came to, those that it left out included."""
    left_out = sum(number for name, number in scan.items() if name.startswith("Rows Removed"))
    return float((scan["Actual Rows"] + left_out) * scan["Actual Loops"])
