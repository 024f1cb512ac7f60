"""PURE: numbers that can't leave their bounds: a normal variable, cut off at both ends.

Who would say more than the most says the most. Location and spread are found so that what is said
has the mean and the deviation that are asked for (the moments of a censored normal: Greene 2018,
Econometric Analysis, ch. 19).
"""

from functools import lru_cache
from math import inf, log, sqrt

import numpy as np
from scipy import optimize

from analysis.power.instrument import Lacking, UnreachableError
from analysis.statistics import tails
from analysis.statistics.estimate import Floats

# How near to what is asked for, in deviations.
NEAR = 1e-6


@lru_cache(maxsize=256)
def spread_of(low: float, high: float, mean: float, sd: float) -> float:
    """The spread of what is cut off at these ends so that the rest has this mean and deviation.

    UnreachableError says which of them no such numbers have.
    """
    if not low < mean < high:
        raise UnreachableError(Lacking.MEAN)
    if low == -inf and high == inf:
        return sd
    if sd >= sqrt((mean - low) * (high - mean)):
        raise UnreachableError(Lacking.SD)

    def missed(unknown: Floats) -> list[float]:
        spread = float(np.exp(min(unknown[1], 50.0)))
        first, deviation = _moments(low, high, float(unknown[0]), spread)
        return [(first - mean) / sd, (deviation - sd) / sd]

    solved = optimize.least_squares(missed, [mean, log(sd)], xtol=1e-14, ftol=1e-14, gtol=1e-14)
    if max(map(abs, missed(solved.x))) > NEAR:
        raise UnreachableError(Lacking.SD)
    return float(np.exp(solved.x[1]))


@lru_cache(maxsize=4096)
def location_of(low: float, high: float, spread: float, mean: float) -> float:
    """Where it lies if what is left has this mean; UnreachableError if nothing has it."""
    if not low < mean < high:
        raise UnreachableError(Lacking.MEAN)
    if low == -inf and high == inf:
        return mean

    def missed(location: float) -> float:
        return _moments(low, high, location, spread)[0] - mean

    away = 40 * spread
    first, last = mean - away, mean + away
    if missed(first) > 0 or missed(last) < 0:
        raise UnreachableError(Lacking.MEAN)
    return float(optimize.brentq(missed, first, last, xtol=1e-10, rtol=1e-12))


def _moments(low: float, high: float, location: float, spread: float) -> tuple[float, float]:
    """The mean and the deviation of a normal variable cut off at two ends."""
    a, b = (low - location) / spread, (high - location) / spread
    below, above = float(tails.norm_cdf(a)), float(tails.norm_sf(b))
    at_low, at_high = float(tails.norm_pdf(a)), float(tails.norm_pdf(b))
    inside = 1 - below - above
    # About the location, so that little is lost where the bounds are far from 0.
    first, second = spread * (at_low - at_high), spread**2 * inside
    for end, share, dense, sign in ((low, below, at_low, 1), (high, above, at_high, -1)):
        if np.isfinite(end):
            gap = end - location
            first += gap * share
            second += gap**2 * share + sign * spread * gap * dense
    return location + first, sqrt(max(0.0, second - first**2))
