"""Permuted blocks: balance, determinism, and the exact probabilities."""

from collections import Counter
from fractions import Fraction
from itertools import islice, permutations
from operator import itemgetter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chisquare

from experiments.randomisation import (
    Draw,
    list_seed,
    permuted_block,
    permuted_blocks,
    probability,
    reduced,
)
from experiments.randomisation.blocks import chosen_block
from experiments.randomisation.stream import Below
from tests.experiments.randomisation.enumeration import outcomes, shares

# Computed once; a change here would break every ledger that was written.
SEED = "5aeb9504dcb3b975d9ccf2e9e03400fd3e709a4728bfffb5b844c94ee65dfcaa"
FIRST = (4, 5, 5, 3, 3, 3, 0, 1, 4, 4, 0, 5, 1, 2, 2, 2, 1, 0)

weights = st.lists(st.integers(1, 4), min_size=2, max_size=6)
seeds = st.binary(min_size=32, max_size=32)


Case = tuple[bytes, list[int], list[int]]


@st.composite
def lists(draw: st.DrawFn) -> Case:
    """A seed, weights, and block sizes that suit them."""
    chosen = draw(weights)
    total = sum(reduced(chosen))
    factors = draw(st.lists(st.integers(1, 4), min_size=1, max_size=3, unique=True))
    return draw(seeds), chosen, [factor * total for factor in factors]


@given(lists())
def test_every_block_holds_each_arm_in_proportion_to_its_weight(case: Case) -> None:
    seed, chosen, sizes = case
    draws = list(islice(permuted_blocks(seed, chosen, sizes), 200))
    last = draws[-1].block
    for number in range(last):
        arms = Counter(draw.arm for draw in draws if draw.block == number)
        size = sum(arms.values())
        assert size in sizes
        assert arms == {
            arm: size * weight // sum(chosen) for arm, weight in enumerate(chosen) if weight
        }


@given(lists(), st.integers(0, 150))
def test_list_continues_from_any_block_as_it_runs_from_the_start(case: Case, position: int) -> None:
    seed, chosen, sizes = case
    whole = list(islice(permuted_blocks(seed, chosen, sizes), 300))
    at = whole[position]
    rest = permuted_blocks(seed, chosen, sizes, block=at.block, start=at.block_start)
    assert list(islice(rest, 100)) == whole[at.block_start : at.block_start + 100]
    assert [draw.position for draw in whole] == list(range(300))


@pytest.mark.parametrize(("chosen", "sizes"), [([1, 1, 1], [3, 6]), ([2, 1], [3]), ([1] * 6, [6])])
def test_every_position_has_its_arms_with_the_stated_probability(
    chosen: list[int], sizes: list[int]
) -> None:
    # The seeds are fixed, so this can't fail by chance: it did not at the time of writing.
    lists = 4000
    for position in range(max(sizes)):
        seen = Counter(
            next(
                islice(permuted_blocks(number.to_bytes(32, "big"), chosen, sizes), position, None)
            ).arm
            for number in range(lists)
        )
        expected = [float(probability(chosen, arm)) * lists for arm in range(len(chosen))]
        observed = [seen[arm] for arm in range(len(chosen))]
        # p below one in a million would mean another distribution than the one stated.
        assert chisquare(observed, expected).pvalue > 1e-6


def test_probability_is_exact() -> None:
    assert [probability([2, 1, 3], arm) for arm in range(3)] == [
        Fraction(1, 3),
        Fraction(1, 6),
        Fraction(1, 2),
    ]


def test_list_is_the_same_on_every_machine() -> None:
    seed = list_seed(bytes(32), version=1, randomisation="main", mode="live", stratum="a=1")
    assert seed.hex() == SEED
    assert permuted_block(seed, [1, 1, 1, 1, 1, 1], [6, 12, 18], 0) == FIRST
    assert next(permuted_blocks(seed, [1] * 6, [6, 12, 18])) == Draw(0, 0, 0, FIRST[0])


@pytest.mark.parametrize(
    ("chosen", "size"),
    [([1, 1, 1], 3), ([1, 1, 1], 6), ([2, 1, 1], 4), ([1, 2, 3], 6), ([1, 0], 3)],
)
def test_every_place_of_a_block_has_exactly_the_stated_probabilities(
    chosen: list[int], size: int
) -> None:
    blocks = outcomes(lambda choose: chosen_block(chosen, [size], choose))
    stated = {arm: probability(chosen, arm) for arm, weight in enumerate(chosen) if weight}
    assert [shares(blocks, itemgetter(place)) for place in range(size)] == ([stated] * size)


def test_positions_across_blocks_of_random_size_have_exactly_the_stated_probabilities() -> None:
    def four(choose: Below) -> tuple[int, ...]:
        arms: tuple[int, ...] = ()
        while len(arms) < 4:
            arms += chosen_block([1, 1], [2, 4], choose)
        return arms[:4]

    lists = outcomes(four)
    half = {0: Fraction(1, 2), 1: Fraction(1, 2)}
    assert [shares(lists, itemgetter(place)) for place in range(4)] == [half] * 4
    assert lists[(0, 0, 0, 0)] == 0
    assert lists[(0, 0, 1, 1)] == Fraction(1, 2) * Fraction(1, 6)


def test_remainder_drawn_one_after_the_other_would_not_have_the_stated_probabilities() -> None:
    # The trap: a block of 5 for weights 1, 2, 3 holds 0, 1 and 2 of the arms for sure; two seats
    # remain, to which the arms have claims of 5/6, 4/6 and 3/6. Drawing the seats one after the
    # other, without replacement and weighted by the claims, gives them to other arms than those.
    claims = (Fraction(5, 6), Fraction(4, 6), Fraction(3, 6))
    seated = [Fraction(0)] * 3
    for first, second in permutations(range(3), 2):
        chance = claims[first] / 2 * claims[second] / (2 - claims[first])
        seated[first] += chance
        seated[second] += chance
    sure = (0, 1, 2)
    trap = {arm: (sure[arm] + seated[arm]) / 5 for arm in range(3)}
    assert trap == {0: Fraction(11, 72), 1: Fraction(106, 315), 2: Fraction(143, 280)}

    ours = shares(outcomes(lambda choose: chosen_block([1, 2, 3], [6], choose)), itemgetter(0))
    assert ours == {0: Fraction(1, 6), 1: Fraction(1, 3), 2: Fraction(1, 2)}
