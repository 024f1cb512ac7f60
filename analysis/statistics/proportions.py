"""Shares of two groups: the interval of their difference. That of one share is `counts.wilson`."""

from dataclasses import dataclass

import numpy as np

from analysis.statistics.counts import wilson
from analysis.statistics.estimate import NotEstimable, Reason


@dataclass(frozen=True)
class ShareDifference:
    """The second group's share less the first's, with its interval of confidence `level`."""

    difference: float
    low: float
    high: float
    n: tuple[int, int]
    level: float


def share_difference(
    counts: tuple[int, int], n: tuple[int, int], *, alpha: float = 0.05
) -> ShareDifference | NotEstimable:
    """The difference of two independent shares with Newcombe's hybrid score interval.

    From Wilson's l₁, u₁, l₂, u₂: d − √((p₂ − l₂)² + (u₁ − p₁)²) to d + √((u₂ − p₂)² + (p₁ − l₁)²),
    method 10 of Newcombe 1998, Statistics in Medicine 17(8), 873–890. It never passes −1 or 1.
    NO_ROWS if a group is empty, ValueError if a count is none of its n.
    """
    if min(n) == 0 and max(counts) <= max(n):
        return NotEstimable(Reason.NO_ROWS, "A group has no rows.")
    first, second = (count / rows for count, rows in zip(counts, n, strict=True))
    (low1, high1), (low2, high2) = (
        wilson(count, rows, alpha=alpha) for count, rows in zip(counts, n, strict=True)
    )
    difference = second - first
    return ShareDifference(
        difference=difference,
        low=difference - float(np.hypot(second - low2, high1 - first)),
        high=difference + float(np.hypot(high2 - second, first - low1)),
        n=n,
        level=1 - alpha,
    )
