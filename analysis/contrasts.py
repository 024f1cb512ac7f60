"""PURE: the plan's contrasts as weights over the arms of a design."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from analysis.deck_contrasts import model_weights
from experiments.cells import possible_cells
from experiments.design import Contrast, Design, Randomisation, Text


@dataclass(frozen=True)
class Pair:
    """One level of a factor against another."""

    factor: str
    level: str
    against: str


@dataclass(frozen=True)
class ContrastRow:
    """One difference (or difference in differences): its pairs, and one weight per arm."""

    pairs: tuple[Pair, ...]
    weights: tuple[float, ...]


@dataclass(frozen=True)
class NamedContrast:
    """A contrast of the plan over the `arms` of one randomisation, in the design's order.

    A main effect has one row. An interaction has (levels − 1) × (levels − 1) … rows, which are
    tested together.
    """

    code: str
    label: Text
    randomisation: str
    arms: tuple[str, ...]
    rows: tuple[ContrastRow, ...]

    @property
    def weights(self) -> tuple[tuple[float, ...], ...]:
        """The weights of all rows."""
        return tuple(row.weights for row in self.rows)


def plan_contrasts(design: Design) -> tuple[NamedContrast, ...]:
    """The plan's contrasts, in the plan's order, as weights over the arms that are drawn.

    A row averages equally over those combinations of the other factors' levels in which all its
    cells exist (have weight); in a deck of some cells, over those in which they are possible, by
    the deck's model (`deck_contrasts`). ValueError if there is none, if the deck does not tell it,
    or if the factors of an interaction are not randomised together.
    """
    return tuple(_named(design, contrast) for contrast in design.plan.contrasts)


def row_name(pairs: Sequence[Pair]) -> str:
    """A row of a contrast as scripts and their numbers name it."""
    return " x ".join(f"{pair.level} - {pair.against}" for pair in pairs)


def _named(design: Design, contrast: Contrast) -> NamedContrast:
    factors = contrast.interaction or (contrast.factor,)
    randomisation = _randomisation(design, contrast.code, factors)
    arms = tuple(arm for arm in randomisation.arms if arm.weight > 0)
    cells = tuple(arm.levels for arm in arms)
    rows = tuple(
        ContrastRow(pairs, _weights(design, contrast.code, randomisation, cells, pairs))
        for pairs in _pairs(design, contrast)
    )
    return NamedContrast(
        code=contrast.code,
        label=contrast.label,
        randomisation=randomisation.code,
        arms=tuple(arm.code for arm in arms),
        rows=rows,
    )


def _randomisation(design: Design, code: str, factors: tuple[str, ...]) -> Randomisation:
    for randomisation in design.randomisations:
        if set(factors) <= set(randomisation.factors):
            return randomisation
    raise ValueError(f"Contrast {code}: no randomisation draws {' and '.join(factors)}.")


def _pairs(design: Design, contrast: Contrast) -> Iterator[tuple[Pair, ...]]:
    """Each row's pairs: the one of a main effect, or all against the reference levels."""
    if not contrast.interaction:
        yield (Pair(contrast.factor, contrast.level, contrast.against),)
        return
    choices = []
    for code in contrast.interaction:
        reference, *others = (level.code for level in design.factor(code).levels)
        choices.append([Pair(code, level, reference) for level in others])
    yield from product(*choices)


def _weights(
    design: Design,
    code: str,
    step: Randomisation,
    cells: tuple[tuple[str, ...], ...],
    pairs: tuple[Pair, ...],
) -> tuple[float, ...]:
    """One weight per cell: the signed difference, averaged over the other factors' levels."""
    paired = {pair.factor: pair for pair in pairs}
    others = [
        [""] if factor in paired else [level.code for level in design.factor(factor).levels]
        for factor in step.factors
    ]
    every = [_signed(step.factors, context, paired) for context in product(*others)]
    if step.deck_size:
        possible = {arm.levels for arm in possible_cells(design.factors, step)}
        contexts = [signed for signed in every if signed.keys() <= possible] or every
        found = model_weights(design, step, cells, contexts)
        if found is not None:
            return found
        raise ValueError(f"Contrast {code}: the deck {step.code} does not tell it.")
    contexts = [signed for signed in every if signed.keys() <= set(cells)]
    if not contexts:
        named = " and ".join(f"{pair.factor} ({pair.level}, {pair.against})" for pair in pairs)
        raise ValueError(f"Contrast {code}: no arms with weight differ only in {named}.")
    return tuple(sum(c.get(cell, 0) for c in contexts) / len(contexts) for cell in cells)


def _signed(
    factors: tuple[str, ...], context: tuple[str, ...], paired: dict[str, Pair]
) -> dict[tuple[str, ...], int]:
    """The cells of one (difference in) difference within a context, each with its sign."""
    sides = [
        [(paired[factor].level, 1), (paired[factor].against, -1)]
        if factor in paired
        else [(level, 1)]
        for factor, level in zip(factors, context, strict=True)
    ]
    signed: dict[tuple[str, ...], int] = {}
    for combination in product(*sides):
        sign = 1
        for _, side in combination:
            sign *= side
        signed[tuple(level for level, _ in combination)] = sign
    return signed
