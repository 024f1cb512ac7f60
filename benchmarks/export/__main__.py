"""`make bench-export`: every format of an export beside a bare COPY of the same columns.

Of several sizes, and with which power of the participants time, file and memory grow.
"""

import argparse
from collections.abc import Callable, Iterator
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks import command, product
from benchmarks.export.apart import export_apart
from benchmarks.report import machine, write_json
from benchmarks.servers import postgres, results_folder
from benchmarks.slopes import Slope, slope

# An export may take so many times as long as a bare COPY, and so many MB.
MOST_TIMES, MOST_MEGABYTES = 2.0, 200.0
FORMATS = ["csv", "parquet", "jsonl"]


def main() -> None:
    """Measures, prints, and ends with 1 if CSV takes too long or a format too much memory."""
    command.run(lambda: bench(_arguments()))


def bench(arguments: argparse.Namespace) -> bool:
    """Lets all systems take turns, size after size; returns whether the bounds hold at the last."""
    sizes = sorted(set(arguments.participants))
    with postgres() as server:
        about = machine(server.url())
        product.prepare(server.url())
        with TemporaryDirectory(dir=results_folder()) as folder:
            found = {n: _turns(n, arguments, Path(folder)) for n in sizes}
    for n, turns in found.items():
        print(f"{n:,} participants", *_lines(turns), sep="\n")
    slopes = _slopes(found)
    print(*_told(slopes), sep="\n")
    print(*(f"{name}: {text}" for name, text in about.items()), sep="; ")
    result = {
        "machine": about,
        "options": vars(arguments),
        "sizes": {
            str(n): {system: list(map(asdict, each)) for system, each in turns.items()}
            for n, turns in found.items()
        },
        "powers": {
            system: {name: asdict(each) if each else None for name, each in figures.items()}
            for system, figures in slopes.items()
        },
    }
    write_json("export", result)
    last = found[sizes[-1]]
    csv = median(_ratios(last, "csv")) if "csv" in last else 0.0
    most = max(one.megabytes for each in last.values() for one in each)
    return csv <= MOST_TIMES and most <= MOST_MEGABYTES


# What is told of a turn, and by which its size is judged.
FIGURES: dict[str, Callable[[Any], float]] = {
    "seconds": lambda taken: taken.seconds,
    "bytes of the file": lambda taken: taken.size,
    "memory": lambda taken: taken.megabytes,
}


def _slopes(found: dict[int, dict[str, list[Any]]]) -> dict[str, dict[str, Slope | None]]:
    """With which power each figure of each system grows."""
    return {
        system: {
            name: slope(list(found), [list(map(figure, turns[system])) for turns in found.values()])
            for name, figure in FIGURES.items()
        }
        for system in next(iter(found.values()))
    }


def _told(slopes: dict[str, dict[str, Slope | None]]) -> Iterator[str]:
    for system, figures in slopes.items():
        grown = [f"{name} {each}" for name, each in figures.items() if each]
        if grown:
            yield f"{system:12}grow with the power: {', '.join(grown)}"


def _turns(n: int, arguments: argparse.Namespace, folder: Path) -> dict[str, list[Any]]:
    # They know the models, which are there only now.
    one_export = import_module("benchmarks.export.one_export")
    study = import_module("benchmarks.export.many").many_participants(n)
    systems = [one_export.BARE, *filter(one_export.is_format, arguments.formats)]
    turns: dict[str, list[Any]] = {system: [] for system in systems}
    for number in range(arguments.repeats + 1):
        for system in systems:
            taken = one_export.Taken(**export_apart(system, study.slug, folder))
            # The first turn of each fills the caches.
            turns[system] += [taken] if number else []
            print(f"{n:,}, {system}: {taken.seconds:.2f} s", flush=True)
    return turns


def _ratios(turns: dict[str, list[Any]], system: str) -> list[float]:
    bare = next(iter(turns.values()))
    return [a.seconds / b.seconds for a, b in zip(turns[system], bare, strict=True)]


def _lines(turns: dict[str, list[Any]]) -> Iterator[str]:
    for system, each in turns.items():
        yield (
            f"{system:12}{_spread([one.seconds for one in each])} s"
            f"  {_spread(_ratios(turns, system))} times the bare COPY"
            f"  at most {max(one.megabytes for one in each):.0f} MB"
            f"  file {each[0].size / 1e6:,.0f} MB"
        )


def _spread(values: list[float]) -> str:
    return f"{median(values):.2f} ({min(values):.2f}–{max(values):.2f})"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.export", description=__doc__)
    parser.add_argument(
        "--participants",
        type=command.positive,
        nargs="+",
        default=[10_000, 30_000, 100_000],
        help="the sizes",
    )
    parser.add_argument("--repeats", type=int, default=3, help="turns of each that count")
    parser.add_argument("--formats", nargs="+", default=FORMATS, help="names of formats")
    return parser.parse_args()


if __name__ == "__main__":
    main()
