"""Efficient decks: known optima, exhaustive search on small designs, and what is refused."""

from collections.abc import Sequence
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from experiments.randomisation.efficiency import (
    Cell,
    DeckError,
    DeckFault,
    d_efficiency,
    d_efficient,
    model_matrix,
)

SEED = bytes(range(32))
# Determinants of matrices this small lose no more than that in double precision.
ROUNDING = 1e-9


def full(levels: Sequence[int]) -> list[Cell]:
    return list(product(*map(range, levels)))


def test_model_matrix_is_effects_coded() -> None:
    found = model_matrix([(0, 0), (1, 1), (2, 0)], [3, 2], interactions=True)
    assert found.tolist() == [
        [1, 1, 0, 1, 1, 0],
        [1, 0, 1, -1, 0, -1],
        [1, -1, -1, 1, -1, -1],
    ]


@pytest.mark.parametrize("interactions", [False, True])
def test_full_factorial_is_the_measure_of_efficiency(interactions: bool) -> None:
    levels = [3, 2, 2]
    found = d_efficiency(full(levels), levels, interactions=interactions)
    assert found == pytest.approx(1, abs=ROUNDING)


@pytest.mark.parametrize(
    ("levels", "size"),
    [
        ([2, 2, 2], 4),  # the half fraction
        ([3, 3, 3], 9),  # a Latin square as a fraction
        ([2] * 7, 8),  # Plackett & Burman's
        ([4, 4, 2], 16),
    ],
)
def test_orthogonal_fraction_is_found_where_there_is_one(levels: list[int], size: int) -> None:
    deck = d_efficient(levels, size, seed=SEED)
    assert len(set(deck)) == size
    assert d_efficiency(deck, levels) == pytest.approx(1, abs=ROUNDING)


@pytest.mark.parametrize(
    ("levels", "size", "interactions"),
    [([3, 2], 4, False), ([2, 2, 2], 5, False), ([3, 2, 2], 6, False), ([2, 2, 2], 7, True)],
)
def test_deck_is_the_best_of_all_of_its_size(
    levels: list[int], size: int, interactions: bool
) -> None:
    best = 0.0
    for cells in combinations(full(levels), size):
        matrix = model_matrix(cells, levels, interactions=interactions)
        if np.linalg.matrix_rank(matrix) == matrix.shape[1]:
            best = max(best, d_efficiency(cells, levels, interactions=interactions))
    deck = d_efficient(levels, size, interactions=interactions, seed=SEED)
    found = d_efficiency(deck, levels, interactions=interactions)
    assert found == pytest.approx(best, abs=ROUNDING)


def test_efficiency_does_not_depend_on_the_coding() -> None:
    levels, deck = [3, 2], [(0, 0), (1, 1), (2, 0), (0, 1)]

    def information(cells: Sequence[Cell]) -> float:
        dummies = [[1, a == 1, a == 2, b == 1] for a, b in cells]
        matrix = np.array(dummies, dtype=float)
        return float(np.linalg.det(matrix.T @ matrix) ** (1 / 4) / len(cells))

    expected = information(deck) / information(full(levels))
    assert d_efficiency(deck, levels) == pytest.approx(expected, abs=ROUNDING)


@hypothesis_settings(max_examples=25)
@given(st.binary(min_size=32, max_size=32), st.integers(6, 14))
def test_deck_has_its_size_and_no_impossible_cell_and_is_the_same_again(
    seed: bytes, size: int
) -> None:
    levels, excluded = [3, 2, 3], frozenset({(0, 0, 0), (2, 1, 2), (1, 0, 1)})
    deck = d_efficient(levels, size, excluded=excluded, seed=seed)
    assert deck == d_efficient(levels, size, excluded=excluded, seed=seed)
    assert len(set(deck)) == size
    assert set(deck) <= set(full(levels)) - excluded
    assert 0 < d_efficiency(deck, levels) <= 1 + ROUNDING


@pytest.mark.parametrize(
    ("size", "excluded", "fault"),
    [
        (3, set(), DeckFault.TOO_SMALL),
        (7, set(), DeckFault.TOO_LARGE),
        (4, {(2, 0), (2, 1)}, DeckFault.CONFOUNDED),  # a level that no cell has
    ],
)
def test_deck_that_can_not_be_is_refused_with_its_fault(
    size: int, excluded: set[Cell], fault: DeckFault
) -> None:
    with pytest.raises(DeckError) as refusal:
        d_efficient([3, 2], size, excluded=excluded, seed=SEED)
    assert refusal.value.fault is fault


def test_efficiency_of_a_deck_that_confounds_effects_is_refused() -> None:
    with pytest.raises(DeckError, match="do not tell all effects apart") as refusal:
        d_efficiency([(0, 0), (1, 1), (0, 0), (1, 1)], [2, 2])
    assert refusal.value.fault is DeckFault.CONFOUNDED
