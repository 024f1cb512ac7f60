"""Power, sample size and smallest detectable effect, before there are data.

Effects are in the unit of the standard deviation that is given; with a deviation of 1 they are
standardised. t and F are exact for normal errors with one variance (Cohen 1988, Statistical Power
Analysis for the Behavioral Sciences, 2nd ed.). Sizes are fractions, as R gives them: plan the
next whole number.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import optimize

from analysis.statistics import tails
from analysis.statistics.estimate import Floats, NotEstimable, Reason

# No study has more rows, and no effect in standard errors is larger.
MOST_ROWS, MOST_EFFECT = 1e9, 1e3


@dataclass(frozen=True)
class Criterion:
    """How a hypothesis is tested: at `alpha`, two-sided or upward."""

    alpha: float = 0.05
    two_sided: bool = True

    def __post_init__(self) -> None:
        if not 0 < self.alpha < 1:
            raise ValueError(f"alpha must lie between 0 and 1, not {self.alpha}.")

    @property
    def tail(self) -> float:
        """Alpha on one side."""
        return self.alpha / 2 if self.two_sided else self.alpha


USUAL = Criterion()


def t_power(noncentrality: float, df: float, test: Criterion = USUAL) -> float | NotEstimable:
    """The chance that a t statistic with this noncentrality, effect / se, rejects.

    An infinite df is the normal test. Both tails count if it is two-sided. TOO_FEW_ROWS without
    degrees of freedom.
    """
    if not df > 0:
        return NotEstimable(Reason.TOO_FEW_ROWS, "No degree of freedom is left for the error.")
    critical = float(tails.t_isf(test.tail, df))
    if np.isinf(df):
        above = tails.norm_sf(critical - noncentrality)
        below = tails.norm_cdf(-critical - noncentrality)
    else:
        from scipy import stats  # noqa: PLC0415 # the desk asks for it, looks need not carry it

        above = stats.nct.sf(critical, df, noncentrality)
        # The mirror image: scipy is exact in the upper tail.
        below = stats.nct.sf(critical, df, -noncentrality)
    return float(above + below) if test.two_sided else float(above)


def t_noncentrality(df: float, power: float, test: Criterion = USUAL) -> float | NotEstimable:
    """What a t statistic's noncentrality, effect / se, must be for this power.

    OUT_OF_REACH if power is no more than what chance alone gives; TOO_FEW_ROWS as for `t_power`.
    """
    least = t_power(0.0, df, test)
    if isinstance(least, NotEstimable):
        return least
    if not least < _checked(power):
        return NotEstimable(Reason.OUT_OF_REACH, "Chance alone rejects as often.")
    return float(
        optimize.brentq(
            lambda x: _number(t_power(x, df, test)) - power, 0.0, MOST_EFFECT, xtol=1e-12
        )
    )


def two_sample_power(
    d: float, n: tuple[float, float], test: Criterion = USUAL
) -> float | NotEstimable:
    """The power of Student's test for a standardised difference d between groups of n."""
    if min(n) <= 0:
        return NotEstimable(Reason.NO_ROWS, "A group has no rows.")
    return t_power(d / np.sqrt(1 / n[0] + 1 / n[1]), sum(n) - 2, test)


def two_sample_size(
    d: float, *, power: float = 0.8, ratio: float = 1.0, test: Criterion = USUAL
) -> float | NotEstimable:
    """Rows in the first group, the second having `ratio` times as many, for this power.

    OUT_OF_REACH if d is nil, is against the direction of the test, or 1e9 rows are too few.
    """
    return _size(lambda n: two_sample_power(d, (n, ratio * n), test), power)


def contrast_power(
    weights: Sequence[float],
    n: Sequence[float],
    effect: float,
    *,
    sd: Sequence[float] | float = 1.0,
    covariates: int = 0,
    test: Criterion = USUAL,
) -> float | NotEstimable:
    """The power for a contrast Σ wⱼ μⱼ of that size, from n rows per cell.

    se² = Σ wⱼ² σⱼ² / nⱼ, with as many degrees of freedom as `cell_means` takes: rows less cells
    that have any, times 1 + `covariates`. What covariates explain is to be taken off `sd`:
    σ √(1 − R²). NO_ROWS if a cell that has weight has no rows.
    """
    se = _contrast_se(weights, n, sd)
    if isinstance(se, NotEstimable):
        return se
    return t_power(effect / se, _df(n, covariates), test)


def contrast_size(
    weights: Sequence[float],
    shares: Sequence[float],
    effect: float,
    *,
    sd: Sequence[float] | float = 1.0,
    covariates: int = 0,
    power: float = 0.8,
    test: Criterion = USUAL,
) -> float | NotEstimable:
    """Rows in all, divided over the cells in proportion to `shares`, for this power.

    Reasons as for `contrast_power` and `two_sample_size`.
    """
    parts = np.asarray(shares, dtype=np.float64)
    if not parts.sum() > 0 or (parts < 0).any():
        raise ValueError("Shares of the cells are not negative, and some are positive.")
    parts = parts / parts.sum()

    def found(rows: float) -> float | NotEstimable:
        n = (parts * rows).tolist()
        return contrast_power(weights, n, effect, sd=sd, covariates=covariates, test=test)

    return _size(found, power)


