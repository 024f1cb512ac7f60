from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis.statistics.counts import Ints
from analysis.statistics.estimate import Floats, NotEstimable, Reason
from analysis.statistics.randomisation_inference import (
    Assignments,
    RandomisationInterval,
    RandomisationTest,
    arrangements,
    mean_contrast,
    possible,
    randomisation_interval,
    randomisation_test,
    redrawn,
)
from tests.analysis.statistics.near import near

TWO = [-1.0, 1.0]


def every(arms: list[int], strata: list[str] | None = None) -> Assignments:
    return arrangements(arms, strata, most=100_000, seed=0)


@pytest.mark.parametrize(
    ("arms", "strata"),
    [
        ([0, 1, 1, 0, 1], None),
        ([0, 1, 2, 2, 1, 0], None),
        ([0, 1, 1, 0, 1, 2], ["a", "a", "b", "b", "b", "a"]),
        ([1, 1], None),
    ],
)
def test_arrangements_are_all_different_and_as_many_as_possible(
    arms: list[int], strata: list[str] | None
) -> None:
    found = every(arms, strata)
    rows = Counter(map(tuple, found.arms.tolist()))
    assert found.exact
    assert set(rows.values()) == {1}
    assert len(rows) == possible(arms, strata)
    assert tuple(arms) in rows
    names = np.array(strata or ["a"] * len(arms))
    for name in set(names.tolist()):
        mine = np.sort(found.arms[:, names == name], axis=1)
        assert (mine == np.sort(np.array(arms)[names == name])).all()


def test_arrangements_that_are_too_many_are_drawn_within_strata_from_the_seed() -> None:
    arms, strata = [0, 0, 1, 1] * 5, ["a", "b"] * 10
    found = arrangements(arms, strata, most=500, seed=7)
    assert (found.exact, found.arms.shape) == (False, (500, 20))
    assert (arrangements(arms, strata, most=500, seed=7).arms == found.arms).all()
    assert (found.arms[:, ::2].sum(axis=1) == 5).all()
    # Every place has arm 1 half of the time: four Monte Carlo standard errors.
    assert found.arms.mean(axis=0).tolist() == pytest.approx([0.5] * 20, abs=4 * 0.5 / 500**0.5)


def test_exact_test_agrees_with_scipys_permutations() -> None:
    rng = np.random.default_rng(2)
    one, other = rng.normal(size=5), rng.normal(0.8, 1, size=4)

    def difference(a: Floats, b: Floats, axis: int) -> Any:
        return np.mean(b, axis=axis) - np.mean(a, axis=axis)

    theirs = stats.permutation_test(
        (one, other), difference, vectorized=True, alternative="greater"
    )
    arm = [0] * 5 + [1] * 4
    found = randomisation_test(np.r_[one, other], arm, every(arm), mean_contrast(TWO))
    values = abs(theirs.null_distribution) >= abs(theirs.statistic) - 1e-12
    assert isinstance(found, RandomisationTest)
    assert found == RandomisationTest(
        statistic=near(float(theirs.statistic)),
        p=near(float(values.mean())),
        p_upper=near(float(theirs.pvalue)),
        p_lower=near(float((theirs.null_distribution <= theirs.statistic + 1e-12).mean())),
        assignments=126,
        exact=True,
        undefined=0,
        n=9,
        missing=0,
    )


def test_redraws_count_the_observed_assignment_once_more() -> None:
    table = [[0, 1, 0, 1], [1, 0, 1, 0], [0, 0, 1, 1]]
    found = randomisation_test(
        [1, 2, 3, 9], [0, 0, 1, 1], redrawn(lambda r: np.array(table[r]), 3), mean_contrast(TWO)
    )
    assert isinstance(found, RandomisationTest)
    # Contrasts 3.5, −3.5 and 4.5 beside the observed 4.5.
    assert (found.p, found.p_upper, found.p_lower) == (2 / 4, 2 / 4, 4 / 4)


def test_any_statistic_may_be_asked_of_several_arms() -> None:
    arm = [0, 0, 1, 1, 2, 2]
    y = [1.0, 2.0, 5.0, 6.0, 3.0, 4.0]

    def spread(outcome: Floats, arms: Ints) -> float:
        return float(np.var([outcome[arms == each].mean() for each in range(3)]))

    found = randomisation_test(y, arm, every(arm), spread)
    assert isinstance(found, RandomisationTest)
    # The six ways to name these pairs are the most spread that there are.
    assert (found.p_upper, found.assignments) == (6 / 90, 90)


def test_assignment_that_leaves_an_arm_empty_counts_as_extreme_on_both_sides() -> None:
    table = np.array([[0, 0, 0], [1, 0, 0]])
    found = randomisation_test(
        [3.0, 1.0, 2.0], [0, 1, 1], Assignments(table, exact=False), mean_contrast(TWO)
    )
    assert isinstance(found, RandomisationTest)
    assert (found.undefined, found.p_upper, found.p_lower) == (1, 3 / 3, 2 / 3)


