"""What the looks to come may bring, given z so far: conditional and predictive power."""

from bisect import bisect_right
from dataclasses import dataclass
from math import sqrt

from analysis.statistics.boundary import Boundary, characteristics
from analysis.statistics.estimate import NotEstimable, Reason


@dataclass(frozen=True)
class Outlook:
    """The chances to reach, at a look to come, the upper bound and the lower bound.

    With a symmetric boundary the sum is the chance to reject; with one for futility `high` is,
    and `low` is the chance to give up.
    """

    high: float
    low: float


def current_trend(z: float, fraction: float) -> float:
    """The drift that the statistic so far points to, z / √t. Lan & Wittes 1988."""
    return z / sqrt(fraction)


def conditional_power(
    boundary: Boundary, fraction: float, z: float, drift: float
) -> Outlook | NotEstimable:
    """The chances of the looks of `boundary` after `fraction`, given z there, under a drift.

    The drift may be the `current_trend`, the planned one or 0. After a look the path is a new
    one that begins at z √t, so that a bound b at information s becomes (b √s − z √t) / √(s − t)
    at s − t. With one look left the power is Φ((z √t + drift (s − t) − b √s) / √(s − t)). Lan &
    Wittes 1988, Biometrics 44(2), 579–585. NotEstimable if no look is left.
    """
    left = _left(boundary, fraction)
    if isinstance(left, NotEstimable):
        return left
    here = z * sqrt(fraction)
    moves = [(t - fraction, sqrt(t)) for t in left.fractions]
    return _outlook(left, moves, here, drift)


def predictive_power(boundary: Boundary, fraction: float, z: float) -> Outlook | NotEstimable:
    """Conditional power averaged over what the drift may be, given z and a flat prior.

    Under it the estimate z / √t, seen ahead, moves as Brownian motion without drift in 1 / t: by
    information s its variance is 1 / t − 1 / s. With one look left, at 1, the power is
    Φ((z − b √t) / √(1 − t)). Spiegelhalter, Freedman & Blackburn 1986, Controlled Clinical Trials
    7(1), 8–17. NotEstimable if no look is left.
    """
    left = _left(boundary, fraction)
    if isinstance(left, NotEstimable):
        return left
    here = z / sqrt(fraction)
    moves = [(1 / fraction - 1 / s, 1 / sqrt(s)) for s in left.fractions]
    return _outlook(left, moves, here, 0.0)


def _left(boundary: Boundary, fraction: float) -> Boundary | NotEstimable:
    """The looks that are still to come."""
    if fraction <= 0:
        raise ValueError(f"The information fraction must be above 0, not {fraction:g}.")
    first = bisect_right(boundary.fractions, fraction)
    if first == len(boundary.fractions):
        return NotEstimable(Reason.NO_LOOK_LEFT, f"No look comes after fraction {fraction:g}.")
    return Boundary(boundary.fractions[first:], boundary.low[first:], boundary.high[first:])


def _outlook(
    left: Boundary, moves: list[tuple[float, float]], here: float, drift: float
) -> Outlook:
    """The chances of a path from `here`: `moves` has each look's variance and its bound's scale."""

    def seen(bounds: tuple[float, ...]) -> tuple[float, ...]:
        return tuple(
            (bound * scale - here) / sqrt(variance)
            for bound, (variance, scale) in zip(bounds, moves, strict=True)
        )

    rest = Boundary(tuple(variance for variance, _ in moves), seen(left.low), seen(left.high))
    found = characteristics(rest, drift)
    return Outlook(high=found.power, low=found.reach_low)
