"""PURE: the plan against the variables and arms that the design has."""

from collections.abc import Iterator
from itertools import product
from math import prod

from experiments.cells import MOST_CELLS, count_cells
from experiments.checks.order import asked_after, asked_before
from experiments.checks.problem import Problem, listed, placed
from experiments.design import Contrast, Design, Exclusion, Item, ItemKind, Randomisation, Role

LARGEST_SAMPLE = 10_000_000


def plan_problems(design: Design) -> Iterator[Problem]:
    """What keeps the announced analysis from being run on the data that will come."""
    yield from _outcome(design)
    yield from _sizes(design)
    if not design.plan.contrasts:
        yield Problem("plan.contrasts", "The plan estimates nothing.", "Add a contrast.")
    for at, contrast in placed(design.plan.contrasts, "plan.contrasts"):
        if contrast.interaction:
            yield from _interaction(design, at, contrast)
        else:
            yield from _main_effect(design, at, contrast)
    yield from _predictors(design, "plan.covariates", design.plan.covariates)
    yield from _predictors(design, "plan.associations", design.plan.associations)
    yield from _exclusions(design)


def _scored(design: Design) -> list[str]:
    return [code for s in design.scales for code in (s.code, *(sub.code for sub in s.subscales))]


def _outcome(design: Design) -> Iterator[Problem]:
    outcome, scored = design.plan.outcome, _scored(design)
    if outcome not in scored:
        message = f"The outcome {outcome} is no scale." if outcome else "The plan has no outcome."
        yield Problem("plan.outcome", message, f"Name a scale or subscale: {listed(scored)}.")
    elif not asked_after(design, design.scale_items(outcome)):
        yield Problem(
            "plan.outcome",
            f"The outcome {outcome} is asked before the vignette was shown.",
            "Ask all of its items on the vignette's page or later.",
        )


def _sizes(design: Design) -> Iterator[Problem]:
    plan = design.plan
    arms = prod(len(randomisation.arms) for randomisation in design.randomisations)
    if not 2 * arms <= plan.sample_size <= LARGEST_SAMPLE:
        few = plan.sample_size < 2 * arms
        yield Problem(
            "plan.sample_size",
            f"{plan.sample_size} completes are too {'few' if few else 'many'} for {arms} arms.",
            f"Plan {2 * arms} at least, two in each arm, and {LARGEST_SAMPLE} at most.",
        )
    fractions = plan.looks
    rising = all(low < high for low, high in zip((0.0, *fractions), fractions, strict=False))
    if not fractions or not rising or fractions[-1] != 1:
        yield Problem(
            "plan.looks",
            "The looks do not rise from above 0 to 1.",
            "Give fractions of the sample size, the last one 1, as in [0.5, 0.75, 1.0].",
        )
    if not 0 < plan.alpha < 0.5:
        yield Problem("plan.alpha", f"Alpha is {plan.alpha}.", "Give one above 0 and below 0.5.")
    if plan.smallest_effect is not None and not plan.smallest_effect > 0:
        yield Problem(
            "plan.smallest_effect",
            f"The smallest effect is {plan.smallest_effect}.",
            "Give a size above 0 in points of the outcome, or leave it out.",
        )


def _main_effect(design: Design, at: str, contrast: Contrast) -> Iterator[Problem]:
    factors = {factor.code: factor for factor in design.factors}
    if contrast.factor not in factors:
        message = f"The contrast {contrast.code} names no factor."
        if contrast.factor:
            message = f"There is no factor {contrast.factor}."
        remedy = f"Give a factor ({listed(list(factors))}), or an interaction of two."
        yield Problem(f"{at}.factor", message, remedy)
        return
    levels = [level.code for level in factors[contrast.factor].levels]
    for name in ("level", "against"):
        if (level := getattr(contrast, name)) not in levels:
            message = f"{contrast.factor} has no level “{level}”."
            yield Problem(f"{at}.{name}", message, f"Name one of: {listed(levels)}.")
    if contrast.level == contrast.against:
        message = f"The contrast {contrast.code} holds a level against itself."
        yield Problem(f"{at}.against", message, "Name another level.")
    yield from _cells(design, at, contrast, {contrast.factor: [contrast.level, contrast.against]})


def _interaction(design: Design, at: str, contrast: Contrast) -> Iterator[Problem]:
    known = [factor.code for factor in design.factors]
    for path, code in placed(contrast.interaction, f"{at}.interaction"):
        if code not in known:
            yield Problem(path, f"There is no factor {code}.", f"Name one of: {listed(known)}.")
    if len(set(contrast.interaction)) < 2 or len(contrast.interaction) != len(
        set(contrast.interaction)
    ):
        message = f"The interaction {contrast.code} is not of two different factors or more."
        yield Problem(f"{at}.interaction", message, "Name each factor once, two at least.")
    if contrast.factor or contrast.level or contrast.against:
        message = f"{contrast.code} is an interaction and names a level too."
        yield Problem(at, message, "Take out factor, level and against, or the interaction.")
    yield from _cells(design, at, contrast, {})


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
        for cell in _all_cells(design, randomisation, compared):
            if cell not in [arm.levels for arm in randomisation.arms]:
                yield Problem(
                    at,
                    f"The contrast {contrast.code} needs the arm {'.'.join(cell)}.",
                    "Add the arm, or take the contrast out of the plan.",
                )


def _all_cells(
    design: Design, randomisation: Randomisation, compared: dict[str, list[str]]
) -> Iterator[tuple[str, ...]]:
    levels = {factor.code: [level.code for level in factor.levels] for factor in design.factors}
    sides = []
    for code in randomisation.factors:
        only = compared.get(code, levels.get(code, []))
        sides.append([level for level in levels.get(code, []) if level in only])
    return product(*sides)


def _predictors(design: Design, path: str, codes: tuple[str, ...]) -> Iterator[Problem]:
    items = {item.code: item for item in design.items()}
    for at, code in placed(codes, path):
        used: tuple[Item, ...]
        if code in items:
            used = (items[code],)
        elif code in _scored(design):
            used = design.scale_items(code)
        else:
            message = f"The plan names {code}, which is no variable."
            yield Problem(at, message, "Name a scale, a subscale or an item.")
            continue
        if any(item.kind is ItemKind.TEXT for item in used):
            yield Problem(at, f"{code} is free text.", "Name an item with options, or a scale.")
        if not asked_before(design, used):
            message = f"{code} is asked after the treatment, which may have changed it."
            yield Problem(at, message, "Ask it before the first vignette, or take it out.")
    if len(set(codes)) != len(codes):
        yield Problem(path, "A variable is there twice.", "Name each once.")


def _exclusions(design: Design) -> Iterator[Problem]:
    checks = [item for item in design.items() if item.role is Role.ATTENTION_CHECK]
    for at, rule in placed(design.plan.exclusions, "plan.exclusions"):
        if rule is Exclusion.FAILED_ATTENTION and not checks:
            message = "Nobody can fail an attention check: the study has none."
            yield Problem(at, message, "Add an item of role attention_check, or drop the rule.")
    if len(set(design.plan.exclusions)) != len(design.plan.exclusions):
        yield Problem("plan.exclusions", "An exclusion is there twice.", "Name each once.")
