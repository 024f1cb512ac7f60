"""Standardised effects: how many standard deviations, with exact intervals."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import optimize, special

from analysis.statistics.counts import Ints
from analysis.statistics.estimate import Floats, NotEstimable, Reason, as_floats


@dataclass(frozen=True)
class StandardisedEffect:
    """An effect in units of the cells' common standard deviation `sd`.

    `d` is the estimate over `sd`, `g` without its bias. `low` to `high` is the interval, of
    confidence `level`, of the population's effect that both estimate. `n` are the rows used.
    """

    d: float
    g: float
    low: float
    high: float
    sd: float
    df: int
    n: int
    level: float


def hedges_g(
    first: Sequence[float] | Floats, second: Sequence[float] | Floats, *, alpha: float = 0.05
) -> StandardisedEffect | NotEstimable:
    """The second group's mean less the first's, over their pooled standard deviation.

    Hedges 1981, Journal of Educational Statistics 6(2), 107–128; see `standardised_contrast`.
    NaN are left out. TOO_FEW_ROWS if a group has no row or no degree of freedom is left.
    """
    groups = [as_floats(values, name="The outcome") for values in (first, second)]
    groups = [values[~np.isnan(values)] for values in groups]
    if min(len(values) for values in groups) == 0:
        return NotEstimable(Reason.NO_ROWS, "A group has no rows.")
    # One row has no deviation of its own, and no weight in the common one.
    return standardised_contrast(
        [float(values.mean()) for values in groups],
        [float(values.std(ddof=1)) if len(values) > 1 else 0.0 for values in groups],
        [len(values) for values in groups],
        [-1, 1],
        alpha=alpha,
    )


def standardised_contrast(
    means: Sequence[float],
    sds: Sequence[float],
    n: Sequence[int],
    weights: Sequence[float],
    *,
    alpha: float = 0.05,
) -> StandardisedEffect | NotEstimable:
    """The contrast Σ wⱼ ȳⱼ over the standard deviation within all cells that have rows.

    g = d J with J = Γ(m / 2) / (√(m / 2) Γ((m − 1) / 2)), m the degrees of freedom, which makes it
    unbiased: Hedges 1981. d over √(Σ wⱼ² / nⱼ) is noncentral t, and the interval holds those
    effects that put it between the tails, not multiplied by J: Steiger 2004, Psychological
    Methods 9(2), 164–182. Both are exact for normal errors with one variance.
    NO_ROWS if a cell of the contrast is empty, TOO_FEW_ROWS below two degrees of freedom, for
    then g has no finite J, NO_VARIANCE if nothing varies, BELOW_PRECISION if next to nothing does.
    """
    w, rows = np.asarray(weights, dtype=np.float64), np.asarray(n, dtype=np.int64)
    if not len(w) == len(rows) == len(means) == len(sds) or not w.any():
        raise ValueError("Means, deviations, rows and weights are of the same cells.")
    used, filled = w != 0, rows > 0
    if (rows[used] == 0).any():
        return NotEstimable(Reason.NO_ROWS, "A cell of the contrast has no rows.")
    df, sd = _pooled(np.asarray(sds, dtype=np.float64)[filled], rows[filled])
    if df < 2:
        return NotEstimable(Reason.TOO_FEW_ROWS, "Two degrees of freedom are needed.")
    if not sd > 0:
        return NotEstimable(Reason.NO_VARIANCE, "The outcome does not vary within the cells.")
    d = float((w[used] * np.asarray(means, dtype=np.float64)[used]).sum()) / sd
    scale = float(np.sqrt((w[used] ** 2 / rows[used]).sum()))
    ends = _interval(d, scale, df, alpha)
    if isinstance(ends, NotEstimable):
        return ends
    total, g = int(rows.sum()), d * unbiasing(df)
    return StandardisedEffect(d, g, *ends, sd=sd, df=df, n=total, level=1 - alpha)


def unbiasing(df: float) -> float:
    """Hedges' J of these degrees of freedom, exactly: Hedges 1981."""
    return float(np.exp(special.gammaln(df / 2) - special.gammaln((df - 1) / 2)) / np.sqrt(df / 2))


def _pooled(sds: Floats, rows: Ints) -> tuple[int, float]:
    """The degrees of freedom within cells, and the standard deviation that they share."""
    df = int((rows - 1).sum())
    return df, float(np.sqrt(((rows - 1) * sds**2).sum() / max(df, 1)))


def _interval(d: float, scale: float, df: int, alpha: float) -> tuple[float, float] | NotEstimable:
    if not 0 < alpha < 1:
        raise ValueError(f"alpha must lie between 0 and 1, not {alpha}.")
    low, high = (_noncentrality(d / scale, df, tail) for tail in (1 - alpha / 2, alpha / 2))
    if low is None or high is None:
        return NotEstimable(Reason.BELOW_PRECISION, f"d = {d:.3g} is too far from zero.")
    return low * scale, high * scale


def _noncentrality(t: float, df: int, below: float) -> float | None:
    """The noncentrality under which a statistic lies below t with this probability.

    None where scipy's noncentral t is no number: far from zero.
    """

    def excess(noncentrality: float) -> float:
        return float(special.nctdtr(df, noncentrality, t)) - below

    # Half the width is about a normal quantile, wider as t grows: double until it is inside.
    reach = 2.0 + abs(t) / np.sqrt(df)
    while excess(t - reach) < 0 or excess(t + reach) > 0:
        reach *= 2
    try:
        return float(optimize.brentq(excess, t - reach, t + reach, xtol=1e-12))
    except ValueError:  # the search came upon no number
        return None
