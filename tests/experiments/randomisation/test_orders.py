"""Counterbalanced orders: what each square balances, and that shuffling keeps it."""

from collections import Counter
from fractions import Fraction
from itertools import pairwise, permutations
from math import factorial
from operator import itemgetter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.randomisation import (
    arranged,
    counterbalanced,
    drawn,
    latin_square,
    vignette_probability,
    williams_square,
)
from experiments.randomisation.decks import chosen_cycle
from experiments.randomisation.orders import Square, chosen_square, place_probability
from tests.experiments.randomisation.enumeration import outcomes, shares

SEED = bytes(range(32))
# Computed once; a change here would break every ledger that was written.
FIRST = ((1, 0, 2), (2, 1, 0), (2, 0, 1), (0, 2, 1), (1, 2, 0), (0, 1, 2))


def places(rows: Square) -> Counter[tuple[int, int]]:
    return Counter((place, each) for row in rows for place, each in enumerate(row))


def neighbours(rows: Square) -> Counter[tuple[int, int]]:
    return Counter(pair for row in rows for pair in pairwise(row))


@pytest.mark.parametrize("size", range(1, 10))
def test_latin_square_has_each_treatment_once_in_each_place(size: int) -> None:
    assert places(latin_square(size)) == {(p, t): 1 for p in range(size) for t in range(size)}


@pytest.mark.parametrize("size", range(2, 10))
def test_williams_square_has_each_ordered_pair_of_neighbours_equally_often(size: int) -> None:
    square, times = williams_square(size), 1 if size % 2 == 0 else 2
    assert len(square) == times * size
    assert places(square) == {(p, t): times for p in range(size) for t in range(size)}
    assert neighbours(square) == dict.fromkeys(permutations(range(size), 2), times)


def test_williams_square_of_four_is_the_one_of_the_textbooks() -> None:
    assert williams_square(4) == ((0, 1, 3, 2), (1, 2, 0, 3), (2, 3, 1, 0), (3, 0, 2, 1))


@given(st.binary(min_size=32, max_size=32), st.integers(2, 7), st.integers(0, 5))
def test_participants_of_a_square_are_balanced_as_the_square_is(
    seed: bytes, size: int, number: int
) -> None:
    square = williams_square(size)
    first = number * len(square)
    rows = tuple(counterbalanced(seed, first + at, square) for at in range(len(square)))
    assert places(rows) == places(square)
    assert neighbours(rows) == neighbours(square)


@pytest.mark.parametrize("square", [latin_square(3), williams_square(4)])
def test_every_order_is_equally_likely_for_every_participant(square: Square) -> None:
    size = len(square[0])
    squares = outcomes(lambda choose: chosen_square(square, choose))
    uniform = dict.fromkeys(permutations(range(size)), Fraction(1, factorial(size)))
    found = [shares(squares, itemgetter(who)) for who in range(len(square))]
    assert found == [uniform] * len(square)
    assert shares(squares, lambda rows: rows[0][1])[2] == place_probability(size)


def test_whole_deck_in_counterbalanced_order_is_the_square_itself() -> None:
    square = williams_square(4)
    orders = [counterbalanced(SEED, position, square) for position in range(4)]
    assert [
        arranged(drawn(SEED, position, 4, 4), order) for position, order in enumerate(orders)
    ] == orders


def test_set_is_arranged_by_the_rank_of_its_cards() -> None:
    assert arranged((7, 2, 5), (1, 0, 2)) == (5, 2, 7)


def test_orders_are_the_same_on_every_machine() -> None:
    square = williams_square(3)
    assert tuple(counterbalanced(SEED, position, square) for position in range(6)) == FIRST


@pytest.mark.parametrize("square", [latin_square(2), williams_square(2)])
@pytest.mark.parametrize("deck_size", [2, 3, 4])
def test_vignette_is_at_each_draw_as_often_as_it_says_in_any_order(
    square: Square, deck_size: int
) -> None:
    sets = outcomes(lambda choose: chosen_cycle(deck_size, 2, choose)[0])
    orders = outcomes(lambda choose: chosen_square(square, choose)[0])
    # Sets and orders are drawn apart, so the probability of both is the product.
    seen: list[Counter[int]] = [Counter(), Counter()]
    for cards, chance in sets.items():
        for order, other in orders.items():
            for draw, card in enumerate(arranged(cards, order)):
                seen[draw][card] += chance * other  # type: ignore[assignment]
    assert seen == [dict.fromkeys(range(deck_size), vignette_probability(deck_size))] * 2
