"""`make bench-burst`: 5,000 arrivals in a minute, whatever the site makes of those before them.

A panel invites 5,000 people. They come at times that know nothing of each other, and each waits
from the moment they come. More come than the machine is through with, so a queue grows; afterwards
it is seen how long until everybody is through, and whether anybody was refused or lost.
"""

import argparse
import gc
import resource
from contextlib import ExitStack
from dataclasses import asdict
from functools import partial
from statistics import median
from typing import Any

from benchmarks import command, product
from benchmarks.load import run_open
from benchmarks.measuring import Runs, Summary, System, summary
from benchmarks.report import agreement, drafts_line, machine, runs_of, write_json
from benchmarks.schedule import SCHEDULES
from benchmarks.servers import postgres
from benchmarks.systems import counted, product_and_floor, warm_up
from benchmarks.thinking import add_options, scripts_of, thinking

IN_FLIGHT = 16
RUN = "burst"
HEADER = (
    f"{'':10}{'through after s':>16}{'participants/s':>16}{'most at once':>14}"
    f"{'first page p50':>16}{'p99':>9}{'max':>9}{'request p50':>13}{'p99':>9}{'max':>9}"
    f"{'errors':>8}{'CPU ms: web':>13}{'Postgres':>10}"
    f"{'worker':>8}{'beat':>6}{'Valkey':>8}{'clients':>9}"
)


def main() -> None:
    """Measures, prints, and ends with 1 if anybody was refused or anything was lost."""
    command.run(lambda: bench(_arguments()))


def bench(arguments: argparse.Namespace) -> bool:
    """Lets the systems take turns and prints them; returns whether all went well."""
    with ExitStack() as stack:
        server = stack.enter_context(postgres())
        about = machine(server.url())
        systems = product_and_floor(stack, server, web_alone=arguments.web_alone)
        # The servers have the limit of this shell, as they would have under `make run`.
        _open_many_files()
        gc.collect()
        gc.freeze()
        warm_up(systems, IN_FLIGHT)
        asked = [system for system in systems if system.name in arguments.systems]
        for repeat in range(arguments.repeats):
            for system in asked:
                system.repeat(RUN, _drive(arguments, f"{arguments.seed}-{repeat}"))
        agreed = [agreement(*pair) for pair in zip(systems, counted(server), strict=True)]
        result = {"machine": about, "options": vars(arguments)}
        return _report(asked, agreed, result)


def _drive(arguments: argparse.Namespace, seed: str) -> Any:
    number = arguments.arrivals
    arrivals = SCHEDULES[arguments.schedule](number, number / arguments.seconds, seed)
    return partial(
        run_open,
        entry=product.ENTRY,
        arrivals=arrivals,
        seed=seed,
        thinks=thinking(number, arguments.think),
        scripts=scripts_of(arguments.scripts, number),
    )


def _report(systems: list[System], agreed: list[tuple[bool, str]], about: dict[str, Any]) -> bool:
    print(*(f"{name}: {text}" for name, text in about["machine"].items()), sep="; ")
    options = about["options"]
    print(
        f"{options['arrivals']:,} arrivals in {options['seconds']:g} s ({options['schedule']}), "
        f"thinking {options['think']:g} times as long as people; times in ms"
    )
    print(HEADER)
    summaries = [summary(system.name, system.runs[RUN]) for system in systems]
    for system, each in zip(systems, summaries, strict=True):
        print(_line(each, system.runs[RUN]))
    for each in summaries:
        if each.drafts_each:
            print(drafts_line(each))
    for system in systems:
        for error, times in system.errors.items():
            print(f"{system.name}: {times} × {error}")
        late = max(load.late for load, _ in system.runs[RUN])
        print(f"{system.name}: the load generator itself was late by {1000 * late:.0f} ms at most")
    print(*(line for _, line in agreed), sep="\n")
    written = {"summaries": [asdict(each) for each in summaries], "runs": runs_of(systems)}
    write_json("burst", {**about, **written})
    return all(holds for holds, _ in agreed) and not any(system.errors for system in systems)


def _line(one: Summary, runs: Runs) -> str:
    through = median(load.seconds for load, _ in runs)
    first, each = one.firsts, one.requests
    return (
        f"{one.name:10}{through:16.1f}{one.rate:16.1f}{max(load.most for load, _ in runs):14}"
        f"{first.p50:16.0f}{first.p99:9.0f}{first.longest:9.0f}"
        f"{each.p50:13.0f}{each.p99:9.0f}{each.longest:9.0f}{sum(one.errors.values()):8}"
        f"{one.web_ms:13.1f}{one.postgres_ms:10.1f}{one.worker_ms:8.1f}"
        f"{one.beat_ms:6.1f}{one.valkey_ms:8.1f}{one.clients_ms:9.1f}"
    )


def _open_many_files() -> None:
    """Each respondent has a connection of their own."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.burst", description=__doc__)
    parser.add_argument("--arrivals", type=command.positive, default=5000)
    parser.add_argument("--seconds", type=float, default=60.0, help="in which they come")
    parser.add_argument("--schedule", choices=SCHEDULES, default="poisson")
    add_options(parser)
    parser.add_argument("--repeats", type=command.positive, default=1)
    parser.add_argument("--systems", nargs="+", default=["product", "floor"])
    parser.add_argument("--seed", default="1", help="the same gives the same respondents")
    return parser.parse_args()


if __name__ == "__main__":
    main()
