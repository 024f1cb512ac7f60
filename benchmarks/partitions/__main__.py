"""`make bench-partitions`: cuts large tables while participants answer, and compares.

Ends with 1 if a row was lost or changed, an export differs, or a participant met an error.
"""

import argparse
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from importlib import import_module
from typing import Any

from benchmarks import command, product
from benchmarks.counting import counted_in_product
from benchmarks.measuring import Summary, System, summary
from benchmarks.report import agreement, machine, write_json
from benchmarks.servers import postgres, results_folder
from benchmarks.systems import driving, product_alone
from coprod_site.postgres_server import PostgresServer

DIFFERENT, IN_FLIGHT = 100, 8


def main() -> None:
    """Rehearses, prints, and ends with its verdict."""
    command.run(lambda: bench(_arguments()))


def bench(arguments: argparse.Namespace) -> bool:
    """Fills the tables, cuts them under load, and returns whether all is as it was."""
    with ExitStack() as stack:
        server = stack.enter_context(postgres())
        about = machine(server.url())
        found = _rehearsed(arguments, server, product_alone(stack, server))
    print(*(f"{name}: {text}" for name, text in about.items()), sep="; ")
    for name, value in found.items():
        print(f"{name}: {value}")
    write_json("partitions", {"machine": about, **found})
    return not found["wrong"]


def _rehearsed(
    arguments: argparse.Namespace, server: PostgresServer, system: System
) -> dict[str, Any]:
    steps = import_module("benchmarks.partitions.rehearsed")
    study = import_module("experiments.models").Study.objects.get(slug=product.STUDY)
    # The first ones are those who are copied; they warm the site up.
    system.run(driving(DIFFERENT, IN_FLIGHT, "first"))
    copies = import_module("benchmarks.partitions.copies")
    people = copies.pilot_of(study, arguments.participants)
    _load(system, "before", arguments.journeys)
    up_to = steps.newest()
    before, whole = steps.held(study, up_to), steps.sizes()
    killed, said = _cut_meanwhile(arguments, system, steps)
    _load(system, "after", arguments.journeys)
    after, cut = steps.held(study, up_to), steps.sizes()
    again = steps.commanded()
    there = steps.restored(server, str(results_folder()), up_to)
    deleted = steps.without_pilot()
    agrees, line = agreement(system, counted_in_product(product.STUDY))
    found = {
        "rows": before.rows == after.rows,
        "exports": before.exports == after.exports,
        "restored": there == list(before.rows),
        "agreement": agrees,
        "errors": not system.errors,
        "not cut again": again.count("has 3 parts") == len(before.rows),
    }
    return {
        **{"people": people, "rows": [rows for rows, _ in before.rows], "killed": killed},
        **{"said": said, "agreement": line},
        **{"bytes before (rows, indexes)": whole, "bytes after": cut},
        "export seconds": (round(before.seconds, 1), round(after.seconds, 1)),
        "seconds to delete the pilot": deleted,
        **{name: _said(summary(name, runs)) for name, runs in system.runs.items()},
        "wrong": [name for name, holds in found.items() if not holds],
    }


def _cut_meanwhile(arguments: argparse.Namespace, system: System, steps: Any) -> tuple[int, str]:
    """People answer all the while, and the command is killed a few times before it may end."""
    with ThreadPoolExecutor(1) as thread:
        answering = thread.submit(_load, system, "meanwhile", 2 * arguments.journeys)
        killed, said = steps.broken_off(arguments.kills, "kills"), steps.commanded()
        answering.result()
    return killed, said.strip()


def _load(system: System, name: str, journeys: int) -> None:
    system.repeat(name, driving(journeys, IN_FLIGHT, name))


def _said(found: Summary) -> str:
    return (
        f"CPU ms per participant: web {found.web_ms:.1f}, Postgres {found.postgres_ms:.1f}; "
        f"POST p50 {found.posts.p50:.0f} ms, p99 {found.posts.p99:.0f}, longest "
        f"{found.posts.longest:.0f}"
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.partitions", description=__doc__)
    parser.add_argument("--participants", type=int, default=200_000, help="of the pilot")
    parser.add_argument("--journeys", type=int, default=300, help="in each run of the load")
    parser.add_argument("--kills", type=int, default=3, help="how often the command is killed")
    return parser.parse_args()


if __name__ == "__main__":
    main()
