import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.statistics.estimate import Floats, NotEstimable, Reason
from analysis.statistics.scales import Reliability, reliability, score, turned
from tests.analysis.statistics.near import near

NAN = np.nan


def drawn(seed: int) -> Floats:
    rng = np.random.default_rng(seed)
    return rng.normal(size=(30, 1)) + rng.normal(size=(30, 4))


def alpha_of(answers: Floats) -> float:
    found = reliability(answers)
    assert isinstance(found, Reliability)
    return found.alpha


def test_turned_turns_reverse_items_by_the_ends_of_the_scale() -> None:
    given = np.array([[1.0, 2], [5, NAN]])
    found = turned(given, reverse=[False, True], low=1, high=7)
    np.testing.assert_array_equal(found, [[1, 6], [5, NAN]])


def test_score_is_the_mean_and_needs_all_items() -> None:
    np.testing.assert_array_equal(score(np.array([[1.0, 2, 6], [1, NAN, 6]])), [3, NAN])


def test_reliability_of_items_that_say_the_same_is_one() -> None:
    column = np.array([1.0, 2, 4, 5])
    assert reliability(np.column_stack([column, column, column])) == Reliability(
        alpha=1.0, low=1.0, high=1.0, level=0.95, items=3, n=4, missing=0
    )


def test_reliability_leaves_incomplete_rows_out() -> None:
    answers = drawn(1)
    answers[3, 2] = NAN
    found = reliability(answers)
    assert isinstance(found, Reliability)
    assert (found.n, found.missing) == (29, 1)
    assert found.alpha == alpha_of(np.delete(answers, 3, axis=0))


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([[1.0], [2], [3]], (Reason.TOO_FEW_ITEMS, "Alpha needs at least two items.")),
        ([[1.0, 2], [2, 3]], (Reason.TOO_FEW_ROWS, "Alpha needs three complete rows; it has 2.")),
        ([[1.0, 5], [2, 4], [3, 3]], (Reason.NO_VARIANCE, "All sums of the items are the same.")),
    ],
)
def test_reliability_says_why_there_is_none(
    answers: list[list[float]], expected: tuple[Reason, str]
) -> None:
    assert reliability(np.array(answers)) == NotEstimable(*expected)


@given(seed=st.integers(0, 2**32 - 1), shift=st.floats(-100, 100), scale=st.floats(0.01, 100))
def test_reliability_forgets_units_rows_items_and_direction(
    seed: int, shift: float, scale: float
) -> None:
    answers = drawn(seed)
    alpha = alpha_of(answers)
    rng = np.random.default_rng(seed)
    shuffled = rng.permutation(rng.permutation(answers), axis=1)
    moved = shift * scale + scale * answers + rng.normal(size=4)
    turned_all = turned(answers, reverse=[True] * 4, low=1, high=5)
    assert [alpha_of(shuffled), alpha_of(moved), alpha_of(turned_all)] == [near(alpha)] * 3


@pytest.mark.slow
def test_reliability_interval_covers_the_true_alpha() -> None:
    """4,000 samples of four parallel items with alpha 0.8; three and a half standard errors."""
    rng, covered, runs = np.random.default_rng(11), 0, 4000
    for _ in range(runs):
        found = reliability(rng.normal(size=(60, 1)) + rng.normal(size=(60, 4)))
        assert isinstance(found, Reliability)
        covered += found.low <= 0.8 <= found.high
    assert covered / runs == pytest.approx(0.95, abs=3.5 * (0.95 * 0.05 / runs) ** 0.5)
