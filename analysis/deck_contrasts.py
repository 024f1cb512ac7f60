"""PURE: contrasts within a deck of some cells, by the model of effects that it was chosen for.

Such a deck need not hold any two cells that differ in one factor alone: cells are not compared one
by one. The model says what each cell's mean is made of (main effects, with `deck_interactions`
those of two factors too), least squares on the deck's cells finds its effects, and a contrast is
one of differences between cells as the model has them. That is a weighted sum of the cells' means
all the same, so the statistics need to know no model.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from experiments.design import Design, Randomisation
from experiments.randomisation.efficiency import model_matrix

Signed = Mapping[tuple[str, ...], int]
# Model matrices hold −1, 0 and 1: what is left of a row that depends on others is rounding.
NOTHING = 1e-9


def model_weights(
    design: Design,
    step: Randomisation,
    cells: Sequence[tuple[str, ...]],
    contexts: Sequence[Signed],
) -> tuple[float, ...] | None:
    """One weight per cell of the deck for the mean of the contexts' signed sums of cells.

    Contexts may name cells that the deck does not hold. With X the model matrix of the deck and t
    that of the contrast, the weights are t (X'X)⁻¹ X'. None if the deck does not tell the contrast.
    """
    levels = [[level.code for level in design.factor(code).levels] for code in step.factors]

    def rows(named: Sequence[tuple[str, ...]]) -> np.ndarray:
        places = [
            tuple(codes.index(code) for codes, code in zip(levels, cell, strict=True))
            for cell in named
        ]
        sizes = [len(codes) for codes in levels]
        return model_matrix(places, sizes, interactions=step.deck_interactions)

    matrix = rows(cells)
    summed = [np.array(list(signed.values())) @ rows(list(signed)) for signed in contexts]
    wanted = np.mean(summed, axis=0)
    weights = wanted @ np.linalg.pinv(matrix)
    if not np.abs(wanted).max() > NOTHING or np.abs(weights @ matrix - wanted).max() > NOTHING:
        return None
    return tuple(np.where(np.abs(weights) < NOTHING, 0, weights).tolist())
