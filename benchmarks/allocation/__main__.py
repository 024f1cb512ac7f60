"""`make bench-allocation`: allocations per second beside a bare UPDATE and a bare INSERT."""

import argparse
import os
from importlib import import_module

import psycopg

from benchmarks import command, product
from benchmarks.allocation.report import lines, write_json
from benchmarks.report import machine
from benchmarks.servers import postgres, results_folder
from coprod_site.problems import StartError


def main() -> None:
    """Measures, prints, and ends with 1 if a ledger does not replay or a count is off."""
    command.run(lambda: bench(_arguments()))


def bench(arguments: argparse.Namespace) -> bool:
    """Runs the comparison and prints it; returns whether the database holds what was done."""
    with postgres() as server:
        about = machine(server.url())
        if arguments.flush_ms:
            _slow_down(server.url(), arguments.flush_ms)
        product.prepare(server.url())
        process = server.process()
        if process is None:
            raise StartError("Postgres ended while the benchmark was being set up.")
        # It knows the models, which are there only now.
        turns = import_module("benchmarks.allocation.turns")
        runs, kept = turns.take_turns(process, arguments.repeats, arguments.transactions)
    about["load average after"] = f"{os.getloadavg()[0]:.1f}"
    print(*(f"{name}: {text}" for name, text in about.items()), sep="; ")
    print(*lines(runs), sep="\n")
    print(*(each.line for each in kept), sep="\n")
    result = {"machine": about, "options": vars(arguments)}
    print(f"All figures: {write_json(results_folder(), result, runs, kept)}")
    return all(each.agrees for each in kept)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.allocation", description=__doc__)
    parser.add_argument("--transactions", type=command.positive, default=300, help="in each turn")
    parser.add_argument("--repeats", type=command.positive, default=11, help="rounds")
    parser.add_argument(
        "--flush-ms",
        type=command.positive,
        help="as if the disk took so much longer at every commit",
    )
    return parser.parse_args()


def _slow_down(url: str, milliseconds: int) -> None:
    """Has Postgres wait before it flushes a commit: a stand-in for a slower disk."""
    with psycopg.connect(url, autocommit=True) as connection:
        for name, value in (("commit_delay", 1000 * milliseconds), ("commit_siblings", 0)):
            connection.execute(f"ALTER SYSTEM SET {name} = {value}")
        connection.execute("SELECT pg_reload_conf()")


if __name__ == "__main__":
    main()
