"""PURE: what is counted over simulated studies, and the shares with their Monte Carlo intervals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from math import sqrt

from analysis.statistics.counts import wilson

# Two-sided, of a Monte Carlo interval.
NORMAL = 1.959963984540054


@dataclass(frozen=True)
class ContrastCounts:
    """Of one contrast: in how many studies a look rejected it, or showed it to be equivalent.

    One number for each look. `estimated` studies ended with an estimate of it; `total` and
    `squares` are the sums of these and of their squares.
    """

    rejected: tuple[int, ...]
    equivalent: tuple[int, ...]
    estimated: int = 0
    total: float = 0.0
    squares: float = 0.0

    def __add__(self, other: "ContrastCounts") -> "ContrastCounts":
        return ContrastCounts(
            rejected=_sums(self.rejected, other.rejected),
            equivalent=_sums(self.equivalent, other.equivalent),
            estimated=self.estimated + other.estimated,
            total=self.total + other.total,
            squares=self.squares + other.squares,
        )


@dataclass(frozen=True)
class Counts:
    """Of `studies` simulated ones, in how many it happened.

    `some` and `every` primary hypothesis is rejected; `familywise` one is that is truly nil,
    primary or secondary; `misjudged` one is called equivalent whose effect is not smaller than the
    smallest one of interest. `ended` has how many ended at each look, `stopped` at how many of
    these a stop was recommended before the last. `allocated` sums who were given an arm.
    `unestimable` had a contrast without a p at some look.
    """

    studies: int
    contrasts: Mapping[str, ContrastCounts]
    ended: tuple[int, ...]
    some: int = 0
    every: int = 0
    familywise: int = 0
    misjudged: int = 0
    stopped: Mapping[str, int] | None = None
    allocated: int = 0
    allocated_squares: int = 0
    unestimable: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        summed = {
            each.name: getattr(self, each.name) + getattr(other, each.name)
            for each in fields(self)
            if each.name not in ("contrasts", "ended", "stopped")
        }
        mine, theirs = self.stopped or {}, other.stopped or {}
        return Counts(
            contrasts={code: each + other.contrasts[code] for code, each in self.contrasts.items()},
            ended=_sums(self.ended, other.ended),
            stopped={
                action: mine.get(action, 0) + theirs.get(action, 0)
                for action in sorted({*mine, *theirs})
            },
            **summed,
        )


@dataclass(frozen=True)
class Share:
    """A share of the studies with its 95 % interval, Wilson's."""

    count: int
    of: int
    share: float
    low: float
    high: float


@dataclass(frozen=True)
class Mean:
    """A mean over the studies with its 95 % interval, by the normal approximation."""

    mean: float
    low: float
    high: float


def share(count: int, of: int) -> Share:
    """The share of a count; `of` is above 0."""
    low, high = wilson(count, of)
    return Share(count, of, count / of, low, high)


def mean(total: float, squares: float, of: int) -> Mean:
    """The mean of `of` numbers with that sum and sum of squares."""
    middle = total / of
    variance = max(0.0, squares / of - middle**2) * of / max(1, of - 1)
    away = NORMAL * sqrt(variance / of)
    return Mean(middle, middle - away, middle + away)


def expected_n(found: Counts, sizes: Sequence[int]) -> Mean:
    """The expected participants at the end."""
    pairs = list(zip(found.ended, sizes, strict=True))
    total = sum(count * size for count, size in pairs)
    return mean(total, sum(count * size**2 for count, size in pairs), found.studies)


def _sums(ones: Sequence[int], others: Sequence[int]) -> tuple[int, ...]:
    return tuple(one + other for one, other in zip(ones, others, strict=True))
