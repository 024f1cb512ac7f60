"""Estimates and tests that stay valid however often one looks, and whenever one stops.

Two ways to the same end. The asymptotic confidence sequence (Waudby-Smith, Arbour, Sinha, Kennedy
& Ramdas 2024, Time-uniform central limit theory and asymptotic confidence sequences, Annals of
Statistics 52(6), 2613–2640) takes any estimate with a consistent standard error. The F and t tests
of Lindon, Ham, Tingley & Bojinov 2022, Anytime-valid linear models and regression adjusted causal
inference in randomized experiments (arXiv 2210.08589), are exact for normal errors of one
variance; with robust errors they hold in large samples and are then nearly the same sequence.
"""

from dataclasses import dataclass

import numpy as np
from scipy import optimize

from analysis.statistics.estimate import Estimate, JointTest, NotEstimable, Reason


@dataclass(frozen=True)
class AnytimeEstimate:
    """An estimate with an interval that covers at all times together, and a p of any time.

    `log_e` is the log of the evidence against zero, a martingale that starts at 1 if the effect is
    nil; `p` is min(1, 1 / e). `n`, `se` and the unit are those of the estimate that it rests on.
    """

    estimate: float
    se: float
    log_e: float
    p: float
    low: float
    high: float
    n: int
    level: float


@dataclass(frozen=True)
class AnytimeTest:
    """A joint test that may be read at any time: p is min(1, 1 / e)."""

    log_e: float
    p: float
    n: int


def tuned_rho2(planned: float, alpha: float) -> float:
    """The ρ² that makes the asymptotic sequence narrowest at `planned` rows.

    (−W₋₁(−alpha² / e) − 1) / planned, with W₋₁ the lower branch of Lambert's function. Solved as
    u − log u = 1 − 2 log alpha, which keeps its digits for an alpha of any size.
    """
    if not planned > 0 or not 0 < alpha < 1:
        raise ValueError("A sequence needs planned rows and an alpha between 0 and 1.")
    depth = 1 - 2 * float(np.log(alpha))
    root = optimize.brentq(lambda u: u - np.log(u) - depth, depth, 2 * depth, xtol=1e-14)
    return float((root - 1) / planned)


def tuned_g(planned: float, alpha: float) -> float:
    """The g of the anytime-valid t that is tightest at `planned` rows, in large samples: 1 / ρ²."""
    return 1 / tuned_rho2(planned, alpha)


def asymptotic_margin(n: int, *, rho2: float, alpha: float) -> float:
    """Half the width of the sequence at n rows, for a standard deviation of 1.

    √(2 (n ρ² + 1) / (n² ρ²) · log(√(n ρ² + 1) / alpha)): Waudby-Smith et al. 2024.
    """
    grown = n * rho2 + 1
    return float(np.sqrt(2 * grown / (n * n * rho2) * (np.log(grown) / 2 - np.log(alpha))))


def asymptotic_sequence(found: Estimate, *, planned: float, alpha: float = 0.05) -> AnytimeEstimate:
    """The asymptotic confidence sequence of an estimate at its n rows, tightest at `planned`.

    estimate ± se √n · margin(n). `planned` and alpha are fixed before the data. The error is at
    most alpha over all looks together as the first of them has more and more rows.
    """
    rho2 = tuned_rho2(planned, alpha)
    half = found.se * np.sqrt(found.n) * asymptotic_margin(found.n, rho2=rho2, alpha=alpha)
    grown = found.n * rho2 + 1
    log_e = (found.statistic**2 * (grown - 1) / grown - np.log(grown)) / 2
    return _anytime(found, log_e=float(log_e), half=float(half), alpha=alpha)


def log_evidence(statistic: float, *, rows: int, df: float, n: int, g: float) -> float:
    """The log of the evidence of an F of `rows` and `df` degrees of freedom from n rows.

    ½ d log r + ½ (ν + d) (log(1 + d F / ν) − log(1 + r d F / ν)), r = g / (g + n), with d the rows
    of the hypothesis and ν the df: Lindon et al. 2022. t² is an F with d = 1.
    """
    if not g > 0:
        raise ValueError(f"g must be above zero, not {g}.")
    share, ratio = g / (g + n), rows * statistic / df
    grown = np.log1p(ratio) - np.log1p(share * ratio)
    return float((rows * np.log(share) + (df + rows) * grown) / 2)


def t_radius(*, df: float, n: int, g: float, alpha: float) -> float | NotEstimable:
    """How many standard errors the anytime-valid t interval reaches to either side.

    √(ν (1 − a) / (a − r)), a = (r alpha²)^(1 / (ν + 1)), r = g / (g + n): Lindon et al. 2022.
    TOO_FEW_ROWS while a <= r, when no value can be excluded yet.
    """
    share = g / (g + n)
    log_a = (np.log(share) + 2 * np.log(alpha)) / (df + 1)
    room = np.exp(log_a) - share
    if room <= 0:
        return NotEstimable(Reason.TOO_FEW_ROWS, f"{n} rows exclude no value at alpha {alpha:g}.")
    return float(np.sqrt(df * -np.expm1(log_a) / room))


def z_radius(*, n: int, g: float, alpha: float) -> float:
    """The t_radius of large samples: √((n + g) / n · log((n + g) / (g alpha²)))."""
    return float(np.sqrt((n + g) / n * (np.log1p(n / g) - 2 * np.log(alpha))))


def anytime_t(found: Estimate, *, g: float, alpha: float = 0.05) -> AnytimeEstimate | NotEstimable:
    """The anytime-valid t test and interval of a regression's estimate; g is fixed beforehand."""
    radius = t_radius(df=found.df, n=found.n, g=g, alpha=alpha)
    if isinstance(radius, NotEstimable):
        return radius
    log_e = log_evidence(found.statistic**2, rows=1, df=found.df, n=found.n, g=g)
    return _anytime(found, log_e=log_e, half=radius * found.se, alpha=alpha)


def anytime_f(found: JointTest, *, g: float) -> AnytimeTest:
    """The anytime-valid F test of several contrasts; g is fixed beforehand."""
    log_e = log_evidence(
        found.statistic, rows=found.df_numerator, df=found.df_denominator, n=found.n, g=g
    )
    return AnytimeTest(log_e=log_e, p=float(np.exp(-max(log_e, 0.0))), n=found.n)


def _anytime(found: Estimate, *, log_e: float, half: float, alpha: float) -> AnytimeEstimate:
    return AnytimeEstimate(
        estimate=found.estimate,
        se=found.se,
        log_e=log_e,
        p=float(np.exp(-max(log_e, 0.0))),
        low=found.estimate - half,
        high=found.estimate + half,
        n=found.n,
        level=1 - alpha,
    )
