"""Simple randomisation: each position by itself, with the weights' probabilities."""

from collections import Counter
from fractions import Fraction
from itertools import islice

from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chisquare

from experiments.randomisation import Draw, probability, simple_draws
from experiments.randomisation.stream import pick

SEED = bytes(range(32))
# Computed once; a change here would break every ledger that was written.
FIRST = (1, 0, 2, 0, 2, 1, 0, 2, 2, 2, 0, 1, 2, 2, 2, 2, 2, 2)


@given(st.binary(min_size=32, max_size=32), st.integers(0, 10**9))
def test_list_continues_anywhere_as_it_runs(seed: bytes, start: int) -> None:
    whole = list(islice(simple_draws(seed, [1, 2, 3], start=start), 20))
    assert list(islice(simple_draws(seed, [1, 2, 3], start=start + 7), 13)) == whole[7:]
    assert whole == [Draw(start + at, 0, 0, draw.arm) for at, draw in enumerate(whole)]


def test_every_position_has_exactly_the_stated_probabilities() -> None:
    # A position is one pick; all the numbers that it can rest on are put in.
    weights = [1, 0, 2, 3]
    stated = [probability(weights, arm) for arm in range(4)]
    drawn = Counter(pick(stated, iter([number])) for number in range(6))
    assert [Fraction(drawn[arm], 6) for arm in range(4)] == stated


def test_neighbours_are_independent() -> None:
    arms = [draw.arm for draw in islice(simple_draws(SEED, [1, 2, 3]), 12000)]
    pairs = Counter(zip(arms[::2], arms[1::2], strict=True))
    chances = {(i, j): (i + 1) * (j + 1) / 36 for i in range(3) for j in range(3)}
    # The seed is fixed: p was 0.92 at the time of writing. Below one in a million is another law.
    observed = [pairs[pair] for pair in chances]
    assert chisquare(observed, [6000 * chance for chance in chances.values()]).pvalue > 1e-6


def test_list_is_the_same_on_every_machine() -> None:
    assert tuple(draw.arm for draw in islice(simple_draws(SEED, [1, 2, 3]), 18)) == FIRST
