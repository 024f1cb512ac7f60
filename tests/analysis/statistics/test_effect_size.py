import numpy as np
import pytest
from scipy import stats

from analysis.statistics.effect_size import (
    StandardisedEffect,
    hedges_g,
    standardised_contrast,
    unbiasing,
)
from analysis.statistics.estimate import NotEstimable, Reason
from tests.analysis.statistics.near import near


def test_hedges_g_is_the_contrast_of_two_cells_and_leaves_missing_out() -> None:
    one, other = [1.0, 2.0, 4.0, np.nan], [3.0, 6.0, 5.0, 7.0]
    sds = [float(np.std([1, 2, 4], ddof=1)), float(np.std([3, 6, 5, 7], ddof=1))]
    expected = standardised_contrast([7 / 3, 21 / 4], sds, [3, 4], [-1, 1])
    assert hedges_g(one, other) == expected
    assert isinstance(expected, StandardisedEffect)
    assert (expected.df, expected.n) == (5, 7)
    assert expected.d == near((21 / 4 - 7 / 3) / expected.sd)


def test_ends_of_the_interval_put_the_statistic_at_the_tails() -> None:
    found = standardised_contrast([1, 2, 4], [1, 2, 1.5], [9, 12, 15], [-0.5, -0.5, 1], alpha=0.1)
    assert isinstance(found, StandardisedEffect)
    scale = (0.25 / 9 + 0.25 / 12 + 1 / 15) ** 0.5
    below = [
        float(stats.nct.cdf(found.d / scale, 33, end / scale)) for end in (found.low, found.high)
    ]
    assert below == [near(0.95), near(0.05)]


def test_unbiasing_is_near_hedges_approximation_and_exact_for_two() -> None:
    assert unbiasing(100) == pytest.approx(1 - 3 / (4 * 100 - 1), abs=1e-5)
    # Γ(1) / (√1 Γ(½))
    assert unbiasing(2) == near(np.pi**-0.5)


def test_interval_turns_with_the_groups_however_far_apart_they_are() -> None:
    rng = np.random.default_rng(4)
    for shift in (0.0, 0.5, 30.0):
        one, other = rng.normal(size=12), rng.normal(shift, size=9)
        there, back = hedges_g(one, other), hedges_g(other, one)
        assert isinstance(there, StandardisedEffect)
        assert isinstance(back, StandardisedEffect)
        assert (there.g, there.low, there.high) == (
            near(-back.g),
            near(-back.high),
            near(-back.low),
        )
        assert there.low < there.d < there.high


def test_interval_covers_as_often_as_it_says() -> None:
    rng, runs, truth = np.random.default_rng(6), 300, 0.8
    covered = 0
    for _ in range(runs):
        found = hedges_g(rng.normal(size=6), rng.normal(truth, size=6), alpha=0.2)
        assert isinstance(found, StandardisedEffect)
        covered += found.low <= truth <= found.high
    # Three Monte Carlo standard errors.
    assert covered / runs == pytest.approx(0.8, abs=3 * (0.8 * 0.2 / runs) ** 0.5)


def test_effects_that_cannot_be_standardised_have_a_reason() -> None:
    assert hedges_g([], [1.0]) == NotEstimable(Reason.NO_ROWS, "A group has no rows.")
    assert hedges_g([1.0], [1.0, 2.0]) == NotEstimable(
        Reason.TOO_FEW_ROWS, "Two degrees of freedom are needed."
    )
    assert hedges_g([1.0, 1.0], [2.0, 2.0]) == NotEstimable(
        Reason.NO_VARIANCE, "The outcome does not vary within the cells."
    )
    assert standardised_contrast([1, 2, 0], [1, 1, 0], [5, 5, 0], [-1, 0, 1]) == NotEstimable(
        Reason.NO_ROWS, "A cell of the contrast has no rows."
    )
    with pytest.raises(ValueError, match="are of the same cells"):
        standardised_contrast([1, 2], [1, 1], [5, 5], [0, 0])
    with pytest.raises(ValueError, match="alpha must lie"):
        hedges_g([1.0, 2.0], [2.0, 4.0], alpha=1)


@pytest.mark.parametrize(("sd", "rows"), [(1e-13, 100), (1e-3, 2)])
def test_effect_too_far_from_zero_for_its_interval_is_a_reason(sd: float, rows: int) -> None:
    # Means of items that are all the same differ by rounding, not by nothing.
    found = standardised_contrast([0, 1], [sd, sd], [rows, rows], [-1, 1])
    detail = f"d = {1 / sd:.3g} is too far from zero."
    assert found == NotEstimable(Reason.BELOW_PRECISION, detail)
