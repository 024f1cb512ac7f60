"""PURE: the cells of the factorial."""

from collections.abc import Sequence
from itertools import product
from math import prod

from experiments.design import Arm, Factor

# More arms than any experiment fills; it keeps a slip from making millions.
MOST_CELLS = 1000


def count_cells(factors: Sequence[Factor], codes: Sequence[str]) -> int:
    """How many cells the factors of these codes make."""
    return prod(len(factor.levels) for factor in factors if factor.code in codes)


def every_cell(factors: Sequence[Factor], codes: Sequence[str]) -> tuple[Arm, ...]:
    """An arm of weight 1 for each cell, in the order of codes and levels.

    None at all if a code is no factor's, or if there are more than `MOST_CELLS`.
    """
    levels = {factor.code: [level.code for level in factor.levels] for factor in factors}
    if not codes or not set(codes) <= set(levels) or count_cells(factors, codes) > MOST_CELLS:
        return ()
    return tuple(Arm(cell) for cell in product(*(levels[code] for code in codes)))
