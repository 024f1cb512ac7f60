"""PURE: permuted blocks: lists that come back to the weights' proportions at every block's end.

Permuted blocks (Rosenberger & Lachin 2016, Randomization in Clinical Trials, ch. 3): each block
draws its size uniformly from the design's sizes (a fixed size is one size), holds every arm in
proportion to its weight, and is shuffled as a whole. The whole block is shuffled and nothing is
drawn for a remainder, so over the seed every position has arm k with probability
weight_k / sum of weights.
"""

from collections.abc import Iterator, Sequence

from experiments.randomisation.draw import Draw, reduced
from experiments.randomisation.stream import Below, chooser, shuffled


def permuted_block(
    seed: bytes, weights: Sequence[int], sizes: Sequence[int], number: int
) -> tuple[int, ...]:
    """The arms' indices in block `number`, in order; sizes are multiples of the reduced weights."""
    return chosen_block(weights, sizes, chooser(seed, b"block", number))


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


def chosen_block(weights: Sequence[int], sizes: Sequence[int], choose: Below) -> tuple[int, ...]:
    """The block that these choices make: first its size, then its order."""
    size = sizes[choose(len(sizes))]
    lowest = reduced(weights)
    copies = size // sum(lowest)
    arms = [arm for arm, weight in enumerate(lowest) for _ in range(weight * copies)]
    return tuple(shuffled(arms, choose))
