"""PURE: with which power of the number of participants a figure grows: 0 is flat, 1 linear."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log
from statistics import linear_regression, median


@dataclass(frozen=True)
class Slope:
    """A power, and between which it lies: of each repeat alone, and from each size to the next."""

    power: float
    lowest: float
    highest: float

    def __str__(self) -> str:
        return f"{self.power:.2f} ({self.lowest:.2f}–{self.highest:.2f})"


def slope(sizes: Sequence[int], values: Sequence[Sequence[float]]) -> Slope | None:
    """The slope of the medians' logarithms, by least squares, with its spread.

    `values` are the repeats at each size. None of one size alone, or where something is nothing.
    """
    if len(set(sizes)) < 2 or not all(each and min(each) > 0 for each in values):
        return None
    middle = [median(each) for each in values]
    spread = [*_of_repeats(sizes, values), *_of_steps(sizes, middle)]
    return Slope(_power(sizes, middle), min(spread), max(spread))


def _power(sizes: Sequence[int], values: Sequence[float]) -> float:
    return linear_regression(list(map(log, sizes)), list(map(log, values))).slope


def _of_repeats(sizes: Sequence[int], values: Sequence[Sequence[float]]) -> Iterator[float]:
    for each in zip(*values, strict=False):
        yield _power(sizes, each)


def _of_steps(sizes: Sequence[int], middle: Sequence[float]) -> Iterator[float]:
    for (few, low), (many, high) in pairwise(sorted(zip(sizes, middle, strict=True))):
        yield _power((few, many), (low, high))
