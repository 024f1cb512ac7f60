"""PURE: where chance comes from: numbers under a seed and a label, and exact choices made of them.

Randomness comes from HMAC-SHA256 (RFC 2104) in counter mode; whole numbers below a bound are
taken from it by rejection, so that nothing is favoured by rounding.
"""

import hashlib
import hmac
from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from functools import partial
from itertools import accumulate
from math import lcm
from typing import TypeVar

Thing = TypeVar("Thing")

# Takes a bound, gives a uniform whole number below it. What draws takes one of these instead of a
# seed, so that a reader can put in every possible choice and count what comes out.
Below = Callable[[int], int]

BITS = 32


def numbers(seed: bytes, label: bytes, number: int) -> Iterator[int]:
    """Uniform 32-bit numbers without end, of the thing of that label and number.

    Eight come from a digest. Number and counter have a fixed length, so two labels never share a
    message.
    """
    counter = 0
    while True:
        message = label + number.to_bytes(8, "big") + counter.to_bytes(8, "big")
        digest = hmac.digest(seed, message, hashlib.sha256)
        for offset in range(0, 32, 4):
            yield int.from_bytes(digest[offset : offset + 4], "big")
        counter += 1


def below(bound: int, stream: Iterator[int]) -> int:
    """A uniform whole number below the bound, by rejection of the uneven rest of the range.

    As many 32-bit numbers are put together as the bound needs, the first being the highest.
    """
    words = max(1, -(-(bound - 1).bit_length() // BITS))
    span = 1 << BITS * words
    limit = span - span % bound
    while (number := _joined(words, stream)) >= limit:
        pass
    return number % bound


def chooser(seed: bytes, label: bytes, number: int) -> Below:
    """The choices of the thing of that label and number, one after the other."""
    return partial(below, stream=numbers(seed, label, number))


def pick(probabilities: Sequence[Fraction], stream: Iterator[int]) -> int:
    """An index, each with exactly its probability: one whole number below their common denominator.

    Raises ValueError if they don't sum to one or one is negative.
    """
    if sum(probabilities) != 1 or min(probabilities) < 0:
        raise ValueError("Probabilities are not negative and sum to one.")
    whole = lcm(*(each.denominator for each in probabilities))
    shares = accumulate(each.numerator * (whole // each.denominator) for each in probabilities)
    number = below(whole, stream)
    return next(index for index, share in enumerate(shares) if number < share)


def shuffled(things: Iterable[Thing], choose: Below) -> list[Thing]:
    """The things in an order that is equally likely to be any (Fisher & Yates)."""
    order = list(things)
    for last in range(len(order) - 1, 0, -1):
        other = choose(last + 1)
        order[last], order[other] = order[other], order[last]
    return order


def _joined(words: int, stream: Iterator[int]) -> int:
    number = 0
    for _ in range(words):
        number = number << BITS | next(stream)
    return number