def test_rows_without_an_outcome_leave_every_assignment() -> None:
    arm, table = [0, 1, 1, 0], np.array([[0, 1, 1, 0], [1, 0, 1, 0]])
    whole = randomisation_test(
        [1.0, 2.0, np.nan, 4.0], arm, Assignments(table, exact=False), mean_contrast(TWO)
    )
    part = randomisation_test(
        [1.0, 2.0, 4.0],
        [0, 1, 0],
        Assignments(table[:, [0, 1, 3]], exact=False),
        mean_contrast(TWO),
    )
    assert isinstance(whole, RandomisationTest)
    assert isinstance(part, RandomisationTest)
    assert (whole.p, whole.n, whole.missing) == (part.p, 3, 1)


@settings(max_examples=25)
@given(
    y=st.lists(st.integers(-9, 9).map(float), min_size=7, max_size=7),
    ones=st.integers(3, 4),
    alpha=st.sampled_from([0.1, 0.2, 0.4]),
)
def test_interval_holds_the_effects_that_are_not_rejected(
    y: list[float], ones: int, alpha: float
) -> None:
    arm = [0] * (7 - ones) + [1] * ones
    found = randomisation_interval(y, arm, every(arm), TWO, alpha=alpha)
    assert isinstance(found, RandomisationInterval)
    step = 1e-4
    for tau, inside in (
        (found.low, True),
        (found.low - step, False),
        (found.high, True),
        (found.high + step, False),
        (found.estimate, True),
    ):
        null = np.array(y) - tau * np.array(arm)
        test = randomisation_test(null, arm, every(arm), mean_contrast(TWO))
        assert isinstance(test, RandomisationTest)
        assert (min(test.p_upper, test.p_lower) > alpha / 2) == inside


def test_interval_of_a_main_effect_moves_with_a_constant_effect() -> None:
    rng = np.random.default_rng(9)
    arm = np.tile([0, 1, 2, 3], 10)
    y, weights = rng.normal(size=40), [-0.5, -0.5, 0.5, 0.5]
    drawn = arrangements(arm, most=400, seed=3)
    plain = randomisation_interval(y, arm, drawn, weights)
    moved = randomisation_interval(y + 3 * (arm >= 2), arm, drawn, weights)
    assert isinstance(plain, RandomisationInterval)
    assert moved == RandomisationInterval(
        estimate=near(plain.estimate + 3),
        low=near(plain.low + 3),
        high=near(plain.high + 3),
        level=0.95,
        assignments=400,
        exact=False,
        n=40,
        missing=0,
    )


def test_interval_from_many_redraws_is_near_students() -> None:
    rng = np.random.default_rng(12)
    arm = np.repeat([0, 1], 60)
    y = rng.normal(size=120) + 0.4 * arm
    found = randomisation_interval(y, arm, arrangements(arm, most=4000, seed=5), TWO)
    theirs = stats.ttest_ind(y[60:], y[:60]).confidence_interval(0.95)
    assert isinstance(found, RandomisationInterval)
    # The ends' Monte Carlo error is about a fiftieth of the width at 4,000 redraws.
    assert (found.low, found.high) == pytest.approx((theirs.low, theirs.high), abs=0.04)


def test_what_cannot_be_inferred_has_a_reason() -> None:
    contrast = mean_contrast(TWO)
    nobody = NotEstimable(Reason.NO_ROWS, "Nobody has an outcome.")
    gone = [np.nan, np.nan]
    assert randomisation_test(gone, [0, 1], every([0, 1]), contrast) == nobody
    assert randomisation_interval(gone, [0, 1], every([0, 1]), TWO) == nobody
    empty = NotEstimable(Reason.TOO_FEW_ARMS, "An arm that is compared has no rows.")
    assert randomisation_test([1, 2], [0, 0], every([0, 0]), contrast) == empty
    assert randomisation_interval([1, 2], [0, 0], every([0, 0]), TWO) == empty
    few = randomisation_interval([1, 2, 3, 4], [0, 0, 1, 1], every([0, 0, 1, 1]), TWO)
    detail = "6 assignments can't exclude any effect at 0.025 per side."
    assert few == NotEstimable(Reason.OUT_OF_REACH, detail)


def test_inference_that_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="of the same rows"):
        randomisation_test([1, 2, 3], [0, 1], every([0, 1]), mean_contrast(TWO))
    with pytest.raises(ValueError, match="Positive weights sum to 1"):
        randomisation_interval([1, 2], [0, 1], every([0, 1]), [-1, 2])
    with pytest.raises(ValueError, match="arm without weight"):
        randomisation_interval([1, 2, 3], [0, 1, 2], every([0, 1, 2]), [-1, 1, 0])
    with pytest.raises(ValueError, match="alpha must lie"):
        randomisation_interval([1, 2], [0, 1], every([0, 1]), TWO, alpha=0)
