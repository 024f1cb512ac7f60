"""The right numbers after a study that could stop early has stopped.

Outcomes are ordered by the look at which the study stopped, then by the statistic: an upper bound
reached early is the strongest evidence for an effect, a lower one reached early the strongest
against it (Siegmund 1978, Biometrika 65(2), 341–349; Fairbanks & Madsen 1982, Biometrika 69(1),
69–74; Tsiatis, Rosner & Mehta 1984, Biometrics 40(3), 797–803). The p-value needs no look after
the one that stopped the study, and is exact whenever and wherever the others would have been.
"""

from dataclasses import dataclass
from functools import partial
from math import sqrt

import numpy as np
from scipy import optimize

from analysis.statistics import tails
from analysis.statistics.boundary import Boundary, densities, rebased, tail
from analysis.statistics.estimate import NotEstimable, Reason

# A double below 1e-307 loses its digits, and sums of several before.
LEAST_P = 1e-290


@dataclass(frozen=True)
class Answer:
    """One way to read the result: p against an effect above zero, two-sided p, and an interval.

    The estimate and its interval are in the outcome's unit. A p that no double can hold is
    NotEstimable (below_precision).
    """

    p_above: float | NotEstimable
    p: float | NotEstimable
    estimate: float
    low: float
    high: float


@dataclass(frozen=True)
class AfterStopping:
    """The result of a study that stopped at look number `look`, adjusted for its looks and not.

    `adjusted` is by the stage-wise ordering: its estimate is median-unbiased, its interval has
    confidence `level`. `naive` is what one look would report, which is too sure.
    """

    look: int
    z: float
    level: float
    adjusted: Answer
    naive: Answer


def after_stopping(
    boundary: Boundary, look: int, *, estimate: float, se: float, alpha: float
) -> AfterStopping | NotEstimable:
    """The adjusted and the naive answer of a study that stopped at look number `look`, from 1.

    `alpha` is two-sided, 1 minus the interval's level; `estimate` and `se` are the look's, `se`
    above 0. NotEstimable if the study is between its bounds and has a look to come. A bound for
    futility that was passed without stopping belongs to no boundary: leave it out. Rows that came
    after the stop can be counted by leaving out the look that stopped and putting the last one
    in its place (Whitehead 1992, Controlled Clinical Trials 13(2), 106–121).
    """
    _check(boundary, look, se, alpha)
    z, scale = estimate / se, se * sqrt(boundary.fractions[look - 1])
    inside = boundary.low[look - 1] < z < boundary.high[look - 1]
    if inside and look < len(boundary.fractions):
        return NotEstimable(Reason.NOT_STOPPED, f"Look {look} is between its bounds.")
    above = chance(boundary, look, z)
    below = chance(boundary, look, z, above=False)
    find = partial(drift_at, boundary, look, z)
    return AfterStopping(
        look=look,
        z=z,
        level=1 - alpha,
        adjusted=Answer(
            # Sums of many integrals may pass 1.
            p_above=_p(above if above < 0.5 else 1 - below),
            p=_p(min(2 * min(above, below), 1.0)),
            estimate=find(0.5) * scale,
            low=find(alpha / 2) * scale,
            high=find(1 - alpha / 2) * scale,
        ),
        naive=_naive(estimate, se, alpha),
    )


def chance(
    boundary: Boundary, look: int, z: float, *, drift: float = 0.0, above: bool = True
) -> float:
    """The chance, under the drift, of an outcome at least as far up as z at this look, from 1.

    With `above` false, of one at least as far down. Without drift it is the stage-wise p-value.
    """
    moved, rest = rebased(boundary, drift)
    places = list(moved.high if above else moved.low)[: look - 1]
    places.append(z - (drift - rest) * sqrt(moved.fractions[look - 1]))
    # Under a strong drift the densities may end before the look: nobody is left.
    befores = (None, *densities(moved))
    return sum(
        tail(before, t, place, drift=rest, above=above)
        for before, t, place in zip(befores, moved.fractions, places, strict=False)
    )


def drift_at(boundary: Boundary, look: int, z: float, probability: float) -> float:
    """The drift under which an outcome as far up as z at this look has this probability.

    At ½ it is median-unbiased; at alpha / 2 and 1 − alpha / 2 it is the end of an interval.
    """

    def excess(drift: float) -> float:
        # Near 1 the complement keeps its digits.
        if probability > 0.5:
            return 1 - probability - chance(boundary, look, z, drift=drift, above=False)
        return chance(boundary, look, z, drift=drift) - probability

    root = sqrt(boundary.fractions[look - 1])
    middle, width = z / root, 1 / root
    low, high = middle - 3 * width, middle + 3 * width
    while excess(low) > 0:
        low, width = low - 2 * width, 2 * width
    width = 1 / root
    while excess(high) < 0:
        high, width = high + 2 * width, 2 * width
    return float(optimize.brentq(excess, low, high, xtol=1e-11))


def _naive(estimate: float, se: float, alpha: float) -> Answer:
    z, margin = estimate / se, float(tails.norm_isf(alpha / 2)) * se
    return Answer(
        p_above=_p(float(tails.norm_sf(z))),
        p=_p(float(2 * tails.norm_sf(abs(z)))),
        estimate=estimate,
        low=estimate - margin,
        high=estimate + margin,
    )


def _p(value: float) -> float | NotEstimable:
    if value < LEAST_P:
        return NotEstimable(Reason.BELOW_PRECISION, f"p is below {LEAST_P:g}.")
    return value


def _check(boundary: Boundary, look: int, se: float, alpha: float) -> None:
    if not 1 <= look <= len(boundary.fractions):
        raise ValueError(f"The boundary has no look {look}.")
    if any(boundary.low[k] == boundary.high[k] for k in range(look - 1)):
        raise ValueError(f"Nobody goes on to look {look}.")
    if not (se > 0 and np.isfinite(se)):
        raise ValueError(f"A standard error must be above 0, not {se:g}.")
    if not 0 < alpha < 1:
        raise ValueError(f"alpha must lie between 0 and 1, not {alpha}.")
