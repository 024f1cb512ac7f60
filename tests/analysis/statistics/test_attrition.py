import numpy as np
import pytest
from scipy import stats

from analysis.statistics.attrition import ArmCounts, Attrition, Loss, Passage, Stage, attrition
from analysis.statistics.counts import CountTest, Method
from analysis.statistics.estimate import NotEstimable, Reason
from tests.analysis.statistics.near import near

# Z² of a 95 % interval.
Z2 = 3.8414588206941236


def wilson_by_hand(lost: int, of: int) -> tuple[float, float]:
    """The roots of (lost / of − p)² = z² p (1 − p) / of."""
    low, high = sorted(np.roots([of + Z2, -(2 * lost + Z2), lost**2 / of]).real)
    return float(low), float(high)


def loss(arm: str, of: int, lost: int) -> Loss:
    low, high = wilson_by_hand(lost, of)
    return Loss(arm, of, lost, near(lost / of), near(low), near(high))


def by_scipy(lost: list[int], of: list[int]) -> CountTest:
    """Pearson's test by scipy."""
    table = np.array([lost, np.subtract(of, lost)])
    theirs = stats.chi2_contingency(table, correction=False)
    return CountTest(
        method=Method.PEARSON,
        statistic=near(theirs.statistic),
        df=int(theirs.dof),
        p=near(theirs.pvalue),
        n=sum(of),
        least_expected=near(theirs.expected_freq.min()),
    )


def test_attrition_counts_losses_between_each_two_stages_and_tests_each() -> None:
    found = attrition(["a", "b"], [100, 110], [90, 80], [60, 70])
    assert found == Attrition(
        arms=(ArmCounts("a", 100, 90, 60), ArmCounts("b", 110, 80, 70)),
        passages=(
            Passage(
                Stage.ASSIGNED,
                Stage.EXPOSED,
                (loss("a", 100, 10), loss("b", 110, 30)),
                by_scipy([10, 30], [100, 110]),
            ),
            Passage(
                Stage.ASSIGNED,
                Stage.COMPLETED,
                (loss("a", 100, 40), loss("b", 110, 40)),
                by_scipy([40, 40], [100, 110]),
            ),
            Passage(
                Stage.EXPOSED,
                Stage.COMPLETED,
                (loss("a", 90, 30), loss("b", 80, 10)),
                by_scipy([30, 10], [90, 80]),
            ),
        ),
        level=0.95,
    )


def test_attrition_leaves_an_arm_with_nobody_out_of_the_test() -> None:
    # An arm whose weight is zero, and one whose participants all left before the vignette.
    found = attrition(["a", "b", "zero", "left"], [50, 50, 0, 8], [50, 49, 0, 0], [40, 30, 0, 0])
    first, _, last = found.passages
    assert isinstance(first.test, CountTest)
    assert isinstance(last.test, CountTest)
    assert (first.test.df, last.test.df) == (2, 1)
    assert first.losses[2] == NotEstimable(Reason.NO_ROWS, "Nobody was assigned in arm zero.")
    assert last.losses[3] == NotEstimable(Reason.NO_ROWS, "Nobody was exposed in arm left.")
    assert last.test == by_scipy([10, 19], [50, 49])


def test_attrition_of_few_losses_is_tested_exactly() -> None:
    found = attrition(["a", "b"], [20, 20], [20, 20], [20, 14]).passages[2].test
    assert isinstance(found, CountTest)
    theirs = stats.fisher_exact(np.array([[0, 20], [6, 14]])).pvalue
    assert (found.method, found.p) == (Method.EXACT, near(theirs))


def test_attrition_without_any_loss_has_no_test() -> None:
    found = attrition(["a", "b"], [20, 20], [20, 20], [20, 19])
    assert found.passages[0].test == NotEstimable(
        Reason.NO_VARIANCE, "0 of 40: the shares can't differ."
    )


def test_attrition_before_anybody_came_is_all_reasons() -> None:
    found = attrition(["a", "b"], [0, 0], [0, 0], [0, 0])
    assert {passage.test for passage in found.passages} == {
        NotEstimable(Reason.NO_ROWS, "No group has rows.")
    }


def test_attrition_never_gains_anybody() -> None:
    with pytest.raises(ValueError, match="More were completed than exposed"):
        attrition(["a", "b"], [20, 20], [20, 18], [20, 19])


def test_attrition_needs_a_count_per_arm() -> None:
    with pytest.raises(ValueError, match="one count per arm"):
        attrition(["a", "b"], [20, 20], [20], [20, 19])
