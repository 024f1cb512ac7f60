"""PURE: allocation lists: what (seed, stratum, position) gives, and with which probability.

A list is a pure function of its seed, so that anybody who holds the seed can draw it again.
Randomness comes from HMAC-SHA256 (RFC 2104) in counter mode; whole numbers below a bound are
taken from it by rejection, so that no arm is favoured by rounding.

Permuted blocks (Rosenberger & Lachin 2016, Randomization in Clinical Trials, ch. 3): each block
draws its size uniformly from the design's sizes, holds every arm in proportion to its weight, and
is shuffled as a whole (Fisher & Yates). The whole block is shuffled and nothing is drawn for a
remainder, so over the seed every position has arm k with probability weight_k / sum of weights.
"""

import hashlib
import hmac
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from math import gcd


@dataclass(frozen=True)
class Draw:
    """One position of a list: the arm's index, its block, and the position its block starts at."""

    position: int
    block: int
    block_start: int
    arm: int


def list_seed(
    study_seed: bytes, *, version: int, randomisation: str, mode: str, stratum: str
) -> bytes:
    """The seed of one list: HMAC-SHA256 of its name under the study's seed, 32 bytes."""
    name = "|".join((str(version), randomisation, mode, stratum))
    return hmac.digest(study_seed, name.encode(), "sha256")


def stratum_name(strata: Sequence[str], answers: Mapping[str, str | None]) -> str:
    """The name of the stratum that answers fall in, as in ``gender=female&age_group=2``.

    An answer that is not there leaves its value empty.
    """
    return "&".join(f"{code}={answers.get(code) or ''}" for code in strata)


def reduced(weights: Sequence[int]) -> tuple[int, ...]:
    """Weights in lowest terms: 2, 2, 4 are 1, 1, 2."""
    divisor = reduce(gcd, weights)
    return tuple(weight // divisor for weight in weights)


def probability(weights: Sequence[int], arm: int) -> Fraction:
    """The probability over the seed, exactly, that a position holds the arm of that index."""
    return Fraction(weights[arm], sum(weights))


def permuted_block(
    seed: bytes, weights: Sequence[int], sizes: Sequence[int], number: int
) -> tuple[int, ...]:
    """The arms' indices in block `number`, in order; sizes are multiples of the reduced weights."""
    stream = _numbers(seed, number)
    size = sizes[_below(len(sizes), stream)]
    lowest = reduced(weights)
    copies = size // sum(lowest)
    block = [arm for arm, weight in enumerate(lowest) for _ in range(weight * copies)]
    for last in range(len(block) - 1, 0, -1):
        other = _below(last + 1, stream)
        block[last], block[other] = block[other], block[last]
    return tuple(block)


def permuted_blocks(
    seed: bytes, weights: Sequence[int], sizes: Sequence[int], *, block: int = 0, start: int = 0
) -> Iterator[Draw]:
    """The list's positions without end, from the block of that number, which starts at `start`."""
    while True:
        arms = permuted_block(seed, weights, sizes, block)
        for offset, arm in enumerate(arms):
            yield Draw(position=start + offset, block=block, block_start=start, arm=arm)
        block += 1
        start += len(arms)


def _numbers(seed: bytes, block: int) -> Iterator[int]:
    """Uniform 32-bit numbers of one block: HMAC-SHA256 in counter mode, eight a digest."""
    counter = 0
    while True:
        message = b"block" + block.to_bytes(8, "big") + counter.to_bytes(8, "big")
        digest = hmac.digest(seed, message, hashlib.sha256)
        for offset in range(0, 32, 4):
            yield int.from_bytes(digest[offset : offset + 4], "big")
        counter += 1


def _below(bound: int, stream: Iterator[int]) -> int:
    """A uniform whole number below the bound, by rejection of the uneven rest of the range."""
    limit = 2**32 - 2**32 % bound
    return next(number for number in stream if number < limit) % bound
