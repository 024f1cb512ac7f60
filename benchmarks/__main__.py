"""`make bench`: whole journeys through the site and through the floor, taken in turn."""

import argparse
import gc
from contextlib import ExitStack
from dataclasses import asdict
from typing import Any

from benchmarks import command, product
from benchmarks.counting import counted_in_floor, counted_in_product
from benchmarks.floor.tables import make_database, make_tables, pages_of
from benchmarks.measuring import System, summary
from benchmarks.report import HEADER, agreement, line_of, machine, write_json
from benchmarks.servers import postgres, results_folder, web
from coprod_site.postgres_server import PostgresServer
from coprod_site.problems import StartError

FLOOR_DATABASE = "floor"
# Enough that every web worker has met every page for every arm.
WARM_UP = 128


def main() -> None:
    """Measures, prints, and ends with 1 if something went wrong or got lost."""
    command.run(lambda: bench(_arguments()))


def bench(arguments: argparse.Namespace) -> bool:
    """Runs the comparison and prints it; returns whether all went well."""
    with ExitStack() as stack:
        server = stack.enter_context(postgres())
        about = machine(server.url())
        systems = _systems(stack, server)
        _measure(systems, arguments)
        counted = (
            counted_in_product(product.STUDY),
            counted_in_floor(server.url(FLOOR_DATABASE)),
        )
        agreed = [agreement(*pair) for pair in zip(systems, counted, strict=True)]
        return _report(systems, agreed, {"machine": about, "options": vars(arguments)})


def _systems(stack: ExitStack, server: PostgresServer) -> list[System]:
    """The product and the floor, both up: one that nobody asks takes no CPU."""
    product.prepare(server.url())
    process = server.process()
    if process is None:
        raise StartError("Postgres ended while the benchmark was being set up.")
    site = stack.enter_context(web("coprod_site.wsgi:application", server.url()))
    pages = pages_of(site.site, product.ENTRY)
    url = server.url(FLOOR_DATABASE)
    make_database(server.url(), FLOOR_DATABASE)
    make_tables(url, pages)
    floor = stack.enter_context(web("benchmarks.floor.wsgi:application", url))
    systems = [System("product", site, process), System("floor", floor, process)]
    # The respondent whose pages were kept.
    systems[0].told.update(completed=1, submissions=len(pages) - 1)
    return systems


def _measure(systems: list[System], arguments: argparse.Namespace) -> None:
    """Warms both up, then lets them take turns, so that a slow minute slows both."""
    # What was set up stays; the collector need not look at it again while respondents wait.
    gc.collect()
    gc.freeze()
    in_flight = arguments.in_flight
    warm_up = max(WARM_UP, in_flight)
    for system in systems:
        system.run(product.ENTRY, journeys=warm_up, in_flight=in_flight, seed="warm")
    for repeat in range(arguments.repeats):
        for system in systems:
            system.repeat(
                product.ENTRY,
                journeys=arguments.journeys,
                in_flight=in_flight,
                seed=f"{arguments.seed}-{repeat}",
            )


def _report(systems: list[System], agreed: list[tuple[bool, str]], about: dict[str, Any]) -> bool:
    site, floor = summaries = [summary(system) for system in systems]
    ratios = [
        mine[0].rate / its[0].rate
        for mine, its in zip(systems[0].runs, systems[1].runs, strict=True)
    ]
    result = {**about, "summaries": [asdict(each) for each in summaries], "ratios": ratios}
    path = write_json(results_folder(), result, systems)
    print(*(f"{name}: {text}" for name, text in about["machine"].items()), sep="; ")
    print(HEADER, *map(line_of, summaries), sep="\n")
    for each in summaries:
        for error, times in each.errors.items():
            print(f"{each.name}: {times} × {error}")
    print(*(line for _, line in agreed), sep="\n")
    print(f"All figures: {path}")
    print(f"server CPU to the floor's: {site.servers_ms / floor.servers_ms:.2f}")
    print(f"ratio of each repeat: {', '.join(f'{ratio:.2f}' for ratio in ratios)}")
    print(f"ratio to floor: {site.rate / floor.rate:.2f}")
    return all(holds for holds, _ in agreed) and not (site.errors or floor.errors)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--journeys", type=_positive, default=600, help="in each repeat")
    parser.add_argument("--in-flight", type=_positive, default=16, help="respondents at a time")
    parser.add_argument("--repeats", type=_positive, default=3)
    parser.add_argument("--seed", default="1", help="the same gives the same respondents")
    return parser.parse_args()


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("give a number above 0")
    return number


if __name__ == "__main__":
    main()
