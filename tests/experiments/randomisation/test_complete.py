"""Complete randomisation: the totals are met, round after round, in an order open to the end."""

from collections import Counter
from fractions import Fraction
from itertools import islice
from operator import itemgetter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.randomisation import Draw, complete_draws, probability
from experiments.randomisation.complete import chosen_round
from tests.experiments.randomisation.enumeration import outcomes, shares

SEED = bytes(range(32))
# Computed once; a change here would break every ledger that was written.
FIRST = (0, 1, 1, 2, 1, 1, 2, 2, 2, 0, 2, 2, 1, 2, 1, 2, 2, 2)

totals = st.lists(st.integers(0, 6), min_size=2, max_size=5).filter(any)


@given(st.binary(min_size=32, max_size=32), totals)
def test_every_round_meets_the_totals_as_they_are(seed: bytes, chosen: list[int]) -> None:
    size = sum(chosen)
    draws = list(islice(complete_draws(seed, chosen), 3 * size))
    for number in range(3):
        held = draws[number * size : (number + 1) * size]
        assert Counter(draw.arm for draw in held) == {k: n for k, n in enumerate(chosen) if n}
        assert [(draw.position, draw.block, draw.block_start) for draw in held] == [
            (number * size + at, number, number * size) for at in range(size)
        ]


@given(st.binary(min_size=32, max_size=32), totals, st.data())
def test_list_continues_from_any_position_as_it_runs(
    seed: bytes, chosen: list[int], data: st.DataObject
) -> None:
    whole = list(islice(complete_draws(seed, chosen), 80))
    at = whole[data.draw(st.integers(0, 40))]
    skip = at.position - at.block_start
    rest = complete_draws(seed, chosen, block=at.block, start=at.block_start, skip=skip)
    assert list(islice(rest, 40)) == whole[at.position : at.position + 40]


@pytest.mark.parametrize("chosen", [[1, 1, 1], [2, 2], [1, 2, 3], [1, 0, 4]])
def test_every_position_has_exactly_the_stated_probabilities(chosen: list[int]) -> None:
    rounds = outcomes(lambda choose: chosen_round(chosen, choose))
    stated = {arm: probability(chosen, arm) for arm, total in enumerate(chosen) if total}
    assert [shares(rounds, itemgetter(place)) for place in range(sum(chosen))] == (
        [stated] * sum(chosen)
    )


def test_every_arrangement_of_a_round_is_equally_likely() -> None:
    rounds = outcomes(lambda choose: chosen_round([2, 2], choose))
    assert set(rounds.values()) == {Fraction(1, 6)}
    assert len(rounds) == 6


def test_totals_of_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one arm"):
        next(complete_draws(SEED, [0, 0]))


def test_list_is_the_same_on_every_machine() -> None:
    draws = list(islice(complete_draws(SEED, [2, 4, 6]), 18))
    assert tuple(draw.arm for draw in draws) == FIRST
    assert draws[12] == Draw(12, 1, 12, FIRST[12])
