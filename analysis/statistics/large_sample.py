"""Estimates whose distribution is normal in large samples only: no degrees of freedom."""

from dataclasses import dataclass

from analysis.statistics import tails
from analysis.statistics.estimate import NotEstimable, Reason


@dataclass(frozen=True)
class NormalEstimate:
    """A point estimate with its standard error; z = estimate / se, p its two-sided normal tail.

    `low` to `high` is the interval of confidence `level`; `n` rows carry the estimate.
    """

    estimate: float
    se: float
    z: float
    p: float
    low: float
    high: float
    n: int
    level: float


def normal_estimate(
    *, estimate: float, se: float, n: int, alpha: float
) -> NormalEstimate | NotEstimable:
    """The estimate with p and a 1 − alpha interval from the normal distribution.

    `alpha` is two-sided. A standard error of zero is no estimate.
    """
    if not 0 < alpha < 1:
        raise ValueError(f"alpha must lie between 0 and 1, not {alpha}.")
    if not se > 0:
        return NotEstimable(Reason.NO_VARIANCE, "The outcome does not vary within the cells.")
    margin = float(tails.norm_isf(alpha / 2)) * se
    return NormalEstimate(
        estimate=estimate,
        se=se,
        z=estimate / se,
        p=float(2 * tails.norm_sf(abs(estimate / se))),
        low=estimate - margin,
        high=estimate + margin,
        n=n,
        level=1 - alpha,
    )
