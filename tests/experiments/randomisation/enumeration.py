"""Puts in every choice that a draw can make, and counts exactly what comes out."""

from collections.abc import Callable, Hashable, Mapping
from fractions import Fraction
from typing import TypeVar

from experiments.randomisation.stream import Below

Outcome = TypeVar("Outcome", bound=Hashable)
Part = TypeVar("Part", bound=Hashable)


class _Never(dict[Outcome, Fraction]):
    """What never comes out has probability zero."""

    def __missing__(self, key: Outcome) -> Fraction:
        return Fraction(0)


def outcomes(draw: Callable[[Below], Outcome]) -> Mapping[Outcome, Fraction]:
    """Each outcome of the draw with its exact probability, over all choices it can make.

    The draw is run once for each path through its choices; a path's probability is the product of
    one over each bound it was asked below.
    """
    found: dict[Outcome, Fraction] = _Never()
    path: list[tuple[int, int]] = []  # what is chosen, below which bound
    while True:
        step = 0

        def choose(bound: int) -> int:
            nonlocal step
            if step == len(path):
                path.append((0, bound))
            chosen, known = path[step]
            assert known == bound
            step += 1
            return chosen

        outcome = draw(choose)
        ways = 1
        for _, bound in path:
            ways *= bound
        found[outcome] += Fraction(1, ways)
        while path and path[-1][0] == path[-1][1] - 1:
            path.pop()
        if not path:
            return found
        path[-1] = (path[-1][0] + 1, path[-1][1])


def shares(
    whole: Mapping[Outcome, Fraction], part: Callable[[Outcome], Part]
) -> Mapping[Part, Fraction]:
    """The exact probability of each value that a part of the outcome takes."""
    found: dict[Part, Fraction] = {}
    for outcome, chance in whole.items():
        key = part(outcome)
        found[key] = found.get(key, Fraction(0)) + chance
    return found
