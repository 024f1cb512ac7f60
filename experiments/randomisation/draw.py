"""PURE: one position of a list, and the probability over the seed that it holds an arm.

Simple, complete and permuted-block lists share that probability: weight over sum of weights.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from math import gcd


@dataclass(frozen=True)
class Draw:
    """One position of a list: the arm's index, its block, and the position its block starts at."""

    position: int
    block: int
    block_start: int
    arm: int


def reduced(weights: Sequence[int]) -> tuple[int, ...]:
    """Weights in lowest terms: 2, 2, 4 are 1, 1, 2."""
    divisor = reduce(gcd, weights)
    return tuple(weight // divisor for weight in weights)


def probability(weights: Sequence[int], arm: int) -> Fraction:
    """The probability over the seed, exactly, that a position holds the arm of that index."""
    return Fraction(weights[arm], sum(weights))
