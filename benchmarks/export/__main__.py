"""`make bench-export`: every format of an export beside a bare COPY of the same columns."""

import argparse
import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks import command, product
from benchmarks.report import machine
from benchmarks.servers import postgres, results_folder

# An export may take so many times as long as a bare COPY, and so many MB.
MOST_TIMES, MOST_MEGABYTES = 2.0, 200.0
FORMATS = ["csv", "parquet", "jsonl"]


def main() -> None:
    """Measures, prints, and ends with 1 if CSV takes too long or a format too much memory."""
    command.run(lambda: bench(_arguments()))


def bench(arguments: argparse.Namespace) -> bool:
    """Lets all systems take turns and prints them; returns whether the bounds hold."""
    with postgres() as server:
        about = machine(server.url())
        product.prepare(server.url())
        with TemporaryDirectory(dir=results_folder()) as folder:
            turns = _turns(arguments, Path(folder))
    print(*_lines(turns), sep="\n")
    print(*(f"{name}: {text}" for name, text in about.items()), sep="; ")
    result = {
        "machine": about,
        "options": vars(arguments),
        "turns": {system: list(map(asdict, each)) for system, each in turns.items()},
    }
    path = results_folder() / f"export-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.json"
    path.write_text(json.dumps(result, indent=2) + "\n")
    print(f"All figures: {path}")
    csv = median(_ratios(turns, "csv")) if "csv" in turns else 0.0
    most = max(one.megabytes for each in turns.values() for one in each)
    return csv <= MOST_TIMES and most <= MOST_MEGABYTES


def _turns(arguments: argparse.Namespace, folder: Path) -> dict[str, list[Any]]:
    # They know the models, which are there only now.
    one_export = import_module("benchmarks.export.one_export")
    study = import_module("benchmarks.export.many").many_participants(arguments.participants)
    systems = [one_export.BARE, *filter(one_export.is_format, arguments.formats)]
    turns: dict[str, list[Any]] = {system: [] for system in systems}
    for number in range(arguments.repeats + 1):
        for system in systems:
            taken = one_export.export_by(system, study, folder)
            # The first turn of each fills the caches.
            turns[system] += [taken] if number else []
            print(f"{system}: {taken.seconds:.1f} s", flush=True)
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
    parser.add_argument("--participants", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=3, help="turns of each that count")
    parser.add_argument("--formats", nargs="+", default=FORMATS, help="names of formats")
    return parser.parse_args()


if __name__ == "__main__":
    main()
