"""The coin toward arms that are short of completes."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.randomisation import toward_completes, toward_completes_probabilities

SEED = bytes(range(32))
# Computed once; a change here would break every ledger that was written.
FIRST = (0, 2, 1, 0, 0, 2, 2, 1, 2, 2, 2, 2, 1, 2, 1, 2, 1, 2)


@pytest.mark.parametrize(
    ("weights", "completes", "expected"),
    [
        ([1, 1, 1], [5, 4, 6], (Fraction(1, 10), Fraction(4, 5), Fraction(1, 10))),
        ([1, 1, 1], [4, 4, 6], (Fraction(9, 20), Fraction(9, 20), Fraction(1, 10))),
        ([1, 1, 1], [7, 7, 7], (Fraction(1, 3),) * 3),
        # 5/1, 8/2 and 12/3: the last two tie at four for each unit of weight.
        ([1, 2, 3], [5, 8, 12], (Fraction(1, 25), Fraction(48, 125), Fraction(72, 125))),
        ([1, 0, 1], [3, 0, 2], (Fraction(1, 5), 0, Fraction(4, 5))),
    ],
)
def test_arms_with_fewest_completes_for_their_weight_are_preferred(
    weights: list[int], completes: list[int], expected: tuple[Fraction, ...]
) -> None:
    assert toward_completes_probabilities(weights, completes, Fraction(4, 5)) == expected


@given(st.lists(st.integers(0, 30), min_size=3, max_size=3), st.integers(1, 5))
def test_completes_in_proportion_to_the_weights_leave_the_fair_shares(
    weights: list[int], each: int
) -> None:
    weights[0] += 1
    found = toward_completes_probabilities(weights, [w * each for w in weights], Fraction(1))
    assert found == tuple(Fraction(weight, sum(weights)) for weight in weights)


def test_no_arm_with_a_weight_is_refused() -> None:
    with pytest.raises(ValueError, match="whose weight is not zero"):
        toward_completes_probabilities([0, 0], [1, 1], Fraction(1))


def test_draws_are_the_same_on_every_machine() -> None:
    chances = (Fraction(1, 6), Fraction(1, 3), Fraction(1, 2))
    assert tuple(toward_completes(SEED, position, chances) for position in range(18)) == FIRST
