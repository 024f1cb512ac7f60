"""`make bench-pages`: whole journeys through the site and through the floor, taken in turn."""

import argparse
import gc
from contextlib import ExitStack
from dataclasses import asdict
from functools import partial
from statistics import median
from typing import Any

from benchmarks import command, product
from benchmarks.load import run_load
from benchmarks.measuring import Summary, System, summary
from benchmarks.report import HEADER, agreement, drafts_line, line_of, machine, runs_of, write_json
from benchmarks.servers import postgres
from benchmarks.systems import counted, product_and_floor, warm_up
from benchmarks.thinking import add_options, scripts_of, thinking


def main() -> None:
    """Measures, prints, and ends with 1 if something went wrong or got lost."""
    command.run(lambda: bench(_arguments()))


def bench(arguments: argparse.Namespace) -> bool:
    """Runs the comparison and prints it; returns whether all went well."""
    with ExitStack() as stack:
        server = stack.enter_context(postgres())
        about = machine(server.url())
        systems = product_and_floor(stack, server, web_alone=arguments.web_alone)
        # What was set up stays; the collector need not look at it again while respondents wait.
        gc.collect()
        gc.freeze()
        for in_flight in arguments.in_flight:
            _measure(systems, in_flight, arguments)
        agreed = [agreement(*pair) for pair in zip(systems, counted(server), strict=True)]
        return _report(systems, agreed, {"machine": about, "options": vars(arguments)})


def _measure(systems: list[System], in_flight: int, arguments: argparse.Namespace) -> None:
    """Warms both up, then lets them take turns, so that a slow minute slows both."""
    warm_up(systems, in_flight)
    thinks = thinking(arguments.journeys, arguments.think)
    scripts = scripts_of(arguments.scripts, arguments.journeys)
    for repeat in range(arguments.repeats):
        drive = partial(
            run_load,
            entry=product.ENTRY,
            journeys=max(arguments.journeys, 3 * in_flight),
            in_flight=in_flight,
            seed=f"{arguments.seed}-{repeat}",
            thinks=thinks,
            scripts=scripts,
        )
        # Which one is first takes turns, too: what grows slowly would be on one side else.
        for system in systems if repeat % 2 == 0 else reversed(systems):
            system.repeat(_name(in_flight), drive)


def _report(systems: list[System], agreed: list[tuple[bool, str]], about: dict[str, Any]) -> bool:
    print(*(f"{name}: {text}" for name, text in about["machine"].items()), sep="; ")
    print(HEADER)
    compared, summaries = [], list[Summary]()
    for name in systems[0].runs:
        both = [summary(f"{one.name}, {name}", one.runs[name]) for one in systems]
        print(*map(line_of, both), sep="\n")
        for one in both:
            if one.drafts_each:
                print(drafts_line(one))
        compared.append(_compared(name, systems, both))
        summaries += both
    for system in systems:
        for error, times in system.errors.items():
            print(f"{system.name}: {times} × {error}")
    print(*(line for _, line in agreed), sep="\n")
    result = {"summaries": [asdict(each) for each in summaries], "compared": compared}
    write_json("pages", {**about, **result, "runs": runs_of(systems)})
    for each in compared:
        print(
            f"{each['name']}: ratio of each repeat: "
            f"{', '.join(f'{ratio:.2f}' for ratio in each['ratios'])}; "
            f"p99 to the floor's: {each['p99']:.2f}; "
            f"server CPU to the floor's: {each['server CPU']:.2f}"
        )
    # Where several numbers at a time are asked for, the least.
    print(f"ratio to floor: {min(median(each['ratios']) for each in compared):.2f}")
    return all(holds for holds, _ in agreed) and not any(system.errors for system in systems)


def _compared(name: str, systems: list[System], both: list[Summary]) -> dict[str, Any]:
    site, floor = both
    runs = zip(*(system.runs[name] for system in systems), strict=True)
    return {
        "name": name,
        "ratios": [mine.rate / its.rate for (mine, _), (its, _) in runs],
        "p99": site.requests.p99 / floor.requests.p99,
        "server CPU": site.servers_ms / floor.servers_ms,
    }


def _name(in_flight: int) -> str:
    return f"{in_flight} in flight"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pages", description=__doc__)
    positive = command.positive
    parser.add_argument("--journeys", type=positive, default=600, help="in each repeat, at least")
    parser.add_argument(
        "--in-flight", type=positive, nargs="+", default=[16, 200], help="respondents at a time"
    )
    parser.add_argument("--repeats", type=positive, default=3)
    parser.add_argument("--seed", default="1", help="the same gives the same respondents")
    add_options(parser)
    return parser.parse_args()


if __name__ == "__main__":
    main()
