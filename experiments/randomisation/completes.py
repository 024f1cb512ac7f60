"""PURE: a biased coin toward arms that are short of completes, for studies that opt into it.

Preferred are the arms whose completes per weight are fewest. An arm that loses many participants
is then filled up later than the others, which ties arm to time: whoever opts in adjusts for time,
and weighs by the probabilities that are recorded.
"""

from collections.abc import Sequence
from fractions import Fraction

from experiments.randomisation.coin import coin_probabilities
from experiments.randomisation.stream import numbers, pick


def toward_completes_probabilities(
    weights: Sequence[int], completes: Sequence[int], coin: Fraction
) -> tuple[Fraction, ...]:
    """Each arm's exact probability, given how many participants of each arm have completed."""
    per_weight = {arm: Fraction(completes[arm], w) for arm, w in enumerate(weights) if w}
    fewest = min(per_weight.values(), default=None)
    preferred = [arm for arm, value in per_weight.items() if value == fewest]
    return coin_probabilities(weights, preferred, coin)


def toward_completes(seed: bytes, position: int, probabilities: Sequence[Fraction]) -> int:
    """The index of the arm that the list's seed draws at that position with those probabilities."""
    return pick(probabilities, numbers(seed, b"completes", position))
