"""PURE: the cells of the factorial."""

from collections.abc import Sequence
from itertools import product
from math import prod

from experiments.design import Arm, Factor, Randomisation
from experiments.logic import ConditionError, holds, parse

# Breaks ties between decks that are as good as each other; which one is no secret.
TIES = b"deck"
# More arms than any experiment fills; it keeps a slip from making millions.
MOST_CELLS = 1000


def count_cells(factors: Sequence[Factor], codes: Sequence[str]) -> int:
    """How many cells the factors of these codes make; one that is there twice counts twice."""
    levels = {factor.code: len(factor.levels) for factor in factors}
    return prod(levels[code] for code in codes if code in levels)


def every_cell(factors: Sequence[Factor], codes: Sequence[str]) -> tuple[Arm, ...]:
    """An arm of weight 1 for each cell, in the order of codes and levels.

    None at all if a code is no factor's or is there twice, or if there are more than `MOST_CELLS`.
    """
    levels = {factor.code: [level.code for level in factor.levels] for factor in factors}
    unfit = not codes or len(set(codes)) < len(codes) or not set(codes) <= set(levels)
    if unfit or count_cells(factors, codes) > MOST_CELLS:
        return ()
    return tuple(Arm(cell) for cell in product(*(levels[code] for code in codes)))


def possible_cells(factors: Sequence[Factor], step: Randomisation) -> tuple[Arm, ...]:
    """Every cell of the randomisation's factors that satisfies none of its `impossible`."""
    return tuple(arm for arm in every_cell(factors, step.factors) if not why_impossible(step, arm))


def why_impossible(step: Randomisation, arm: Arm) -> str:
    """The first condition in `impossible` that the arm satisfies; empty if it can be."""
    levels = dict(zip(step.factors, arm.levels, strict=False))
    return next((each for each in step.impossible if _satisfies(levels, each)), "")


def filled_arms(factors: Sequence[Factor], step: Randomisation) -> tuple[Arm, ...]:
    """The arms that a randomisation without any gets: its possible cells, or a deck of them.

    None at all where `possible_cells` has none, or there is no deck of `deck_size`.
    """
    cells = possible_cells(factors, step)
    return _deck(factors, step, cells) if step.deck_size and cells else cells


def _satisfies(levels: dict[str, str], condition: str) -> bool:
    try:
        return holds(parse(condition), {**levels})
    except (ConditionError, KeyError):
        # What can't be read, or names no factor, is told by the checks.
        return False


def _deck(
    factors: Sequence[Factor], step: Randomisation, cells: tuple[Arm, ...]
) -> tuple[Arm, ...]:
    # numpy takes long to load, and only who makes such a deck needs it.
    from experiments.randomisation.efficiency import DeckError, d_efficient  # noqa: PLC0415

    known = {factor.code: [level.code for level in factor.levels] for factor in factors}
    levels = [known[code] for code in step.factors]
    possible = frozenset(cells)
    places = [
        tuple(codes.index(code) for codes, code in zip(levels, arm.levels, strict=True))
        for arm in every_cell(factors, step.factors)
        if arm not in possible
    ]
    try:
        found = d_efficient(
            [len(codes) for codes in levels],
            step.deck_size,
            interactions=step.deck_interactions,
            excluded=frozenset(places),
            seed=TIES,
        )
    except DeckError:
        return ()
    return tuple(
        Arm(tuple(codes[at] for codes, at in zip(levels, cell, strict=True))) for cell in found
    )
