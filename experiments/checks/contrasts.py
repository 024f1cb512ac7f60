"""PURE: the plan's contrasts against the factors and arms that the design has."""

from collections.abc import Iterator
from itertools import product

from experiments.cells import MOST_CELLS, count_cells
from experiments.checks.problem import Problem, listed, placed
from experiments.design import Contrast, Design, Method, Randomisation
from experiments.said import said


def contrast_problems(design: Design) -> Iterator[Problem]:
    """What keeps a contrast from being one of the arms' means."""
    if not design.plan.contrasts:
        yield Problem(
            "plan.contrasts", said("The plan estimates nothing."), said("Add a contrast.")
        )
    for at, contrast in placed(design.plan.contrasts, "plan.contrasts"):
        if contrast.interaction:
            yield from _interaction(design, at, contrast)
        else:
            yield from _main_effect(design, at, contrast)


def _main_effect(design: Design, at: str, contrast: Contrast) -> Iterator[Problem]:
    factors = {factor.code: factor for factor in design.factors}
    if contrast.factor not in factors:
        message = said("The contrast {contrast} names no factor.", contrast=contrast.code)
        if contrast.factor:
            message = said("There is no factor {factor}.", factor=contrast.factor)
        remedy = said(
            "Give a factor ({factors}), or an interaction of two.", factors=listed(list(factors))
        )
        yield Problem(f"{at}.factor", message, remedy)
        return
    levels = [level.code for level in factors[contrast.factor].levels]
    for name in ("level", "against"):
        if (level := getattr(contrast, name)) not in levels:
            message = said("{factor} has no level “{level}”.", factor=contrast.factor, level=level)
            yield Problem(
                f"{at}.{name}", message, said("Name one of: {levels}.", levels=listed(levels))
            )
    if contrast.level == contrast.against:
        message = said(
            "The contrast {contrast} holds a level against itself.", contrast=contrast.code
        )
        yield Problem(f"{at}.against", message, said("Name another level."))
    yield from _cells(design, at, contrast, {contrast.factor: [contrast.level, contrast.against]})


def _interaction(design: Design, at: str, contrast: Contrast) -> Iterator[Problem]:
    known = [factor.code for factor in design.factors]
    for path, code in placed(contrast.interaction, f"{at}.interaction"):
        if code not in known:
            yield Problem(
                path,
                said("There is no factor {code}.", code=code),
                said("Name one of: {known}.", known=listed(known)),
            )
    if len(set(contrast.interaction)) < 2 or len(contrast.interaction) != len(
        set(contrast.interaction)
    ):
        message = said(
            "The interaction {contrast} is not of two different factors or more.",
            contrast=contrast.code,
        )
        yield Problem(f"{at}.interaction", message, said("Name each factor once, two at least."))
    if contrast.factor or contrast.level or contrast.against:
        message = said(
            "{contrast} is an interaction and names a level too.", contrast=contrast.code
        )
        yield Problem(at, message, said("Take out factor, level and against, or the interaction."))
    yield from _drawn_together(design, at, contrast)
    yield from _cells(design, at, contrast, {})


def _drawn_together(design: Design, at: str, contrast: Contrast) -> Iterator[Problem]:
    """An interaction compares the arms of one randomisation."""
    wanted = set(contrast.interaction)
    drawn = {code for randomisation in design.randomisations for code in randomisation.factors}
    # A factor that nothing assigns has a problem of its own.
    if wanted <= drawn and not any(wanted <= set(r.factors) for r in design.randomisations):
        yield Problem(
            f"{at}.interaction",
            said(
                "No randomisation draws {interaction} together.",
                interaction=" and ".join(contrast.interaction),
            ),
            said("Put the factors into one randomisation, or take the contrast out of the plan."),
        )


def _cells(
    design: Design, at: str, contrast: Contrast, compared: dict[str, list[str]]
) -> Iterator[Problem]:
    """The cells that the contrast averages over and no arm fills."""
    wanted = {contrast.factor, *contrast.interaction}
    for randomisation in design.randomisations:
        cells = count_cells(design.factors, randomisation.factors)
        # A list without arms has a problem of its own.
        if wanted.isdisjoint(randomisation.factors) or cells > MOST_CELLS or not randomisation.arms:
            continue
        filled = {arm.levels for arm in randomisation.arms}
        if randomisation.deck_size and randomisation.method is Method.DECK:
            yield from _told_by_deck(at, contrast, randomisation)
            continue
        if randomisation.impossible:
            yield from _context(design, at, contrast, randomisation)
            continue
        for cell in _all_cells(design, randomisation, compared):
            if cell not in filled:
                yield Problem(
                    at,
                    said(
                        "The contrast {contrast} needs the arm {cell}.",
                        contrast=contrast.code,
                        cell=".".join(cell),
                    ),
                    said("Add the arm, or take the contrast out of the plan."),
                )


def _told_by_deck(at: str, contrast: Contrast, randomisation: Randomisation) -> Iterator[Problem]:
    """A deck of some cells tells the effects that it was chosen for, by a model of them."""
    if len(contrast.interaction) > 1 + randomisation.deck_interactions:
        message = said(
            "The deck {randomisation} does not tell {contrast}.",
            randomisation=randomisation.code,
            contrast=contrast.code,
        )
        remedy = said(
            "Set deck_interactions (two factors at most), or take the contrast out of the plan."
        )
        yield Problem(f"{at}.interaction", message, remedy)


def _context(
    design: Design, at: str, contrast: Contrast, randomisation: Randomisation
) -> Iterator[Problem]:
    """Where cells are left out, some levels of the other factors must have all that it compares."""
    levels = {factor.code: [level.code for level in factor.levels] for factor in design.factors}
    compared = {code: levels.get(code, []) for code in contrast.interaction} or {
        contrast.factor: [contrast.level, contrast.against]
    }
    filled = {arm.levels for arm in randomisation.arms}
    contexts: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
    for cell in filled:
        pairs = list(zip(randomisation.factors, cell, strict=False))
        rest = tuple(level for code, level in pairs if code not in compared)
        sides = tuple(level for code, level in pairs if code in compared)
        contexts.setdefault(rest, set()).add(sides)
    order = [code for code in randomisation.factors if code in compared]
    wanted = set(product(*(compared[code] for code in order)))
    if not any(wanted <= sides for sides in contexts.values()):
        message = said(
            "No arms differ in what {contrast} compares and in nothing else.",
            contrast=contrast.code,
        )
        remedy = said("Leave fewer cells out, or take the contrast out of the plan.")
        yield Problem(at, message, remedy)


def _all_cells(
    design: Design, randomisation: Randomisation, compared: dict[str, list[str]]
) -> Iterator[tuple[str, ...]]:
    levels = {factor.code: [level.code for level in factor.levels] for factor in design.factors}
    sides = []
    for code in randomisation.factors:
        only = compared.get(code, levels.get(code, []))
        sides.append([level for level in levels.get(code, []) if level in only])
    return product(*sides)
