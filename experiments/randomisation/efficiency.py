"""PURE: decks that are a fraction of the factorial, chosen for how well effects are estimated.

A deck of n cells has the model matrix X: a column of ones and for each factor its levels in effects
coding (the last level is −1 throughout), with interactions also the products of two factors'
columns: p columns in all. Its D-efficiency is |X'X|^(1/p) / n, here relative to that of the full
factorial, impossible cells included, which no deck exceeds (Atkinson, Donev & Tobias 2007, Optimum
Experimental Designs, with SAS, ch. 11 and 12; Kuhfeld, Tobias & Garratt 1994, Journal of Marketing
Research 31(4), 545–557). The ratio does not depend on the coding.

The search is Fedorov's exchange (Fedorov 1972, Theory of Optimal Experiments; Cook & Nachtsheim
1980, Technometrics 22(3), 315–324): from a start, the one swap of a cell inside for a cell outside
that raises |X'X| most, until none does. It finds a good deck, not surely the best.
Determinants are compared after rounding, so that machines that round differently choose alike; a
design keeps the cells that were found all the same, and never searches again.
"""

from collections.abc import Collection, Sequence
from enum import StrEnum
from itertools import combinations, product
from math import prod

import numpy as np
import numpy.typing as npt

from experiments.randomisation.stream import chooser, shuffled

Cell = tuple[int, ...]  # the index of a level for each factor
Matrix = npt.NDArray[np.float64]

STARTS = 10
# Far above what rounding does to a determinant's ratio, far below a swap that is worth it.
DIGITS = 9
# Model matrices hold −1, 0 and 1: what is left of a row that depends on others is rounding.
NOTHING = 1e-9


class DeckFault(StrEnum):
    """Why there is no such deck."""

    TOO_SMALL = "too_small"
    TOO_LARGE = "too_large"
    CONFOUNDED = "confounded"


class DeckError(ValueError):
    """There is no such deck; `fault` says why, the text also what to do."""

    def __init__(self, fault: DeckFault, text: str) -> None:
        super().__init__(text)
        self.fault = fault


def d_efficient(
    levels: Sequence[int],
    size: int,
    *,
    interactions: bool = False,
    excluded: Collection[Cell] = frozenset(),
    seed: bytes,
) -> tuple[Cell, ...]:
    """The best deck found: `size` different cells of factors with that many levels, in order.

    Cells in `excluded` are impossible. Raises DeckError if the deck can't have that size, or if
    the possible cells don't tell all effects apart.
    """
    cells = [cell for cell in product(*map(range, levels)) if cell not in excluded]
    matrix = model_matrix(cells, levels, interactions=interactions)
    _check_size(size, matrix)
    best: list[int] = []
    highest = -np.inf
    for number in range(STARTS):
        rows = _exchanged(matrix, _start(matrix, size, seed, number))
        # Rounded, so that of decks that are as good as each other the first start's is kept.
        reached = round(float(np.linalg.slogdet(matrix[rows].T @ matrix[rows])[1]), DIGITS)
        if reached > highest:
            best, highest = rows, reached
    return tuple(cells[row] for row in sorted(best))


def d_efficiency(
    cells: Sequence[Cell], levels: Sequence[int], *, interactions: bool = False
) -> float:
    """The deck's D-efficiency relative to the full factorial's, above 0 and up to 1.

    Raises DeckError if the deck does not tell all effects apart.
    """
    matrix = model_matrix(cells, levels, interactions=interactions)
    if np.linalg.matrix_rank(matrix) < matrix.shape[1]:
        raise _confounded()
    every = list(product(*map(range, levels)))
    full = model_matrix(every, levels, interactions=interactions)
    return float(np.exp(_log_information(matrix) - _log_information(full)))


def model_matrix(cells: Sequence[Cell], levels: Sequence[int], *, interactions: bool) -> Matrix:
    """Cells by columns: ones, each factor's effects, and with interactions those of each pair."""
    chosen = np.array(cells, dtype=int).reshape(len(cells), len(levels))
    effects = [_effects(count)[chosen[:, at]] for at, count in enumerate(levels)]
    blocks = [np.ones((len(cells), 1)), *effects]
    if interactions:
        for one, other in combinations(effects, 2):
            both = one[:, :, np.newaxis] * other[:, np.newaxis, :]
            blocks.append(both.reshape(len(cells), prod(both.shape[1:])))
    return np.hstack(blocks)


def _effects(count: int) -> Matrix:
    return np.vstack([np.eye(count - 1), -np.ones((1, count - 1))])


def _log_information(matrix: Matrix) -> float:
    rows, columns = matrix.shape
    return float(np.linalg.slogdet(matrix.T @ matrix)[1] / columns - np.log(rows))


def _check_size(size: int, matrix: Matrix) -> None:
    possible, effects = matrix.shape
    if size > possible:
        text = f"The factors have {possible} possible cells: make the deck no larger."
        raise DeckError(DeckFault.TOO_LARGE, text)
    if size < effects:
        text = f"The model has {effects} effects: take at least as many cells, or fewer effects."
        raise DeckError(DeckFault.TOO_SMALL, text)


def _confounded() -> DeckError:
    return DeckError(
        DeckFault.CONFOUNDED,
        "These cells do not tell all effects apart: leave out fewer cells, or leave out "
        "interactions.",
    )


def _start(matrix: Matrix, size: int, seed: bytes, number: int) -> list[int]:
    """Rows in a random order, those first that together tell all effects apart."""
    order = shuffled(range(len(matrix)), chooser(seed, b"exchange", number))
    basis = np.zeros((0, matrix.shape[1]))
    telling: list[int] = []
    for row in order:
        rest = matrix[row] - basis.T @ (basis @ matrix[row])
        if (norm := np.linalg.norm(rest)) > NOTHING:
            basis = np.vstack([basis, rest / norm])
            telling.append(row)
    if len(telling) < matrix.shape[1]:
        raise _confounded()
    others = [row for row in order if row not in set(telling)]
    return (telling + others)[:size]


def _exchanged(matrix: Matrix, rows: list[int]) -> list[int]:
    """The rows after the best swap, and the best after that, until none raises |X'X|.

    A swap of row x for row y multiplies it by 1 + d(y) − d(x) − (d(x) d(y) − d(x, y)²), where
    d(x, y) = x' (X'X)⁻¹ y (Fedorov 1972).
    """
    rows = list(rows)
    while True:
        inside = matrix[rows]
        spread = np.linalg.solve(inside.T @ inside, matrix.T)
        both = inside @ spread
        outside = (matrix * spread.T).sum(axis=1)
        own = outside[rows][:, np.newaxis]
        gain = np.round(outside - own - (own * outside - both**2), DIGITS)
        gain[:, rows] = 0
        out, into = divmod(int(np.argmax(gain)), len(matrix))
        if gain[out, into] <= 0:
            return rows
        rows[out] = into
