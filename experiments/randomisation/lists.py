"""PURE: the list of any method that has one, from any position."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from experiments.design import Method
from experiments.randomisation.blocks import permuted_blocks
from experiments.randomisation.complete import complete_draws
from experiments.randomisation.draw import Draw
from experiments.randomisation.simple import simple_draws


@dataclass(frozen=True)
class Place:
    """Where a list goes on: the next position, and the block that the one before lay in."""

    position: int = 0
    block: int = 0
    block_start: int = 0


def list_draws(
    method: Method,
    seed: bytes,
    weights: Sequence[int],
    sizes: Sequence[int],
    place: Place = Place(),
) -> Iterator[Draw]:
    """The list's positions without end, from a place in it; `sizes` are those of its blocks.

    Blocks have sizes for permuted blocks alone; under complete randomisation the weights are the
    totals of a round, which counts as a block.
    """
    match method:
        case Method.SIMPLE:
            return simple_draws(seed, weights, start=place.position)
        case Method.COMPLETE:
            skip = place.position - place.block_start
            return complete_draws(
                seed, weights, block=place.block, start=place.block_start, skip=skip
            )
        case Method.PERMUTED_BLOCKS:
            draws = permuted_blocks(
                seed, weights, sizes, block=place.block, start=place.block_start
            )
            return (draw for draw in draws if draw.position >= place.position)
        case Method.MINIMISATION | Method.TOWARD_COMPLETES:
            raise ValueError(f"The method {method} looks back: it has no list.")
        case Method.DECK:
            raise ValueError("A deck is dealt to a participant, not drawn one arm at a time.")
