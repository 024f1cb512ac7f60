import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis.statistics.equivalence import (
    Equivalence,
    correlation_equivalence,
    equivalence,
    equivalence_power,
    equivalence_size,
    welch_equivalence,
    within_interval,
)
from analysis.statistics.estimate import NotEstimable, Reason
from analysis.statistics.sequential import bounds as look_bounds
from tests.analysis.statistics.near import near

SMALL = (-0.2, 0.2)


def test_two_one_sided_tests_are_two_t_tests() -> None:
    assert equivalence(estimate=0.05, se=0.1, df=30, bounds=(-0.3, 0.2)) == Equivalence(
        estimate=0.05,
        statistic_lower=near(3.5),
        p_lower=near(float(stats.t.sf(3.5, 30))),
        statistic_upper=near(-1.5),
        p_upper=near(float(stats.t.sf(1.5, 30))),
        p=near(float(stats.t.sf(1.5, 30))),
        low=near(0.05 - 0.1 * float(stats.t.isf(0.05, 30))),
        high=near(0.05 + 0.1 * float(stats.t.isf(0.05, 30))),
        df=30,
        bounds=(-0.3, 0.2),
        equivalent=False,
        alpha=0.05,
    )


@settings(max_examples=40)
@given(
    estimate=st.floats(-0.5, 0.5),
    se=st.floats(0.01, 0.3),
    df=st.floats(1, 1000),
    alpha=st.floats(1e-6, 0.4),
)
def test_equivalence_is_the_interval_of_1_minus_2_alpha_inside_the_bounds(
    estimate: float, se: float, df: float, alpha: float
) -> None:
    found = equivalence(estimate=estimate, se=se, df=df, bounds=SMALL, alpha=alpha)
    assert isinstance(found, Equivalence)
    edge = min(abs(found.low + 0.2), abs(found.high - 0.2)) < 1e-9
    assert edge or found.equivalent == within_interval(found.low, found.high, SMALL)


def test_welch_of_raw_rows_is_scipys() -> None:
    rng = np.random.default_rng(3)
    one, other = rng.normal(size=20), rng.normal(0.1, 2, size=35)
    found = welch_equivalence(
        (float(one.mean()), float(other.mean())),
        (float(one.std(ddof=1)), float(other.std(ddof=1))),
        (20, 35),
        bounds=(-1, 1),
    )
    assert isinstance(found, Equivalence)
    lower = stats.ttest_ind(other + 1, one, equal_var=False, alternative="greater")
    upper = stats.ttest_ind(other - 1, one, equal_var=False, alternative="less")
    assert (found.p_lower, found.p_upper) == (near(lower.pvalue), near(upper.pvalue))
    assert found.df == near(float(lower.df))


def test_what_has_no_error_or_no_freedom_has_a_reason() -> None:
    error = NotEstimable(Reason.NO_VARIANCE, "The estimate has no standard error.")
    freedom = NotEstimable(Reason.TOO_FEW_ROWS, "No degree of freedom is left for the error.")
    assert equivalence(estimate=0, se=0, df=3, bounds=SMALL) == error
    assert equivalence(estimate=0, se=1, df=0, bounds=SMALL) == freedom
    assert welch_equivalence((0, 0), (0, 0), (9, 9), bounds=SMALL) == error
    assert welch_equivalence((0, 0), (1, 1), (9, 1), bounds=SMALL) == NotEstimable(
        Reason.TOO_FEW_ROWS, "A group of one row has no variance."
    )
    assert correlation_equivalence(0.1, 3, bounds=SMALL) == NotEstimable(
        Reason.TOO_FEW_ROWS, "A correlation's error needs four rows."
    )
    assert correlation_equivalence(1, 30, bounds=SMALL) == NotEstimable(
        Reason.NO_VARIANCE, "The two are one and the same."
    )


def test_bounds_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="lies below the upper one"):
        equivalence(estimate=0, se=1, df=3, bounds=(0.2, -0.2))
    with pytest.raises(ValueError, match="lie between −1 and 1"):
        correlation_equivalence(0.1, 30, bounds=(-1, 0.2))
    with pytest.raises(ValueError, match="alpha must lie"):
        equivalence(estimate=0, se=1, df=3, bounds=SMALL, alpha=0)
    with pytest.raises(ValueError, match="above zero"):
        equivalence_power(effect=0, se=0, df=3, bounds=SMALL)


def test_power_of_equivalence_is_its_frequency() -> None:
    rng, runs, df, se = np.random.default_rng(11), 200_000, 12, 0.12
    estimate = rng.normal(0.05, se, size=runs)
    margin = stats.t.isf(0.1, df) * se * np.sqrt(rng.chisquare(df, size=runs) / df)
    seen = ((estimate - margin > -0.3) & (estimate + margin < 0.2)).mean()
    power = equivalence_power(effect=0.05, se=se, df=df, bounds=(-0.3, 0.2), alpha=0.1)
    # Four Monte Carlo standard errors, with a fixed seed.
    assert power == pytest.approx(seen, abs=4 * np.sqrt(power * (1 - power) / runs))


def test_power_of_equivalence_with_a_known_error_is_the_limit() -> None:
    known = equivalence_power(effect=0, se=0.068, df=np.inf, bounds=SMALL)
    assert known == near(2 * float(stats.norm.cdf(0.2 / 0.068 - stats.norm.isf(0.05))) - 1)
    many = equivalence_power(effect=0, se=0.068, df=1e6, bounds=SMALL)
    assert many == pytest.approx(known, abs=1e-5)
    assert equivalence_power(effect=0, se=5, df=1000, bounds=SMALL) == 0


def test_planned_looks_of_the_shipped_study_reach_equivalence_only_at_the_end() -> None:
    """n = 1,297 in SD: reward contrasts compare two thirds of all; looks at 50, 75 and 100 %."""
    looks = look_bounds([0.5, 0.75, 1.0], 0.05)
    se = [float(np.sqrt(6 / (1297 * look.fraction))) for look in looks]
    assert looks[0].z * se[0] == pytest.approx(0.285, abs=5e-4)
    assert not within_interval(-looks[0].z * se[0], looks[0].z * se[0], SMALL)
    by_interval, by_tests = (
        equivalence_power(effect=0, se=se[2], df=1291, bounds=SMALL, alpha=alpha)
        for alpha in (looks[2].nominal_p / 2, 0.05)
    )
    assert (round(by_interval, 2), round(by_tests, 2)) == (0.64, 0.8)


def test_size_of_equivalence_has_its_power() -> None:
    n = equivalence_size(
        effect=0.02, se=lambda n: (2 / n) ** 0.5, df=lambda n: 2 * n - 2, bounds=SMALL
    )
    assert isinstance(n, float)
    found = equivalence_power(effect=0.02, se=(2 / n) ** 0.5, df=2 * n - 2, bounds=SMALL)
    assert found == near(0.8)


def test_size_of_equivalence_out_of_reach_has_a_reason() -> None:
    outside = equivalence_size(effect=0.2, se=lambda n: n**-0.5, df=lambda n: n - 1, bounds=SMALL)
    assert outside == NotEstimable(
        Reason.OUT_OF_REACH, "The effect itself is not between the bounds."
    )
    stuck = equivalence_size(effect=0, se=lambda n: 1.0, df=lambda n: n - 1, bounds=SMALL)
    assert stuck == NotEstimable(Reason.OUT_OF_REACH, "More than 1e+09 rows would be needed.")
