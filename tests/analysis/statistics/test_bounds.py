"""Bounds under missing outcomes; tests/reference/models.py holds the worst case against R."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis.statistics.bounds import Bound, Bounds, Trimmed, trimming, worst_case
from analysis.statistics.effects import cell_means, contrast
from analysis.statistics.estimate import Estimate, Floats, NotEstimable, Reason
from tests.analysis.statistics.near import near

NAN = math.nan
AB = ("a", "b")


def trimmed(y: Floats, arm: list[str], arms: tuple[str, str] = AB) -> Trimmed:
    found = trimming(y, arm, arms)
    assert isinstance(found, Trimmed)
    return found


def drawn(seed: int, lost: tuple[float, float], n: int = 60) -> tuple[Floats, list[str]]:
    rng = np.random.default_rng(seed)
    arm = ["a", "b"] * (n // 2)
    y = np.round(rng.normal(4, 1, n) + np.array([c == "b" for c in arm]) * 0.5, 1)
    y[[rng.random() < lost[AB.index(c)] for c in arm]] = NAN
    return y, arm


def test_worst_case_fills_gaps_with_the_ends_of_the_scale() -> None:
    # a: 2, 4, gap; b: 5, 7, 3. The gap is 1 to 7, so a's mean is 7/3 to 13/3, b's is 5.
    found = worst_case(
        [2, 4, NAN, 5, 7, 3, NAN], [*"aaabbbc"], ["a", "b", "c"], [-1, 1, 0], ends=(1, 7)
    )
    lower = math.sqrt(stats.tvar([2, 4, 7]) / 3 + 4 / 3)
    upper = math.sqrt(stats.tvar([2, 4, 1]) / 3 + 4 / 3)
    assert isinstance(found, Bounds)
    assert (found.lower, found.upper) == (
        Bound(near(5 - 13 / 3), near(lower)),
        Bound(near(5 - 7 / 3), near(upper)),
    )
    assert (found.n, found.missing, found.level) == (6, 1, 0.95)
    reach = (found.high - found.upper.estimate) / upper
    assert found.low == near(found.lower.estimate - reach * lower)
    # Imbens & Manski's equation, and between the one-sided and the two-sided quantile.
    width = 2 / max(lower, upper)
    assert stats.norm.cdf(reach + width) - stats.norm.cdf(-reach) == near(0.95)
    assert stats.norm.isf(0.05) < reach < stats.norm.isf(0.025)


def test_worst_case_of_complete_rows_is_the_contrast_with_a_normal_interval() -> None:
    y, arm = drawn(1, (0, 0))
    found, plain = (
        worst_case(y, arm, AB, [-1, 1], ends=(0, 9)),
        contrast(cell_means(y, arm, AB), [-1, 1]),
    )
    assert isinstance(plain, Estimate)
    margin = stats.norm.isf(0.025) * plain.se
    end = Bound(near(plain.estimate), near(plain.se))
    assert found == Bounds(
        end, end, near(plain.estimate - margin), near(plain.estimate + margin), 60, 0, 0.95
    )


def test_worst_case_refuses_outcomes_beyond_the_ends() -> None:
    with pytest.raises(ValueError, match="beyond 1 to 7"):
        worst_case([1, 8], ["a", "b"], AB, [-1, 1], ends=(1, 7))


def test_worst_case_of_an_empty_arm_says_so() -> None:
    assert worst_case([1.0, 2.0], ["a", "a"], AB, [-1, 1], ends=(1, 7)) == NotEstimable(
        Reason.NO_ROWS, "Cell b has no rows."
    )


def test_trimming_cuts_the_excess_of_the_arm_that_keeps_more() -> None:
    # a keeps 2 of 4; b keeps 4 of 4, so half of b's outcomes are cut.
    found = trimmed(np.array([1, 3, NAN, NAN, 2, 4, 6, 8.0]), [*"aaaabbbb"])
    # b's highest half cut: mean 3, value at the cut 4, influence 2, 0, 0, 0 over a half.
    influence, share_of_b = 1 / 4 * 4 / 0.25, 0.5 / (0.5 * 4)
    low = math.sqrt(influence / 4 + (4 - 3) ** 2 * share_of_b + 2 / 2)
    assert found.bounds.lower == Bound(near(3 - 2), near(low))
    assert found.bounds.upper == Bound(near(7 - 2), near(low))
    assert (found.trimmed, found.share, found.bounds.n, found.bounds.missing) == ("b", 0.5, 8, 2)


@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=25)
def test_trimming_mirrors_when_the_arms_are_swapped(seed: int) -> None:
    y, arm = drawn(seed, (0.3, 0.1))
    one, other = trimmed(y, arm), trimmed(y, arm, ("b", "a"))
    assert (other.trimmed, other.share) == (one.trimmed, near(one.share))
    assert other.bounds.lower == Bound(near(-one.bounds.upper.estimate), near(one.bounds.upper.se))
    assert (other.bounds.low, other.bounds.high) == (near(-one.bounds.high), near(-one.bounds.low))


@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=25)
def test_trimming_of_repeated_rows_cuts_shares_of_ties(seed: int) -> None:
    y, arm = drawn(seed, (0.3, 0.1))
    one, thrice = trimmed(y, arm).bounds, trimmed(np.tile(y, 3), arm * 3).bounds
    assert thrice.lower.estimate == near(one.lower.estimate)
    assert thrice.upper.estimate == near(one.upper.estimate)


def test_trimming_without_a_difference_in_loss_is_the_difference_in_means() -> None:
    y, arm = drawn(2, (0, 0))
    found, plain = trimmed(y, arm), contrast(cell_means(y, arm, AB), [-1, 1])
    assert isinstance(plain, Estimate)
    assert (found.trimmed, found.share) == (None, 0)
    assert found.bounds.lower == Bound(near(plain.estimate), near(plain.se))


@pytest.mark.parametrize(
    ("y", "expected"),
    [
        ([1.0, 2, NAN, NAN], (Reason.NO_ROWS, "Arm b has no outcome.")),
        ([1.0, NAN, 2, 3], (Reason.TOO_FEW_ROWS, "Fewer than two outcomes of an arm stay.")),
        ([1.0, 1, 3, 3], (Reason.NO_VARIANCE, "The outcome does not vary within the arms.")),
    ],
)
def test_trimming_says_why_there_is_none(y: list[float], expected: tuple[Reason, str]) -> None:
    assert trimming(y, [*"aabb"], AB) == NotEstimable(*expected)


@pytest.mark.slow
def test_trimming_interval_covers_the_effect_at_the_bounds() -> None:
    """4,000 studies in which b keeps its highest outcomes, so the effect is the lower bound."""
    rng, runs, covered, ends = np.random.default_rng(3), 4000, 0, []
    for _ in range(runs):
        y = rng.normal(size=400)
        # Nobody is affected; a keeps a random 60 %, b those and another 20 % from the top.
        always = rng.random(400) < 0.6
        arm = np.array(["a", "b"] * 200)
        lured = ~always & (rng.random(400) < 0.5) & (arm == "b")
        y[lured] = 5 + rng.normal(size=lured.sum())
        y[~always & ~lured] = NAN
        found = trimmed(y, arm.tolist())
        covered += found.bounds.low <= 0 <= found.bounds.high
        ends.append((found.bounds.lower.estimate, found.bounds.lower.se))
    estimates, errors = np.array(ends).T
    assert covered / runs >= 0.95 - 3.5 * (0.95 * 0.05 / runs) ** 0.5
    assert estimates.std() == pytest.approx(np.sqrt((errors**2).mean()), rel=0.05)
