"""Numbers that hold at every look, whether the study stops there or not.

A repeated interval covers at all looks together with 1 − alpha, and stays right whatever rule
stopped the study; it is wider than the one after stopping. Jennison & Turnbull 1989, JRSS B 51(3),
305–334.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp, log
from typing import TypeAlias

from scipy import optimize

from analysis.statistics.estimate import NotEstimable, Reason
from analysis.statistics.multiplicity import P, as_p
from analysis.statistics.sequential import Bound, nominal_levels
from analysis.statistics.spending import OBRIEN_FLEMING, Spending

# From an alpha and the looks' information fractions to the nominal level of each look: the p that
# it must reach, one- or two-sided as the p-values are. None is above alpha, all grow with it.
Levels: TypeAlias = Callable[[float, Sequence[float]], Sequence[float]]

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


def levels_of(
    looks: int,
    *,
    two_sided: bool = True,
    spending: Spending = OBRIEN_FLEMING,
    final: bool = False,
) -> Levels:
    """The levels of bounds that spend alpha; the last of so many looks is the last if `final`."""

    def levels(alpha: float, fractions: Sequence[float]) -> list[float]:
        last = final and len(fractions) == looks
        return nominal_levels(fractions, alpha, two_sided=two_sided, spending=spending, final=last)

    return levels


def repeated_p(p: float, fractions: Sequence[float], levels: Levels) -> float | NotEstimable:
    """The alpha at which p is the nominal level of the last of these looks.

    It is found to 1e-10 of itself. NotEstimable if p is above the level of every alpha
    (no_crossing) or has no digits (below_precision). Jennison & Turnbull 1989.
    """

    def excess(log_alpha: float) -> float:
        level = levels(min(exp(log_alpha), ALPHA_MAX), fractions)[-1]
        return log(max(level, 1e-300)) - log(max(p, 1e-300))

    # No look has a level above alpha.
    low, high = log(min(max(p, ALPHA_MIN), ALPHA_MAX)) - 1e-9, log(ALPHA_MAX)
    if excess(high) < 0:
        return NotEstimable(Reason.NO_CROSSING, f"p = {p:.3g} reaches no bound at any alpha.")
    if excess(low) >= 0:
        return NotEstimable(Reason.BELOW_PRECISION, f"A p is below {ALPHA_MIN:g}.")
    return exp(float(optimize.brentq(excess, low, high, xtol=1e-10)))


def sequential_p(
    p: Sequence[P], fractions: Sequence[float], levels: Levels
) -> float | NotEstimable:
    """The least alpha whose bounds any of these looks crosses: Liu & Anderson 2008.

    JASA 103(484), 1621–1630: it is the least of the repeated p so far, as bounds fall when alpha
    grows. Looks without a p cross none. NotEstimable if no look has a p (the last one's reason), no
    alpha below one would do (no_crossing) or one is too small (below_precision).
    """
    if len(p) != len(fractions):
        raise ValueError("A path needs one p for each look.")
    known = [look for look, each in enumerate(p) if not isinstance(each, NotEstimable)]
    if not known:
        return p[-1]
    numbers = as_p(p)
    found = [repeated_p(float(numbers[k]), fractions[: k + 1], levels) for k in known]
    reasons = [each for each in found if isinstance(each, NotEstimable)]
    for reason in reasons:
        if reason.reason is Reason.BELOW_PRECISION or len(reasons) == len(found):
            return reason
    return min(each for each in found if not isinstance(each, NotEstimable))
