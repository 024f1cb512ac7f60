"""`make bench-looks`: cell means beside statsmodels', and whole looks of many participants."""

import argparse
from collections.abc import Callable, Iterator
from dataclasses import asdict
from importlib import import_module
from importlib.metadata import version
from itertools import chain, pairwise
from statistics import median

from benchmarks import command, product
from benchmarks.looks.one_look import Taken, look_at
from benchmarks.looks.regressions import SYSTEMS, Turn, turn
from benchmarks.report import machine, write_json
from benchmarks.servers import postgres
from benchmarks.slopes import Slope, slope

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
        looks = list(_looks(server.url(), arguments.participants, arguments.looks))
    slopes = _slopes(looks)
    print(*_growth(looks, slopes), sep="\n")
    print(*(f"{name}: {text}" for name, text in about.items()), sep="; ")
    result = {
        "machine": about,
        "options": vars(arguments),
        "turns": {system: list(map(asdict, each)) for system, each in turns.items()},
        "largest relative difference": apart,
        "looks": list(map(asdict, looks)),
        "powers": {name: asdict(each) if each else None for name, each in slopes.items()},
    }
    write_json("looks", result)
    return apart <= TOLERANCE


def _looks(url: str, sizes: list[int], repeats: int) -> Iterator[Taken]:
    """Looks of each size; each is of a study of its own, since a look is run once."""
    if not sizes:
        return
    product.prepare(url)
    # It knows the models, which are there only now.
    people = import_module("benchmarks.looks.people")
    for n in sorted(set(sizes)):
        for repeat in range(repeats):
            taken = look_at(people.due_study(n, name=f"{n}_{repeat}").slug)
            print(
                f"A look of {taken.n:,} participants: {taken.seconds:.1f} s by the clock, "
                f"{taken.cpu:.1f} CPU s and {taken.postgres_cpu:.1f} of Postgres; at most "
                f"{taken.megabytes:.0f} MB, {taken.megabytes_before:.0f} of them before it began, "
                f"and {taken.megabytes_after:.0f} after it.",
                flush=True,
            )
            yield taken


# What is told of a look, and by which its size is judged.
FIGURES: dict[str, Callable[[Taken], float]] = {
    "seconds by the clock": lambda taken: taken.seconds,
    "CPU seconds": lambda taken: taken.cpu + taken.postgres_cpu,
    "bytes of memory beyond what it began with": lambda taken: (
        taken.megabytes - taken.megabytes_before
    ),
}


def _by_size(looks: list[Taken]) -> dict[int, list[Taken]]:
    found: dict[int, list[Taken]] = {}
    for taken in looks:
        found.setdefault(taken.n, []).append(taken)
    return found


def _slopes(looks: list[Taken]) -> dict[str, Slope | None]:
    """With which power of the participants each figure grows."""
    found = _by_size(looks)
    return {
        name: slope(list(found), [list(map(figure, each)) for each in found.values()])
        for name, figure in FIGURES.items()
    }


def _growth(looks: list[Taken], slopes: dict[str, Slope | None]) -> Iterator[str]:
    """How CPU and memory grow: the power 1 is in proportion."""
    for name, each in slopes.items():
        if each:
            yield f"looks: {name} grow with the power {each} of the participants"
    peaks = [(n, median(t.megabytes for t in each)) for n, each in _by_size(looks).items()]
    for (few, low), (many, high) in pairwise(peaks):
        a_participant = (high - low) / (many - few) * 2**20
        yield f"from {few:,} to {many:,} the peak grows by {a_participant:.0f} bytes a participant"


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
        "--participants",
        type=command.positive,
        nargs="*",
        default=[10_000, 30_000, 100_000],
        help="of whole looks: the sizes",
    )
    parser.add_argument("--looks", type=command.positive, default=1, help="of each size")
    return parser.parse_args()


if __name__ == "__main__":
    main()
