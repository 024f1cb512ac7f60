"""`make bench-monitor`: what the monitor of a large study asks of the database.

With `--pages`: what each page of the desk does.
"""

import argparse
from statistics import median
from time import perf_counter
from typing import Any

import psutil

from benchmarks import command, product
from benchmarks.report import machine
from benchmarks.servers import postgres

GOAL_MS = 50.0
# Of a page of the desk with 100,000 participants.
MOST_MS = 1000.0
# What a busy site's participants change between two folds.
NOTES = 5_000

COUNT_ALL = """
SELECT mode, state, page, version_id, count(*), count(exposed_at), count(consented_at)
FROM responses_participant WHERE study_id = %s GROUP BY 1, 2, 3, 4
"""


def main() -> None:
    """Measures, prints, and ends with 1 if the goal was missed."""
    command.run(lambda: bench(_arguments()))


def bench(arguments: argparse.Namespace) -> bool:
    """Fills a study and opens its monitor many times; returns whether the goal was met."""
    with postgres() as server:
        print(*(f"{name}: {text}" for name, text in machine(server.url()).items()), sep="; ")
        product.prepare(server.url())
        return (_paged if arguments.pages else _measured)(arguments)


def _measured(arguments: argparse.Namespace) -> bool:
    # These know the models, which are there only now.
    from benchmarks.monitor.people import fill, note  # noqa: PLC0415
    from responses.tallies import fold_tallies, wrong_tallies  # noqa: PLC0415

    study = fill(arguments.participants)
    before = perf_counter()
    right = not wrong_tallies(study)
    print(f"{arguments.participants} participants; tallies right: {right}, ", end="")
    print(f"which a count of everybody says in {perf_counter() - before:.1f} s")
    watch = f"/admin/responses/participant/watch/{study.slug}/"
    folded = _opened("monitor, all folded", watch, arguments.repeats)
    note(study, NOTES)
    noted = _opened(f"monitor, {NOTES} notes not folded", watch, arguments.repeats)
    before = perf_counter()
    notes = fold_tallies()
    print(f"fold of {notes} notes: {1000 * (perf_counter() - before):.0f} ms")
    _opened("next looks", f"/admin/analysis/look/study/{study.slug}/next/", 3)
    _timed("flow by counting everybody, as before", COUNT_ALL, [study.pk])
    return right and max(folded, noted) < GOAL_MS


def _paged(arguments: argparse.Namespace) -> bool:
    """Opens each page of the desk; returns whether each worked for less than a second."""
    from benchmarks.monitor.pages import at_the_desk, opened, pages  # noqa: PLC0415
    from benchmarks.monitor.people import fill, sent  # noqa: PLC0415

    study = fill(arguments.participants)
    sent(study)
    client, most = at_the_desk(), 0.0
    print("| page | statements | blocks | rows | waited, ms | CPU of the database, ms | ours, ms |")
    for name, address in pages(study).items():
        each = opened(name, address, client)
        print(
            f"| {name} | {each.statements} | {each.blocks} | {each.rows} | {each.waited:.0f} "
            f"| {each.cpu:.0f} | {each.python:.0f} |"
        )
        most = max(most, each.cpu + each.python)
    return most < MOST_MS


def _opened(name: str, address: str, repeats: int) -> float:
    """The milliseconds that a page spends on the database: the median of its openings."""
    from django.db import connection  # noqa: PLC0415

    from benchmarks.monitor.pages import at_the_desk  # noqa: PLC0415

    client, spent = at_the_desk(), list[float]()

    def timed(execute: Any, *asked: Any) -> Any:
        before = perf_counter()
        try:
            return execute(*asked)
        finally:
            spent.append(1000 * (perf_counter() - before))

    totals, wholes, number = [], [], 0
    busy = 0.0
    for turn in range(repeats + 1):
        spent.clear()
        # The first opening warms up.
        busy = _cpu_ms() if turn == 1 else busy
        before = perf_counter()
        with connection.execute_wrapper(timed):
            response = client.get(address)
        if response.status_code != 200:
            raise RuntimeError(f"{address} answered {response.status_code}.")
        totals.append(sum(spent))
        wholes.append(1000 * (perf_counter() - before))
        number = len(spent)
    totals, wholes = totals[1:], wholes[1:]
    cpu = (_cpu_ms() - busy) / repeats
    print(
        f"{name}: database {median(totals):.1f} ms ({min(totals):.1f}–{max(totals):.1f}), "
        f"{cpu:.1f} ms of its CPU, {number} statements; whole page {median(wholes):.0f} ms, "
        f"{len(response.content)} bytes"
    )
    return median(totals)


def _cpu_ms() -> float:
    """The CPU that the server's process of this connection has used."""
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        times = psutil.Process(cursor.fetchone()[0]).cpu_times()
    return float(1000 * (times.user + times.system))


def _timed(name: str, statement: str, asked: list[Any]) -> None:
    from django.db import connection  # noqa: PLC0415

    took = []
    for _ in range(3):
        before = perf_counter()
        with connection.cursor() as cursor:
            cursor.execute(statement, asked)
            cursor.fetchall()
        took.append(1000 * (perf_counter() - before))
    print(f"{name}: {median(took):.0f} ms")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.monitor", description=__doc__)
    parser.add_argument("--participants", type=int, default=1_000_000)
    parser.add_argument("--pages", action="store_true", help="all pages of the desk instead")
    parser.add_argument("--repeats", type=int, default=20, help="openings of the page")
    return parser.parse_args()


if __name__ == "__main__":
    main()
