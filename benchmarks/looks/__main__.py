"""`make bench-looks`: cell means beside statsmodels', and whole looks of many participants."""

import argparse
import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from importlib import import_module
from importlib.metadata import version
from itertools import chain, pairwise
from math import log
from statistics import median

from benchmarks import command, product
from benchmarks.looks.one_look import Taken, look_at
from benchmarks.looks.regressions import SYSTEMS, Turn, turn
from benchmarks.report import machine
from benchmarks.servers import postgres, results_folder

# Ours and statsmodels' numbers may differ by so much of themselves.
TOLERANCE = 1e-10
LIBRARIES = ("numpy", "scipy", "statsmodels")


def main() -> None:
    """Measures, prints, and ends with 1 if the numbers differ."""
    command.run(lambda: bench(_arguments()))


def bench(arguments: argparse.Namespace) -> bool:
    """Runs both parts and prints them; returns whether all numbers are the same."""
    turns: dict[str, list[Turn]] = {system: [] for system in SYSTEMS}
    for _ in range(arguments.repeats):
        for system in SYSTEMS:
            turns[system].append(turn(system, arguments.rows))
    apart = _largest_difference(turns)
    print(*_lines(turns, apart), sep="\n")
    with postgres() as server:
        about = machine(server.url()) | {name: version(name) for name in LIBRARIES}
        looks = list(_looks(server.url(), arguments.participants))
    print(*_growth(looks), sep="\n")
    print(*(f"{name}: {text}" for name, text in about.items()), sep="; ")
    result = {
        "machine": about,
        "options": vars(arguments),
        "turns": {system: list(map(asdict, each)) for system, each in turns.items()},
        "largest relative difference": apart,
        "looks": list(map(asdict, looks)),
    }
    path = results_folder() / f"looks-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.json"
    path.write_text(json.dumps(result, indent=2) + "\n")
    print(f"All figures: {path}")
    return apart <= TOLERANCE


def _looks(url: str, sizes: list[int]) -> Iterator[Taken]:
    if not sizes:
        return
    product.prepare(url)
    # It knows the models, which are there only now.
    people = import_module("benchmarks.looks.people")
    for n in sizes:
        taken = look_at(people.due_study(n).slug)
        print(
            f"A look of {taken.n:,} participants: {taken.seconds:.1f} s by the clock, "
            f"{taken.cpu:.1f} CPU s and {taken.postgres_cpu:.1f} of Postgres; at most "
            f"{taken.megabytes:.0f} MB, {taken.megabytes_before:.0f} of them before it began, and "
            f"{taken.megabytes_after:.0f} after it.",
            flush=True,
        )
        yield taken


def _growth(looks: list[Taken]) -> Iterator[str]:
    """How CPU and memory grow from one size to the next: 1 is in proportion."""
    for few, many in pairwise(looks):
        times = log(many.n / few.n)
        cpu = log((many.cpu + many.postgres_cpu) / (few.cpu + few.postgres_cpu)) / times
        each = (many.megabytes - few.megabytes) / (many.n - few.n) * 2**20
        yield (
            f"from {few.n:,} to {many.n:,}: CPU grows with the power {cpu:.2f} of their number, "
            f"the peak by {each:.0f} bytes a participant"
        )


def _lines(turns: dict[str, list[Turn]], apart: float) -> Iterator[str]:
    for model in ("cells", "lin"):
        for system, each in turns.items():
            seconds = [one.seconds[model] for one in each]
            yield f"{model:6}{system:12}{_spread(seconds)} s"
        ratios = [
            theirs.seconds[model] / ours.seconds[model]
            for ours, theirs in zip(*turns.values(), strict=True)
        ]
        yield f"{model:6}statsmodels takes {_spread(ratios)} times as long"
    for system, each in turns.items():
        yield f"memory of {system} beyond the rows: {_spread([t.megabytes for t in each])} MB"
    yield f"largest relative difference: {apart:.1e}{'' if apart <= TOLERANCE else ': TOO MUCH'}"


def _spread(values: list[float]) -> str:
    return f"{median(values):.2f} ({min(values):.2f}–{max(values):.2f})"


def _largest_difference(turns: dict[str, list[Turn]]) -> float:
    ours, theirs = (
        list(chain.from_iterable(chain.from_iterable(each[0].found.values())))
        for each in turns.values()
    )
    return max(abs(a - b) / abs(b) for a, b in zip(ours, theirs, strict=True))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.looks", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="of the regressions")
    parser.add_argument("--repeats", type=int, default=5, help="turns of each")
    parser.add_argument(
        "--participants", type=int, nargs="*", default=[100_000, 1_000_000], help="of whole looks"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
