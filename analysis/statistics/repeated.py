"""Numbers that hold at every look, whether the study stops there or not.

A repeated interval covers at all looks together with 1 − alpha, and stays right whatever rule
stopped the study; it is wider than the one after stopping. Jennison & Turnbull 1989, JRSS B 51(3),
305–334.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log

import numpy as np
from scipy import optimize, stats

from analysis.statistics.estimate import NotEstimable, Reason
from analysis.statistics.sequential import Bound, check_looks, critical_values, spent_by_look
from analysis.statistics.spending import OBRIEN_FLEMING, Spending

# The alphas that are tried: at 1 every path crosses, and below the least a double has no digits.
ALPHA_MIN, ALPHA_MAX = 1e-290, 1 - 1e-6


@dataclass(frozen=True)
class Interval:
    """From `low` to `high`, in the outcome's unit."""

    low: float
    high: float


def repeated_interval(estimate: float, se: float, bound: Bound) -> Interval:
    """Estimate ± bound · se, for normal statistics. Jennison & Turnbull 1989.

    From the bounds of a one-sided test each end alone has its alpha. For a t statistic take
    `t_estimate` with alpha = bound.nominal_p.
    """
    return Interval(low=estimate - bound.z * se, high=estimate + bound.z * se)


def repeated_p(
    fractions: Sequence[float],
    z: float,
    *,
    two_sided: bool = True,
    spending: Spending = OBRIEN_FLEMING,
    final: bool = False,
) -> float | NotEstimable:
    """The alpha at which the last of these looks would just reach its bound with z.

    The other arguments are those of `sequential.bounds`; two-sided, |z| counts. NotEstimable
    if z is below the bound of every alpha (no_crossing) or p has no digits (below_precision).
    Jennison & Turnbull 1989.
    """
    check_looks(fractions, 0.5)
    sides = 2 if two_sided else 1
    z = abs(z) if two_sided else z

    def missing(log_alpha: float) -> float:
        alpha = min(exp(log_alpha), ALPHA_MAX)
        spent = spent_by_look(fractions, alpha, spending, two_sided=two_sided, final=final)
        steps = (np.diff([0.0, *spent]) / sides).tolist()
        bound = critical_values(fractions, steps, two_sided=two_sided)[-1]
        return min(bound, 1e3) - z

    # A bound is never below that of one look with all of alpha.
    low = log(min(max(float(sides * stats.norm.sf(z)), ALPHA_MIN), ALPHA_MAX)) - 1e-9
    if missing(log(ALPHA_MAX)) > 0:
        return NotEstimable(Reason.NO_CROSSING, f"z = {z:.3g} reaches no bound at any alpha.")
    if missing(low) <= 0:
        return NotEstimable(Reason.BELOW_PRECISION, f"z = {z:.3g} has a p below {ALPHA_MIN:g}.")
    return exp(float(optimize.brentq(missing, low, log(ALPHA_MAX), xtol=1e-10)))


def sequential_p(
    fractions: Sequence[float],
    zs: Sequence[float],
    *,
    two_sided: bool = True,
    spending: Spending = OBRIEN_FLEMING,
    final: bool = False,
) -> float | NotEstimable:
    """The smallest alpha at which this path of z has reached a bound by its last look.

    It is the least of the repeated p so far, as bounds fall when alpha grows: Liu & Anderson
    2008, JASA 103(484), 1621–1630. `final` is of the last look. NotEstimable if all of them are,
    or one of them is too small.
    """
    if len(zs) != len(fractions):
        raise ValueError("A path needs one z for each look.")
    found = [
        repeated_p(
            fractions[:look],
            z,
            two_sided=two_sided,
            spending=spending,
            final=final and look == len(fractions),
        )
        for look, z in enumerate(zs, start=1)
    ]
    numbers = [p for p in found if not isinstance(p, NotEstimable)]
    reasons = [p for p in found if isinstance(p, NotEstimable)]
    for reason in reasons:
        if reason.reason == Reason.BELOW_PRECISION or not numbers:
            return reason
    return min(numbers)
