"""PURE: simple randomisation: every position is drawn by itself.

A position depends on the seed and its own number only, so a list continues anywhere at no cost.
Over the seed every position has arm k with probability weight_k / sum of weights, whatever the
others hold (Rosenberger & Lachin 2016, Randomization in Clinical Trials, ch. 3).
"""

from collections.abc import Iterator, Sequence
from itertools import count

from experiments.randomisation.draw import Draw, probability
from experiments.randomisation.stream import numbers, pick


def simple_draws(seed: bytes, weights: Sequence[int], *, start: int = 0) -> Iterator[Draw]:
    """The list's positions without end, from position `start`; there are no blocks: all are 0."""
    shares = [probability(weights, arm) for arm in range(len(weights))]
    for position in count(start):
        arm = pick(shares, numbers(seed, b"simple", position))
        yield Draw(position=position, block=0, block_start=0, arm=arm)
