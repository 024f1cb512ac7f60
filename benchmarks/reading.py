"""What a request makes the database read, and what it takes; imported once Django is set up.

Blocks and rows don't depend on what else the machine does, but for another session that reads in
the same database meanwhile, such as an autovacuum: so the least of several openings counts.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter, process_time
from typing import Any

import psutil
from django.db import connection

READ = """
SELECT blks_hit + blks_read, tup_returned + tup_fetched
FROM pg_stat_database WHERE datname = current_database()
"""


@dataclass(frozen=True)
class Opening:
    """One request: its statements, what they read, and times in ms.

    `blocks` and `rows` are those that the database read, `waited` how long it was waited for, `cpu`
    what its process worked, `python` what ours did.
    """

    name: str
    statements: int
    blocks: int
    rows: int
    waited: float
    cpu: float
    python: float


def read_by(name: str, act: Callable[[], object]) -> Opening:
    """What that does."""
    took: list[float] = []

    def timed(execute: Any, *asked: Any) -> Any:
        start = perf_counter()
        try:
            return execute(*asked)
        finally:
            took.append(1000 * (perf_counter() - start))

    blocks, rows, cpu = _state()
    before = process_time()
    with connection.execute_wrapper(timed):
        act()
    python = 1000 * (process_time() - before)
    blocks_after, rows_after, cpu_after = _state()
    return Opening(
        name=name,
        statements=len(took),
        blocks=blocks_after - blocks,
        rows=rows_after - rows,
        waited=sum(took),
        cpu=cpu_after - cpu,
        python=python,
    )


def least(openings: Sequence[Opening]) -> Opening:
    """Of the same request several times: the least that was read, and the middle times."""
    return Opening(
        name=openings[0].name,
        statements=min(each.statements for each in openings),
        blocks=min(each.blocks for each in openings),
        rows=min(each.rows for each in openings),
        waited=median(each.waited for each in openings),
        cpu=median(each.cpu for each in openings),
        python=median(each.python for each in openings),
    )


def _state() -> tuple[int, int, float]:
    """Blocks and rows that this database has read, and the CPU of its process, in ms."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush(), pg_backend_pid()")
        times = psutil.Process(cursor.fetchone()[1]).cpu_times()
        cursor.execute(READ)
        blocks, rows = cursor.fetchone()
    return blocks, rows, 1000 * (times.user + times.system)
