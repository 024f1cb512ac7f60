"""PURE: complete randomisation: so many participants to each arm, in an order open to the end.

The arms' weights are their totals as they are, not in lowest terms: 50 and 50 is one round of a
hundred, not of two. A round is one permutation of all its positions (the random allocation rule:
Rosenberger & Lachin 2016, Randomization in Clinical Trials, ch. 3); when it is used up, another of
the same totals begins. Over the seed every position has arm k with probability
total_k / sum of totals, since a shuffle brings each of the round's places there equally often.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from experiments.randomisation.draw import Draw
from experiments.randomisation.stream import Below, chooser, shuffled


def complete_draws(
    seed: bytes, totals: Sequence[int], *, block: int = 0, start: int = 0, skip: int = 0
) -> Iterator[Draw]:
    """The list's positions without end, from the round of number `block`, which starts at `start`.

    The first `skip` positions of that round are left out, so that going on in the middle of a long
    round costs nothing. Raises ValueError if the totals sum to nothing.
    """
    if sum(totals) < 1:
        raise ValueError("Complete randomisation needs a total for at least one arm.")
    while True:
        arms = _round(seed, tuple(totals), block)
        for offset in range(skip, len(arms)):
            yield Draw(start + offset, block=block, block_start=start, arm=arms[offset])
        block, start, skip = block + 1, start + len(arms), 0


def chosen_round(totals: Sequence[int], choose: Below) -> tuple[int, ...]:
    """The arms' indices in the round that these choices make, in order."""
    return tuple(shuffled((arm for arm, n in enumerate(totals) for _ in range(n)), choose))


# A round may be thousands of positions long, and is asked for at every allocation.
@lru_cache(maxsize=128)
def _round(seed: bytes, totals: tuple[int, ...], number: int) -> tuple[int, ...]:
    return chosen_round(totals, chooser(seed, b"round", number))
