"""Equivalence: that an effect is too small to matter, which a large p of a difference never says.

Two one-sided tests: Schuirmann 1987, Journal of Pharmacokinetics and Biopharmaceutics 15(6),
657–680. At looks, the repeated interval inside the bounds: Jennison & Turnbull 1993, Biometrics
49(1), 31–43.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import optimize

from analysis.statistics import tails
from analysis.statistics.estimate import NotEstimable, Reason

# No study has more rows than that.
MOST_ROWS = 1e9
# The distribution of the standard error is nothing beyond.
NOTHING = 1e-16
# From so many degrees of freedom on, to take the error for known moves a power by less than 1e-6.
AS_IF_KNOWN = 1e6


@dataclass(frozen=True)
class Equivalence:
    """Two one-sided tests that an estimate lies between two bounds, in the estimate's unit.

    `p_lower` tests that the effect is at most the lower bound, `p_upper` that it is at least the
    upper one; `p` is the larger and decides. `low` to `high` has confidence 1 − 2 alpha: it lies
    inside the bounds exactly if p < alpha. `df` is infinite where the test is normal.
    """

    estimate: float
    statistic_lower: float
    p_lower: float
    statistic_upper: float
    p_upper: float
    p: float
    low: float
    high: float
    df: float
    bounds: tuple[float, float]
    equivalent: bool
    alpha: float


def equivalence(
    *, estimate: float, se: float, df: float, bounds: tuple[float, float], alpha: float = 0.05
) -> Equivalence | NotEstimable:
    """Two one-sided t tests, each at `alpha`, of an estimate with its standard error.

    t_L = (estimate − L) / se and t_U = (estimate − U) / se. At a look, take half of the bound's
    `nominal_p` for alpha: then this is the repeated interval inside the bounds (see
    `within_interval`). NO_VARIANCE if se is zero, TOO_FEW_ROWS without degrees of freedom.
    """
    low, high = _check(bounds, alpha)
    if not df > 0:
        return NotEstimable(Reason.TOO_FEW_ROWS, "No degree of freedom is left for the error.")
    if not se > 0:
        return NotEstimable(Reason.NO_VARIANCE, "The estimate has no standard error.")
    return _told(
        estimate=estimate,
        statistics=((estimate - low) / se, (estimate - high) / se),
        margin=float(tails.t_isf(alpha, df)) * se,
        df=df,
        bounds=bounds,
        alpha=alpha,
    )


def welch_equivalence(
    means: tuple[float, float],
    sds: tuple[float, float],
    n: tuple[int, int],
    *,
    bounds: tuple[float, float],
    alpha: float = 0.05,
) -> Equivalence | NotEstimable:
    """Two one-sided tests of the second mean less the first, with variances of their own.

    se² = s₁² / n₁ + s₂² / n₂ and df = se⁴ / Σ (sᵢ² / nᵢ)² / (nᵢ − 1): Welch 1947, Biometrika
    34(1/2), 28–35. Reasons as for `equivalence`; TOO_FEW_ROWS if a group has one row.
    """
    if min(n) < 2:
        return NotEstimable(Reason.TOO_FEW_ROWS, "A group of one row has no variance.")
    rows = np.asarray(n, dtype=np.float64)
    parts = np.square(sds) / rows
    se = float(np.sqrt(parts.sum()))
    df = float(parts.sum() ** 2 / (parts**2 / (rows - 1)).sum()) if se > 0 else 1.0
    return equivalence(estimate=means[1] - means[0], se=se, df=df, bounds=bounds, alpha=alpha)


def correlation_equivalence(
    r: float, n: int, *, bounds: tuple[float, float], alpha: float = 0.05
) -> Equivalence | NotEstimable:
    """Two one-sided tests of a correlation r of n rows, as z = (atanh r − atanh bound) √(n − 3).

    Fisher 1921, Metron 1, 3–32; Goertzen & Cribbie 2010, British Journal of Mathematical and
    Statistical Psychology 63(3), 527–537. TOO_FEW_ROWS below 4, NO_VARIANCE if r is ±1.
    """
    low, high = _check(bounds, alpha)
    if not -1 < low < high < 1 or abs(r) > 1:
        raise ValueError("Correlations and their bounds lie between −1 and 1.")
    if n < 4:
        return NotEstimable(Reason.TOO_FEW_ROWS, "A correlation's error needs four rows.")
    if abs(r) == 1:
        return NotEstimable(Reason.NO_VARIANCE, "The two are one and the same.")
    root, z = np.sqrt(n - 3), np.arctanh(r)
    found = _told(
        estimate=float(z),
        statistics=(float((z - np.arctanh(low)) * root), float((z - np.arctanh(high)) * root)),
        margin=float(tails.norm_isf(alpha) / root),
        df=np.inf,
        bounds=bounds,
        alpha=alpha,
    )
    ends = float(np.tanh(found.low)), float(np.tanh(found.high))
    return Equivalence(**{**vars(found), "estimate": r, "low": ends[0], "high": ends[1]})


def within_interval(low: float, high: float, bounds: tuple[float, float]) -> bool:
    """Whether an interval, such as the repeated one of a look, lies inside the bounds.

    Repeated intervals cover at all looks together, so that one may stop at the first look where
    this holds and err at most half as often as they miss (Jennison & Turnbull 1993).
    """
    return bounds[0] < low and high < bounds[1]


def equivalence_power(
    *, effect: float, se: float, df: float, bounds: tuple[float, float], alpha: float = 0.05
) -> float:
    """The chance that the two tests find equivalence when this is the effect, exactly.

    With S² = χ² / df of the standard error and t the critical value,
    E[Φ((U − effect) / se − t S) − Φ((L − effect) / se + t S)] where that is positive: Owen 1965,
    Biometrika 52(3/4), 437–446; Phillips 1990, Journal of Pharmacokinetics and Biopharmaceutics
    18(2), 137–144. `se` is the true standard error; an infinite df knows it.
    """
    low, high = _check(bounds, alpha)
    if not (se > 0 and df > 0):
        raise ValueError("A standard error and its degrees of freedom are above zero.")
    t = float(tails.t_isf(alpha, df))
    above, below = (high - effect) / se, (low - effect) / se
    # Beyond this standard error no estimate is inside; a test at more than one half has no such.
    most = (above - below) / 2 / t if t > 0 else np.inf

    def inside(s: float) -> float:
        found = tails.norm_cdf(above - t * s) - tails.norm_cdf(below + t * s)
        return max(0.0, float(found))

    if df > AS_IF_KNOWN:
        return inside(1.0)
    from scipy import integrate, stats  # noqa: PLC0415 # the desk asks for it, looks need not carry it

    spread = stats.chi(df, scale=df**-0.5)
    ends = float(spread.ppf(NOTHING)), min(float(spread.isf(NOTHING)), most)
    if ends[0] >= ends[1]:
        return 0.0
    found = integrate.quad(lambda s: inside(s) * spread.pdf(s), *ends, epsabs=1e-9, limit=200)
    return float(found[0])


def equivalence_size(
    *,
    effect: float,
    se: Callable[[float], float],
    df: Callable[[float], float],
    bounds: tuple[float, float],
    power: float = 0.8,
    alpha: float = 0.05,
) -> float | NotEstimable:
    """The n from which on the two tests have this power, as a fraction; plan the next whole number.

    `se` and `df` say what n leaves: for two groups of n each se is σ √(2 / n) and df 2 n − 2.
    OUT_OF_REACH if the effect lies outside the bounds or on one, or n would pass 1e9.
    """
    low, high = _check(bounds, alpha)
    if not 0 < power < 1:
        raise ValueError(f"Power must lie between 0 and 1, not {power}.")
    if not low < effect < high:
        return NotEstimable(Reason.OUT_OF_REACH, "The effect itself is not between the bounds.")

    def missing(log_n: float) -> float:
        n = float(np.exp(log_n))
        # Below one degree of freedom there is no test.
        if df(n) < 1:
            return -power
        found = equivalence_power(effect=effect, se=se(n), df=df(n), bounds=bounds, alpha=alpha)
        return found - power

    most = float(np.log(MOST_ROWS))
    if missing(most) < 0:
        return NotEstimable(Reason.OUT_OF_REACH, f"More than {MOST_ROWS:g} rows would be needed.")
    if missing(0.0) >= 0:
        return 1.0
    return float(np.exp(optimize.brentq(missing, 0.0, most, xtol=1e-12)))


def _check(bounds: tuple[float, float], alpha: float) -> tuple[float, float]:
    if not 0 < alpha < 1:
        raise ValueError(f"alpha must lie between 0 and 1, not {alpha}.")
    if not bounds[0] < bounds[1]:
        raise ValueError("The lower bound of equivalence lies below the upper one.")
    return bounds


def _told(
    *,
    estimate: float,
    statistics: tuple[float, float],
    margin: float,
    df: float,
    bounds: tuple[float, float],
    alpha: float,
) -> Equivalence:
    lower, upper = statistics
    p_lower, p_upper = float(tails.t_sf(lower, df)), float(tails.t_cdf(upper, df))
    return Equivalence(
        estimate=estimate,
        statistic_lower=lower,
        p_lower=p_lower,
        statistic_upper=upper,
        p_upper=p_upper,
        p=max(p_lower, p_upper),
        low=estimate - margin,
        high=estimate + margin,
        df=df,
        bounds=bounds,
        equivalent=max(p_lower, p_upper) < alpha,
        alpha=alpha,
    )
