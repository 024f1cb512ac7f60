"""PURE: decks: several vignettes for each participant, without repeat, all used equally often.

For factorial surveys (Auspurg & Hinz 2015, Factorial Survey Experiments). The deck of D vignettes
is shuffled and dealt to participants in sets of m, in the order dealt; when it runs out it is
shuffled again and dealt on. Where m does not divide D, one participant gets the end of one pass and
the beginning of the next: the next pass is then drawn uniformly from the orders whose beginning
repeats nothing that this participant already has. After D / gcd(D, m) participants, a cycle, a pass
ends where a set ends, and the next cycle starts afresh from the seed.

What balance holds:

- a cycle uses every vignette exactly m / gcd(D, m) times; if m divides D, once;
- at any point of a cycle no two vignettes have been used more than one time apart, since a pass
  uses each once.

What probability holds: over the seed a participant's sequence is equally likely to be any of the
D (D − 1) … (D − m + 1) sequences without repeat, at the seam too. For the construction treats
vignettes alike: put other names on them, and every way to deal has the same probability as before.
So two sequences that a renaming turns into each other are equally likely, and a renaming turns any
sequence without repeat into any other. Hence a vignette is at a given draw with probability 1 / D,
and it is in a participant's set with probability m / D.
"""

from collections.abc import Hashable, Sequence
from fractions import Fraction
from functools import lru_cache
from math import gcd
from typing import TypeVar

from experiments.randomisation.stream import Below, chooser, shuffled

Cell = TypeVar("Cell", bound=Hashable)


def full_deck(cells: Sequence[Cell]) -> tuple[Cell, ...]:
    """The deck of all cells, each once, whatever their weights; impossible ones are not given.

    Raises ValueError if a cell is given twice.
    """
    if len(set(cells)) != len(cells):
        raise ValueError("A deck holds each cell once.")
    return tuple(cells)


def drawn(seed: bytes, position: int, deck_size: int, draws: int) -> tuple[int, ...]:
    """The vignettes' indices in the deck that the participant at that position sees, in order.

    Raises ValueError if there are more draws than vignettes, or none.
    """
    if not 1 <= draws <= deck_size:
        raise ValueError(f"From a deck of {deck_size}, 1 to {deck_size} can be drawn.")
    number, at = divmod(position, deck_size // gcd(deck_size, draws))
    return _cycle(seed, deck_size, draws, number)[at]


def vignette_probability(deck_size: int) -> Fraction:
    """The exact probability over the seed that a given vignette is at a given draw."""
    return Fraction(1, deck_size)


def set_probability(deck_size: int, draws: int) -> Fraction:
    """The exact probability over the seed that a given vignette is among a participant's."""
    return Fraction(draws, deck_size)


def chosen_cycle(deck_size: int, draws: int, choose: Below) -> tuple[tuple[int, ...], ...]:
    """The sets that these choices deal in one cycle, one for each of its participants."""
    dealt: list[int] = []
    for _ in range(draws // gcd(deck_size, draws)):
        begun = dealt[len(dealt) - len(dealt) % draws :]
        dealt += _pass(deck_size, begun, draws, choose)
    return tuple(tuple(dealt[at : at + draws]) for at in range(0, len(dealt), draws))


def _pass(deck_size: int, begun: list[int], draws: int, choose: Below) -> list[int]:
    """All vignettes in an order whose beginning fills up the set that was begun, without repeat."""
    fresh = shuffled((card for card in range(deck_size) if card not in begun), choose)
    if not begun:
        return fresh
    lacking = draws - len(begun)
    return fresh[:lacking] + shuffled(fresh[lacking:] + begun, choose)


# A cycle of a large deck takes long to deal and serves as many participants as it has sets.
@lru_cache(maxsize=128)
def _cycle(seed: bytes, deck_size: int, draws: int, number: int) -> tuple[tuple[int, ...], ...]:
    return chosen_cycle(deck_size, draws, chooser(seed, b"deck", number))
