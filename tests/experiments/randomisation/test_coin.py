"""The biased coin: the published numbers, the two-step rule it stands for, and its bounds."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.randomisation import coin_probabilities, probability

weights = st.lists(st.integers(0, 5), min_size=2, max_size=5).filter(any)


@st.composite
def coins(draw: st.DrawFn) -> tuple[list[int], set[int], Fraction]:
    """Weights, arms of some weight that tie, and a coin that suits them."""
    chosen = draw(weights)
    arms = [arm for arm, weight in enumerate(chosen) if weight]
    tied = draw(st.sets(st.sampled_from(arms), min_size=1))
    fair = Fraction(min(chosen[arm] for arm in arms), sum(chosen))
    return chosen, tied, fair + (1 - fair) * draw(st.fractions(0, 1, max_denominator=40))


def in_two_steps(chosen: list[int], tied: set[int], coin: Fraction) -> tuple[Fraction, ...]:
    """Takes a tied arm in proportion to its weight, then draws as Han et al. print it."""
    whole, least = sum(chosen), min(weight for weight in chosen if weight)
    found = [Fraction(0)] * len(chosen)
    for first in tied:
        chance = Fraction(chosen[first], sum(chosen[arm] for arm in tied))
        others = whole - chosen[first]
        high = 1 - Fraction(others, (whole - least) or 1) * (1 - coin)
        for arm, weight in enumerate(chosen):
            low = Fraction(weight, others or 1) * (1 - high)
            found[arm] += chance * (high if arm == first else low)
    return tuple(found)


@pytest.mark.parametrize(
    ("preferred", "percent"), [(0, (70, 12, 18)), (1, (6, 76, 18)), (2, (6, 12, 82))]
)
def test_probabilities_are_those_of_the_paper(
    preferred: int, percent: tuple[int, int, int]
) -> None:
    # Han, Enas & McEntegart 2009, the trial with active control, placebo and diet 1:2:3, p = 0.7;
    # the figures as the tests of smallerize 0.3.0 quote them from the paper.
    found = coin_probabilities([1, 2, 3], [preferred], Fraction(7, 10))
    assert found == tuple(Fraction(each, 100) for each in percent)


@given(coins())
def test_formula_is_the_mixture_over_who_is_taken_as_preferred(
    case: tuple[list[int], set[int], Fraction],
) -> None:
    assert coin_probabilities(*case) == in_two_steps(*case)


@given(coins())
def test_probabilities_sum_to_one_and_a_preferred_arm_has_at_least_its_share(
    case: tuple[list[int], set[int], Fraction],
) -> None:
    chosen, tied, _ = case
    found = coin_probabilities(*case)
    assert sum(found) == 1
    assert min(found) >= 0
    assert sum(found[arm] for arm in tied) >= sum(probability(chosen, arm) for arm in tied)
    assert all(found[arm] >= probability(chosen, arm) for arm in tied)


@given(weights, st.fractions(0, 1, max_denominator=40))
def test_arms_preferred_by_their_weights_are_drawn_by_their_weights(
    chosen: list[int], part: Fraction
) -> None:
    shares = [probability(chosen, arm) for arm in range(len(chosen))]
    fair = min(share for share in shares if share)
    coin = fair + (1 - fair) * part
    drawn = [
        sum(
            shares[first] * coin_probabilities(chosen, [first], coin)[arm]
            for first in range(len(chosen))
            if chosen[first]
        )
        for arm in range(len(chosen))
    ]
    assert drawn == shares


def test_equal_weights_share_what_the_preferred_arm_leaves() -> None:
    found = coin_probabilities([2, 2, 2, 2], [1], Fraction(7, 10))
    tenth = Fraction(1, 10)
    assert found == (tenth, Fraction(7, 10), tenth, tenth)


def test_coin_of_one_takes_the_preferred_arms_in_proportion_to_their_weights() -> None:
    assert coin_probabilities([1, 2, 3], [0, 2], Fraction(1)) == (
        Fraction(1, 4),
        Fraction(0),
        Fraction(3, 4),
    )


def test_ties_of_all_arms_leave_the_fair_shares() -> None:
    found = coin_probabilities([1, 2, 0, 3], [0, 1, 3], Fraction(9, 10))
    assert found == (Fraction(1, 6), Fraction(1, 3), Fraction(0), Fraction(1, 2))


def test_only_arm_is_certain() -> None:
    certain = (Fraction(0), Fraction(1))
    assert coin_probabilities([0, 3], [1], Fraction(1)) == certain
    assert coin_probabilities([0, 3], [1], Fraction(1, 2)) == certain


@pytest.mark.parametrize("coin", [Fraction(1, 7), Fraction(11, 10)])
def test_coin_below_the_fair_share_or_above_one_is_refused(coin: Fraction) -> None:
    with pytest.raises(ValueError, match="from 1/6 to 1"):
        coin_probabilities([1, 2, 3], [0], coin)


def test_arm_of_no_weight_is_not_preferred() -> None:
    with pytest.raises(ValueError, match="whose weight is not zero"):
        coin_probabilities([0, 2, 3], [0], Fraction(1, 2))