def smallest_effect(
    weights: Sequence[float],
    n: Sequence[float],
    *,
    sd: Sequence[float] | float = 1.0,
    covariates: int = 0,
    power: float = 0.8,
    test: Criterion = USUAL,
) -> float | NotEstimable:
    """The least size of the contrast that n rows per cell find with this power.

    With weights (−1, 1) and two cells it is that of Student's test. Reasons as for
    `contrast_power`; OUT_OF_REACH if power is no more than what chance alone gives.
    """
    se, df = _contrast_se(weights, n, sd), _df(n, covariates)
    if isinstance(se, NotEstimable):
        return se
    noncentrality = t_noncentrality(df, power, test)
    return noncentrality if isinstance(noncentrality, NotEstimable) else noncentrality * se


def anova_power(f: float, groups: int, n: float, *, alpha: float = 0.05) -> float | NotEstimable:
    """The power of one-way analysis of variance with n rows in each group.

    f is the standard deviation of the groups' means, over k, in units of that within; F is
    noncentral with λ = f² n k: Cohen 1988, ch. 8. TOO_FEW_ROWS if n is at most one.
    """
    if groups < 2:
        return NotEstimable(Reason.TOO_FEW_ARMS, "One group alone can't differ.")
    if n <= 1:
        return NotEstimable(Reason.TOO_FEW_ROWS, "No degree of freedom is left for the error.")
    numerator, denominator = groups - 1, groups * (n - 1)
    critical = tails.f_isf(Criterion(alpha).alpha, numerator, denominator)
    if f == 0:
        return alpha
    from scipy import stats  # noqa: PLC0415 # the desk asks for it, looks need not carry it

    return float(stats.ncf.sf(critical, numerator, denominator, f**2 * n * groups))


def anova_size(
    f: float, groups: int, *, power: float = 0.8, alpha: float = 0.05
) -> float | NotEstimable:
    """Rows in each group for this power; OUT_OF_REACH if f is nil or 1e9 rows are too few."""
    if groups < 2:
        return NotEstimable(Reason.TOO_FEW_ARMS, "One group alone can't differ.")
    return _size(lambda n: anova_power(f, groups, n, alpha=alpha), power)


def arcsine_difference(first: float, second: float) -> float:
    """Cohen's h, 2 arcsin √p₁ − 2 arcsin √p₂: Cohen 1988, sec. 6.2."""
    if not (0 <= first <= 1 and 0 <= second <= 1):
        raise ValueError("Shares lie between 0 and 1.")
    return float(2 * np.arcsin(np.sqrt(first)) - 2 * np.arcsin(np.sqrt(second)))


def two_shares_power(
    h: float, n: tuple[float, float], test: Criterion = USUAL
) -> float | NotEstimable:
    """The power to tell two shares apart that differ by h, approximately: Cohen 1988, ch. 6.

    2 arcsin √p̂ is normal with variance 1 / n, nearly whatever p is.
    """
    if min(n) <= 0:
        return NotEstimable(Reason.NO_ROWS, "A group has no rows.")
    return t_power(h / np.sqrt(1 / n[0] + 1 / n[1]), np.inf, test)


def two_shares_size(
    h: float, *, power: float = 0.8, ratio: float = 1.0, test: Criterion = USUAL
) -> float | NotEstimable:
    """Rows in the first group, the second having `ratio` times as many; as `two_sample_size`."""
    return _size(lambda n: two_shares_power(h, (n, ratio * n), test), power)


def _contrast_se(
    weights: Sequence[float], n: Sequence[float], sd: Sequence[float] | float
) -> float | NotEstimable:
    w, rows = np.asarray(weights, dtype=np.float64), np.asarray(n, dtype=np.float64)
    if w.shape != rows.shape or not w.any():
        raise ValueError(f"{len(w)} weights for {len(rows)} cells, one of them not zero.")
    deviation: Floats = np.broadcast_to(np.asarray(sd, dtype=np.float64), w.shape)
    if (deviation <= 0).any():
        raise ValueError("A standard deviation is above zero.")
    used = w != 0
    if (rows[used] <= 0).any():
        return NotEstimable(Reason.NO_ROWS, "A cell of the contrast has no rows.")
    return float(np.sqrt((w[used] ** 2 * deviation[used] ** 2 / rows[used]).sum()))


def _df(n: Sequence[float], covariates: int) -> float:
    rows = np.asarray(n, dtype=np.float64)
    return float(rows.sum() - np.count_nonzero(rows) * (1 + covariates))


def _size(found: Callable[[float], float | NotEstimable], power: float) -> float | NotEstimable:
    """The n whose power is this; sizes that leave no test have none."""
    _checked(power)

    def missing(log_n: float) -> float:
        return _number(found(float(np.exp(log_n)))) - power

    most = float(np.log(MOST_ROWS))
    if missing(most) < 0:
        return NotEstimable(Reason.OUT_OF_REACH, f"{MOST_ROWS:g} rows would be too few.")
    # From the largest size that does down to one that does not: at few rows power may be odd.
    low = most
    while low > 0 and missing(low) >= 0:
        low -= 1.0
    if missing(low) >= 0:
        return float(np.exp(low))
    return float(np.exp(optimize.brentq(missing, low, low + 1.0, xtol=1e-13)))


def _number(power: float | NotEstimable) -> float:
    return 0.0 if isinstance(power, NotEstimable) else power


def _checked(power: float) -> float:
    if not 0 < power < 1:
        raise ValueError(f"Power must lie between 0 and 1, not {power}.")
    return power
