"""Anytime-valid estimates; tests/reference/anytime.py holds them against other programs."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, special, stats

from analysis.statistics.anytime import (
    AnytimeEstimate,
    AnytimeTest,
    anytime_f,
    anytime_t,
    asymptotic_margin,
    asymptotic_sequence,
    log_evidence,
    t_radius,
    tuned_g,
    tuned_rho2,
    z_radius,
)
from analysis.statistics.estimate import Estimate, JointTest, NotEstimable, Reason, t_estimate
from tests.analysis.statistics.near import near


def estimated(z: float, n: int = 400, df: int = 396) -> Estimate:
    found = t_estimate(estimate=0.1 * z, se=0.1, df=df, n=n, alpha=0.05)
    assert isinstance(found, Estimate)
    return found


def test_asymptotic_sequence_of_an_estimate() -> None:
    # ρ² = 1 / 400 makes √(n ρ² + 1) = √2, so that e = 2^-½ exp(z² / 4) at 400 rows.
    alpha = 0.05
    planned = 400 * (-special.lambertw(-(alpha**2) / math.e, -1).real - 1)
    half = 0.1 * math.sqrt(4 * math.log(math.sqrt(2) / alpha))
    assert asymptotic_sequence(estimated(3.0), planned=planned, alpha=alpha) == AnytimeEstimate(
        estimate=near(0.3),
        se=0.1,
        log_e=near(9 / 4 - math.log(2) / 2),
        p=near(math.sqrt(2) * math.exp(-9 / 4)),
        low=near(0.3 - half),
        high=near(0.3 + half),
        n=400,
        level=0.95,
    )


def test_tuned_sequence_is_narrowest_at_the_planned_rows() -> None:
    rho2 = tuned_rho2(500, 0.05)
    at = [asymptotic_margin(500, rho2=rho2 * by, alpha=0.05) for by in (0.99, 1, 1.01)]
    assert at[1] < min(at[0], at[2])


def test_tuned_sequence_keeps_its_digits_for_a_tiny_alpha() -> None:
    u = 1 + 500 * tuned_rho2(500, 1e-300)
    assert u - math.log(u) == near(1 + 600 * math.log(10))


@given(z=st.floats(-8, 8), n=st.integers(30, 5000), planned=st.integers(10, 5000))
def test_intervals_leave_zero_out_exactly_when_p_is_below_alpha(
    z: float, n: int, planned: int
) -> None:
    found, alpha = estimated(z, n=n, df=n - 4), 0.05
    both = (
        asymptotic_sequence(found, planned=planned, alpha=alpha),
        anytime_t(found, g=tuned_g(planned, alpha), alpha=alpha),
    )
    for ours in both:
        if isinstance(ours, AnytimeEstimate) and abs(ours.p - alpha) > 1e-9:
            assert (ours.p < alpha) is not (ours.low < 0 < ours.high)


def test_the_t_of_many_rows_is_the_asymptotic_sequence() -> None:
    n, g = 10**7, tuned_g(10**7, 0.05)
    sequence = asymptotic_sequence(estimated(3.0, n=n, df=n), planned=n)
    assert z_radius(n=n, g=g, alpha=0.05) == near((sequence.high - sequence.low) / 0.2)
    # t parts from normal as 1 / df.
    assert t_radius(df=n - 1, n=n, g=g, alpha=0.05) == near(
        z_radius(n=n, g=g, alpha=0.05), rel=1e-5
    )


def test_anytime_t_of_few_rows_excludes_nothing() -> None:
    assert anytime_t(estimated(3.0, n=5, df=3), g=100) == NotEstimable(
        Reason.TOO_FEW_ROWS, "5 rows exclude no value at alpha 0.05."
    )


def test_anytime_f_of_one_contrast_is_the_t() -> None:
    found = estimated(3.0)
    ours = anytime_t(found, g=50)
    assert isinstance(ours, AnytimeEstimate)
    joint = anytime_f(
        JointTest(statistic=9.0, df_numerator=1, df_denominator=396, p=0, n=400), g=50
    )
    assert joint == AnytimeTest(log_e=near(ours.log_e), p=near(ours.p), n=400)


def test_evidence_averages_one_under_the_null() -> None:
    """E[e] = 1 for an F of 2 and 20 df from 23 rows: the mean over F's quantiles."""
    total, _ = integrate.quad(
        lambda u: math.exp(log_evidence(stats.f.isf(u, 2, 20), rows=2, df=20, n=23, g=5)), 0, 1
    )
    assert total == near(1.0, rel=1e-6)


@pytest.mark.parametrize("wrong", [{"planned": 0, "alpha": 0.05}, {"planned": 9, "alpha": 1.0}])
def test_tuning_without_rows_or_alpha_is_an_error(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="planned rows"):
        tuned_rho2(**wrong)


def test_looking_after_every_row_errs_less_often_than_alpha() -> None:
    """4,000 null studies of 1,000 rows, looked at from row 50 on; alpha + 3 standard errors."""
    rng, runs, alpha = np.random.default_rng(5), 4000, 0.05
    n = np.arange(1, 1001)
    rho2, ever, naive = tuned_rho2(500, alpha), 0, 0
    margin = np.array([asymptotic_margin(int(k), rho2=rho2, alpha=alpha) for k in n])
    for _ in range(runs):
        y = rng.exponential(size=1000) - 1
        mean = np.cumsum(y) / n
        sd = np.sqrt(np.maximum(np.cumsum(y**2) / n - mean**2, 1e-12))
        ever += bool((np.abs(mean) > sd * margin)[49:].any())
        naive += bool((np.abs(mean) > 1.96 * sd / np.sqrt(n))[49:].any())
    assert ever / runs <= alpha + 3 * math.sqrt(alpha * (1 - alpha) / runs)
    assert naive / runs > 0.25
