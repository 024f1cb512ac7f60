"""Several arms against one control: Dunnett's test at a single look.

Dunnett 1955 (JASA 50(272), 1096–1121) and 1964 (Biometrics 20(3), 482–491). The differences from
the control share its mean, so T_i = (√(1 − λᵢ²) X_i − λᵢ Z) / S with X_i and Z independent and
normal, S² = χ² / df, and λᵢ² the control's share of the difference's variance, nᵢ / (nᵢ + n₀):
two differences correlate by λᵢ λⱼ. Given Z and S they are independent; what remains are two
integrals of smooth functions that vanish at both ends, which the trapezoidal rule finds to the
last digits (Trefethen & Weideman 2014, SIAM Review 56(3), 385–458).
"""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from scipy import optimize, special

from analysis.statistics import tails
from analysis.statistics.estimate import Floats, NotEstimable, Reason
from analysis.statistics.multiplicity import Adjusted, adjusted

Grid: TypeAlias = tuple[Floats, Floats]

# Steps of the rule in units of the narrowest part of the integrand: the error is about
# exp(−2π² · 25).
PER_WIDTH = 5
# Tails below this are nothing.
NOTHING = 1e-40


def dunnett(
    statistics: Sequence[float | NotEstimable],
    control: int,
    treated: Sequence[int],
    *,
    df: float = np.inf,
    two_sided: bool = True,
    alpha: float = 0.05,
) -> Adjusted | NotEstimable:
    """Adjusted p for each treated arm's t (or z) statistic against the control.

    A p is the chance, were all arms alike, that any difference is as large as this one: single
    step, so that each p has its own interval, estimate ± `dunnett_critical` · se. `control` and
    `treated` are the arms' rows, `df` those of the common variance; one-sided is upward.
    Arms of unequal variance have other correlations: their rows are then 1 / se² of their means.
    NO_ROWS if an arm is empty, TOO_FEW_ROWS without degrees of freedom.
    """
    if len(statistics) != len(treated):
        raise ValueError(f"{len(statistics)} statistics for {len(treated)} treated arms.")
    shares = _shares(control, treated, df)
    if isinstance(shares, NotEstimable):
        return shares
    values = [
        np.inf
        if isinstance(t, NotEstimable)
        else _beyond(abs(t) if two_sided else t, shares, df, two_sided)
        for t in statistics
    ]
    places = [t if isinstance(t, NotEstimable) else 0.0 for t in statistics]
    return adjusted(places, values, alpha)


def dunnett_critical(
    control: int,
    treated: Sequence[int],
    *,
    df: float = np.inf,
    two_sided: bool = True,
    alpha: float = 0.05,
) -> float | NotEstimable:
    """What the largest difference over its standard error exceeds with probability `alpha`.

    Arguments and reasons as for `dunnett`.
    """
    if not 0 < alpha < 1:
        raise ValueError(f"alpha must lie between 0 and 1, not {alpha}.")
    shares = _shares(control, treated, df)
    if isinstance(shares, NotEstimable):
        return shares
    # Bonferroni is above; a single comparison is below.
    tail = alpha / 2 if two_sided else alpha
    low, high = tails.t_isf([tail, tail / len(treated)], df) + np.array([-1e-6, 1e-6])
    return float(
        optimize.brentq(
            lambda c: np.log(_beyond(c, shares, df, two_sided) / alpha), low, high, xtol=1e-12
        )
    )


def _shares(control: int, treated: Sequence[int], df: float) -> Floats | NotEstimable:
    """λ of each difference."""
    if not len(treated):
        raise ValueError("Dunnett's test needs a treated arm.")
    if min(control, *treated) <= 0:
        return NotEstimable(Reason.NO_ROWS, "An arm has no rows.")
    if not df > 0:
        return NotEstimable(Reason.TOO_FEW_ROWS, "No degree of freedom is left for the variance.")
    rows = np.asarray(treated, dtype=np.float64)
    found: Floats = np.sqrt(rows / (rows + control))
    return found


def _beyond(c: float, shares: Floats, df: float, two_sided: bool) -> float:
    """The chance that any difference passes c; an integral of tails, so that it keeps its digits.

    A one-sided c may be negative.
    """
    own = np.sqrt(1 - shares**2)
    z, z_weights = _normal_grid(float((own / shares).min()))
    s, s_weights = _chi_grid(df)
    weights = s_weights[:, None] * z_weights[None, :]
    none = np.zeros_like(weights)
    for share, rest in zip(shares, own, strict=True):
        tail = special.ndtr((-c * s[:, None] + share * z) / rest)
        if two_sided:
            tail = tail + special.ndtr((-c * s[:, None] - share * z) / rest)
        with np.errstate(divide="ignore"):  # a tail of 1: none can stay inside
            none += np.log1p(-np.minimum(tail, 1))
    return float((weights * -np.expm1(none)).sum() / weights.sum())


def _normal_grid(narrowest: float) -> Grid:
    step = min(1.0, narrowest) / PER_WIDTH
    reach = float(tails.norm_isf(NOTHING))
    z = np.arange(-reach, reach + step, step)
    return z, tails.norm_pdf(z) * step


def _chi_grid(df: float) -> Grid:
    """S = √(χ² / df) on the scale of its logarithm; one point if the variance is known."""
    if np.isinf(df):
        return np.ones(1), np.ones(1)
    step = min(0.1, 1 / np.sqrt(2 * df) / PER_WIDTH)
    low = np.log(NOTHING) / df - 8 / np.sqrt(df)
    high = np.log(tails.chi2_isf(NOTHING, df) / df) / 2
    u = np.arange(low, high + step, step)
    # The density of u = log S is proportional to exp(df u − df e^{2u} / 2); the sum normalises it.
    log_density = df * (u - np.expm1(2 * u) / 2)
    weights = np.exp(log_density - log_density.max())
    return np.exp(u), weights / weights.sum()
