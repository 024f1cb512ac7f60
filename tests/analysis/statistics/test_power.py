import numpy as np
import pytest
from scipy import stats

from analysis.statistics.effects import cell_means
from analysis.statistics.estimate import NotEstimable, Reason
from analysis.statistics.power import (
    Criterion,
    anova_power,
    anova_size,
    arcsine_difference,
    contrast_power,
    contrast_size,
    smallest_effect,
    t_power,
    two_sample_power,
    two_sample_size,
    two_shares_power,
    two_shares_size,
)
from tests.analysis.statistics.near import near

REWARD = [-0.5, -0.5, 0.5, 0.5, 0.0, 0.0]
NO_FREEDOM = NotEstimable(Reason.TOO_FEW_ROWS, "No degree of freedom is left for the error.")
EMPTY = NotEstimable(Reason.NO_ROWS, "A group has no rows.")
TOO_MANY = NotEstimable(Reason.OUT_OF_REACH, "1e+09 rows would be too few.")


def test_power_without_an_effect_is_alpha() -> None:
    for test in (Criterion(0.01), Criterion(0.05, two_sided=False)):
        for df in (1, 30, np.inf):
            assert t_power(0.0, df, test) == near(test.alpha)
    assert anova_power(0.0, 3, 9) == 0.05


def test_power_of_a_contrast_of_two_cells_is_students() -> None:
    students = two_sample_power(0.4, (30, 50))
    assert isinstance(students, float)
    assert contrast_power([-1, 1], [30, 50], 1.2, sd=3) == near(students)


def test_power_of_two_groups_is_that_of_their_analysis_of_variance() -> None:
    # With two equal groups f is d / 2, and F is t².
    students = two_sample_power(0.5, (40, 40))
    assert isinstance(students, float)
    assert anova_power(0.25, 2, 40) == near(students)


def test_power_of_a_contrast_has_the_degrees_of_freedom_of_cell_means() -> None:
    rng = np.random.default_rng(1)
    cells = np.repeat(["a", "b", "c"], 8)
    z = rng.normal(size=(24, 2))
    df = cell_means(rng.normal(size=24), cells, ["a", "b", "c"], covariates=z).df
    expected = t_power(0.7 / (2 / 8) ** 0.5, df)
    assert contrast_power([-1, 1, 0], [8, 8, 8], 0.7, covariates=2) == expected


def test_power_of_a_contrast_with_unequal_deviations_is_its_frequency() -> None:
    rng, runs, sd = np.random.default_rng(8), 50_000, np.array([1.0, 1.0, 2.0])
    weights, n = np.array([-0.5, -0.5, 1]), np.array([60, 60, 90])
    se = np.sqrt((weights**2 * sd**2 / n).sum())
    # The normal limit: the error is nearly known.
    crossed = abs(rng.normal(0.5 / se, size=runs)) > stats.norm.isf(0.025)
    power = contrast_power(weights.tolist(), n.tolist(), 0.5, sd=sd.tolist())
    assert power == pytest.approx(crossed.mean(), abs=0.01)


def test_sizes_have_their_power() -> None:
    one = two_sample_size(0.3, ratio=2.0, power=0.9)
    assert isinstance(one, float)
    assert two_sample_power(0.3, (one, 2 * one)) == near(0.9)
    total = contrast_size(REWARD, [1] * 6, 0.2)
    assert isinstance(total, float)
    assert contrast_power(REWARD, [total / 6] * 6, 0.2) == near(0.8)
    each = anova_size(0.15, 6)
    assert isinstance(each, float)
    assert anova_power(0.15, 6, each) == near(0.8)
    shares = two_shares_size(0.2, ratio=0.5)
    assert isinstance(shares, float)
    assert two_shares_power(0.2, (shares, shares / 2)) == near(0.8)


def test_smallest_effect_has_its_power() -> None:
    least = smallest_effect(REWARD, [216] * 6, sd=1.3, covariates=3)
    assert isinstance(least, float)
    assert contrast_power(REWARD, [216] * 6, least, sd=1.3, covariates=3) == near(0.8)


def test_smallest_effect_of_the_shipped_study_is_a_fifth_of_a_deviation() -> None:
    least = smallest_effect(REWARD, [1297 / 6] * 6)
    assert least == pytest.approx(0.1907, abs=1e-4)


def test_tiny_power_keeps_its_digits() -> None:
    expected = float(stats.norm.sf(stats.norm.isf(1e-9) + 2))
    assert t_power(-2, np.inf, Criterion(1e-9, two_sided=False)) == near(expected)


def test_what_cannot_be_planned_has_a_reason() -> None:
    assert t_power(1, 0) == NO_FREEDOM
    assert two_sample_power(1, (1, 1)) == NO_FREEDOM
    assert two_sample_power(1, (0, 9)) == EMPTY
    assert two_shares_power(1, (0, 9)) == EMPTY
    cell = NotEstimable(Reason.NO_ROWS, "A cell of the contrast has no rows.")
    assert contrast_power([-1, 1, 0], [9, 0, 9], 1) == cell
    assert smallest_effect([-1, 1, 0], [9, 0, 9]) == cell
    assert smallest_effect([-1, 1], [1, 1]) == NO_FREEDOM
    assert anova_power(0.1, 1, 9) == NotEstimable(
        Reason.TOO_FEW_ARMS, "One group alone can't differ."
    )
    assert anova_power(0.1, 3, 1) == NO_FREEDOM


def test_what_no_size_reaches_has_a_reason() -> None:
    assert two_sample_size(0.0) == TOO_MANY
    assert two_sample_size(-0.3, test=Criterion(two_sided=False)) == TOO_MANY
    assert contrast_size([-1, 1], [1, 0], 0.3) == TOO_MANY
    assert smallest_effect([-1, 1], [9, 9], power=0.04) == NotEstimable(
        Reason.OUT_OF_REACH, "Chance alone rejects as often."
    )


def test_plans_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="alpha must lie"):
        Criterion(0)
    with pytest.raises(ValueError, match="Power must lie"):
        two_sample_size(0.3, power=1)
    with pytest.raises(ValueError, match="Shares lie between"):
        arcsine_difference(0.5, 1.2)
    with pytest.raises(ValueError, match="2 weights for 3 cells"):
        contrast_power([-1, 1], [3, 3, 3], 1)
    with pytest.raises(ValueError, match="above zero"):
        contrast_power([-1, 1], [3, 3], 1, sd=0)
    with pytest.raises(ValueError, match="not negative"):
        contrast_size([-1, 1], [0, 0], 1)
