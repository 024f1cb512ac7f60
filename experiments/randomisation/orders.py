"""PURE: counterbalanced orders: squares whose rows are given to one participant after the other.

In a Latin square every treatment is once in every place. In a Williams square (Williams 1949,
Australian Journal of Scientific Research A 2(2), 149–168), besides, every treatment follows every
other equally often: once in its n rows if n is even, twice in its 2n rows if n is odd.

Each square's treatments and rows are shuffled anew by the seed. That keeps both balances, and over
the seed makes a participant's order equally likely to be any: the names of the treatments are a
uniform permutation that does not depend on the row. So a treatment is in a given place with
probability 1 / n.
"""

from collections.abc import Sequence
from fractions import Fraction

from experiments.randomisation.stream import Below, chooser, shuffled

Square = tuple[tuple[int, ...], ...]  # rows of treatments' indices


def latin_square(size: int) -> Square:
    """The cyclic Latin square of that many treatments."""
    return tuple(_turned(range(size), by) for by in range(size))


def williams_square(size: int) -> Square:
    """The Williams square: `size` rows if that is even, twice as many if it is odd.

    The first row goes 0, 1, n − 1, 2, n − 2, …. If n is even its steps, modulo n, all differ, so
    adding 0 to n − 1 throughout makes every ordered pair of neighbours once. If n is odd, half of
    the steps come twice and half never; the same rows backwards supply those.
    """
    first = [(at + 1) // 2 if at % 2 else (size - at // 2) % size for at in range(size)]
    rows = tuple(_turned(first, by) for by in range(size))
    return rows if size % 2 == 0 else rows + tuple(row[::-1] for row in rows)


def counterbalanced(seed: bytes, position: int, square: Square) -> tuple[int, ...]:
    """The order of the participant at that position: their row of their shuffled square."""
    number, row = divmod(position, len(square))
    return chosen_square(square, chooser(seed, b"order", number))[row]


def place_probability(size: int) -> Fraction:
    """The exact probability over the seed that a given treatment is in a given place."""
    return Fraction(1, size)


def arranged(cards: Sequence[int], order: Sequence[int]) -> tuple[int, ...]:
    """The cards of a set in a counterbalanced order of as many places.

    Sorted first, so that participants who have the same set differ by the order only; that is
    where counterbalancing says something, above all where everybody sees the whole deck.
    """
    kept = sorted(cards)
    return tuple(kept[place] for place in order)


def chosen_square(square: Square, choose: Below) -> Square:
    """The square with its treatments and then its rows in the order that these choices make."""
    names = shuffled(range(len(square[0])), choose)
    return tuple(tuple(names[each] for each in row) for row in shuffled(square, choose))


def _turned(row: Sequence[int], by: int) -> tuple[int, ...]:
    return tuple((each + by) % len(row) for each in row)
