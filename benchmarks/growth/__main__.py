"""`make bench-growth`: a site with a thousand, a hundred thousand and a million participants.

How long a participant's pages, an allocation and the desk take at each size, and what they read.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from statistics import median
from typing import Any

from benchmarks import command
from benchmarks.growth.slopes import MAY_GROW, Grown, grown, per_decade
from benchmarks.report import write_json
from benchmarks.slopes import Slope, slope
from benchmarks.thinking import add_scripts
from coprod_site.embedded import ROOT
from coprod_site.problems import StartError


def main() -> None:
    """Measures, prints, and ends with 1 if something grows that must not, or got lost."""
    command.run(lambda: bench(_arguments()))


def bench(arguments: argparse.Namespace) -> bool:
    """Measures one size after the other and prints them; returns whether all is well."""
    sizes = sorted(arguments.participants)
    found = []
    for size in sizes:
        found.append(_at(size, arguments))
        print(f"{size:,}: filled in {found[-1]['seconds to fill']:.0f} s. {found[-1]['agreement']}")
    print(*(f"{name}: {text}" for name, text in found[0]["machine"].items()), sep="; ")
    _print_load(sizes, found)
    every = grown([_read(each) for each in found])
    _print_requests(sizes, found, every)
    wrong = [each.name for each in every if each.grows and each.name not in MAY_GROW]
    result = {"options": vars(arguments), "sizes": dict(zip(map(str, sizes), found, strict=True))}
    powers = {name: _as_json(each) for name, each in _powers(sizes, found).items()}
    write_json(
        "growth",
        {**result, "grows": wrong, "per decade": _slopes(sizes, found), "powers": powers},
    )
    print(f"grows, and should not: {', '.join(wrong) or 'nothing'}")
    return not wrong and all(each["agrees"] for each in found)


def _at(size: int, arguments: argparse.Namespace) -> dict[str, Any]:
    options = [f"--{name}={getattr(arguments, name)}" for name in OPTIONS]
    asked = [sys.executable, "-m", "benchmarks.growth.one_size", str(size), *options]
    # The program and its arguments are ours.
    done = subprocess.run(asked, cwd=ROOT, check=False, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own module
    if done.returncode:
        raise StartError(f"The site with {size:,} participants was not measured: see above.")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _read(one: dict[str, Any]) -> dict[str, tuple[int, int]]:
    return {each["name"]: (each["blocks"], each["rows"]) for each in one["requests"]}


# What each size is told.
OPTIONS = ("journeys", "repeats", "openings", "scripts")

# Of the load: a name, and the figure of each repeat.
FIGURES: dict[str, Callable[[dict[str, Any]], float]] = {
    "journeys per second": lambda each: each["rate"],
    "web, CPU ms each": lambda each: 1000 * each["cpu"]["web"] / each["completed"],
    "Postgres, CPU ms each": lambda each: 1000 * each["cpu"]["postgres"] / each["completed"],
}


# Of a request.
READ: dict[str, Callable[[dict[str, Any]], float]] = {
    "blocks": lambda each: each["blocks"],
    "rows": lambda each: each["rows"],
    "ms": lambda each: each["cpu"] + each["python"],
}


def _slopes(sizes: list[int], found: list[dict[str, Any]]) -> dict[str, float]:
    return {
        name: per_decade(sizes, [median(map(figure, one["load"])) for one in found])
        for name, figure in FIGURES.items()
    }


def _powers(sizes: list[int], found: list[dict[str, Any]]) -> dict[str, dict[str, Slope | None]]:
    """With which power of the participants each request's blocks, rows and ms grow."""
    by_size = [{each["name"]: each for each in one["requests"]} for one in found]
    return {
        name: {
            what: slope(sizes, [[figure(one[name])] for one in by_size])
            for what, figure in READ.items()
        }
        for name in by_size[0]
        if all(name in one for one in by_size)
    }


def _as_json(powers: dict[str, Slope | None]) -> dict[str, Any]:
    return {what: asdict(each) if each else None for what, each in powers.items()}


def _print_load(sizes: list[int], found: list[dict[str, Any]]) -> None:
    print(f"{'':36}" + "".join(f"{size:>24,}" for size in sizes) + f"{'per decade':>12}")
    slopes = _slopes(sizes, found)
    for name, figure in FIGURES.items():
        each = [[figure(run) for run in one["load"]] for one in found]
        shown = "".join(f"{f'{median(v):.1f} ({min(v):.1f}–{max(v):.1f})':>24}" for v in each)
        print(f"{name:36}{shown}{slopes[name]:11.2f}×")
    for kind in ("gets", "posts"):
        times = [one["summary"][kind] for one in found]
        both = [f"{one['p50']:.1f} / {one['p99']:.1f}" for one in times]
        shown = "".join(f"{each:>24}" for each in both)
        slope = per_decade(sizes, [one["p50"] for one in times])
        print(f"{kind.upper()[:-1] + ', p50 / p99 ms':36}{shown}{slope:11.2f}×")


def _print_requests(sizes: list[int], found: list[dict[str, Any]], every: list[Grown]) -> None:
    """Blocks, rows and ms of each request at each size, and their powers; what grows first."""
    times = [{each["name"]: READ["ms"](each) for each in one["requests"]} for one in found]
    powers = _powers(sizes, found)
    sized = "".join(f"{f'{size:,}: blocks, rows, ms':>32}" for size in sizes)
    print(f"{'request':60}{sized}" + "".join(f"{f'power: {what}':>22}" for what in READ))
    for each in sorted(every, key=lambda one: not one.grows):
        figures = "".join(
            f"{f'{blocks:,} {rows:,} {ms[each.name]:.0f}':>32}"
            for blocks, rows, ms in zip(each.blocks, each.rows, times, strict=True)
        )
        shown = "".join(f"{powers[each.name][what] or ''!s:>22}" for what in READ)
        why = f"  {MAY_GROW.get(each.name, 'GROWS')}" if each.grows else ""
        print(f"{each.name[:59]:60}{figures}{shown}{why}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=__doc__)
    parser.add_argument(
        "--participants",
        type=command.positive,
        nargs="+",
        default=[1_000, 100_000, 1_000_000],
        help="the sizes",
    )
    parser.add_argument("--journeys", type=command.positive, default=60, help="in each repeat")
    parser.add_argument("--repeats", type=command.positive, default=3)
    parser.add_argument("--openings", type=command.positive, default=3, help="of each page")
    add_scripts(parser)
    return parser.parse_args()


if __name__ == "__main__":
    main()
