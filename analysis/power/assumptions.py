"""PURE: what a simulation assumes, and which designs can be simulated at all."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from itertools import product

from analysis.contrasts import plan_contrasts
from analysis.dataset import option_numbers, source_items
from analysis.stacking import judged_deck
from experiments.answers import yes_or_no
from experiments.design import Arm, Design, Item, Measure, Method, Randomisation


@dataclass(frozen=True)
class Assumptions:
    """What is true in the simulated studies, and how they are run.

    `n` are eligible completes. The outcome has the mean `mean` at every factor's first level, and
    within each arm the deviation `sd`, the items' alpha being `reliability`. `effects` are points
    that a level adds, by `effect_key`, or several levels together. `slopes` are correlations of the
    trait behind a covariate with that behind the outcome, `covariate_reliability` the alpha of
    covariates that are scales. Of what covariates leave of that trait's variance, members of a
    cluster share `between_clusters`, and judgements of one person `between_people`. `loss` is the
    share of those given an arm who are not analysed: they leave, or are excluded; `losses` is what
    a level adds to it, by `effect_key`. With `stops` the study ends where a look recommends it.
    """

    n: int
    mean: float
    sd: float
    reliability: float = 0.8
    effects: Mapping[str, float] = field(default_factory=dict)
    slopes: Mapping[str, float] = field(default_factory=dict)
    covariate_reliability: float = 0.8
    loss: float = 0.0
    stops: bool = True
    losses: Mapping[str, float] = field(default_factory=dict)
    between_clusters: float = 0.0
    between_people: float = 0.5


class Obstacle(StrEnum):
    """Why a design can't be simulated."""

    DECK = "deck"
    CONDITION = "condition"
    COMPLETES = "completes"
    OUTCOME = "outcome"


@dataclass(frozen=True)
class Hindrance:
    """An obstacle, and the code of the step or of the outcome that is it."""

    obstacle: Obstacle
    code: str


def hindrances(design: Design) -> tuple[Hindrance, ...]:
    """What keeps a design from being simulated; empty if it can be."""
    return tuple(_hindrances(design))


def _hindrances(design: Design) -> Iterator[Hindrance]:
    for step in design.randomisations:
        if step.method is Method.DECK and step != judged_deck(design):
            yield Hindrance(Obstacle.DECK, step.code)
        if step.method is Method.TOWARD_COMPLETES:
            yield Hindrance(Obstacle.COMPLETES, step.code)
        if step.assign_if:
            yield Hindrance(Obstacle.CONDITION, step.code)
    items = design.outcome_items
    numeric = all(each.measure in (Measure.ORDINAL, Measure.INTERVAL) for each in items)
    if not items or not (numeric or yes_or_no(design, items[0])):
        yield Hindrance(Obstacle.OUTCOME, design.plan.outcome)


def effect_key(levels: Mapping[str, str]) -> str:
    """What an effect of these levels, by factor, goes by: ``reward.monetary*voice.high``."""
    return "*".join(f"{factor}.{level}" for factor, level in levels.items())


def effect_levels(design: Design) -> tuple[dict[str, str], ...]:
    """The levels, by factor, that can have an effect: those beside each factor's first one.

    And those of the plan's interactions together.
    """
    assigned = {code for step in design.randomisations for code in step.factors}
    alone = [
        {factor.code: level.code}
        for factor in design.factors
        if factor.code in assigned
        for level in factor.levels[1:]
    ]
    several = [
        dict(zip(codes, levels, strict=True))
        for codes in dict.fromkeys(c.interaction for c in design.plan.contrasts if c.interaction)
        for levels in product(
            *([level.code for level in design.factor(code).levels[1:]] for code in codes)
        )
    ]
    return (*alone, *several)


def outcome_values(design: Design) -> tuple[float, ...]:
    """The values that an item of the outcome can have, growing; none for a measure."""
    first = design.outcome_items[0]
    if yes_or_no(design, first):
        return (0.0, 1.0)
    return item_values(design, first)


def item_values(design: Design, item: Item) -> tuple[float, ...]:
    """The numbers of an ordinal item's options, growing; none for a measure."""
    if item.measure is Measure.INTERVAL:
        return ()
    return tuple(sorted(option_numbers(design, item).values()))


def prognostic(design: Design) -> tuple[str, ...]:
    """The plan's covariates that can go along with the outcome: those that are numbers."""
    return tuple(
        code
        for code in design.plan.covariates
        if source_items(design, code)[0].measure is not Measure.NOMINAL
    )


def drawn_arms(step: Randomisation) -> tuple[Arm, ...]:
    """The arms that have weight, as `plan_contrasts` has them."""
    return tuple(arm for arm in step.arms if arm.weight > 0)


def points_of(design: Design, assumed: Assumptions, levels: Mapping[str, str]) -> float:
    """What these levels, by factor, add to the outcome."""
    return sum(
        assumed.effects.get(effect_key(each), 0.0)
        for each in effect_levels(design)
        if each.items() <= levels.items()
    )


def loss_levels(design: Design) -> tuple[tuple[str, str], ...]:
    """The factors and levels that can lose more or fewer than each factor's first level does.

    A vignette of a deck is one of several that a participant sees: none of them loses anybody.
    """
    return tuple(
        (factor.code, level.code)
        for step in design.randomisations
        if step.method is not Method.DECK
        for factor in map(design.factor, step.factors)
        for level in factor.levels[1:]
    )


def lost_of(step: Randomisation, assumed: Assumptions, arm: Arm) -> float:
    """What an arm adds to the share that is lost."""
    named = zip(step.factors, arm.levels, strict=True)
    return sum(assumed.losses.get(effect_key({code: level}), 0.0) for code, level in named)


def most_and_least_lost(design: Design, assumed: Assumptions) -> tuple[float, float]:
    """The largest and the smallest share that any participant is lost with."""
    ends = [
        [lost_of(step, assumed, arm) for arm in drawn_arms(step)]
        for step in design.randomisations
        if step.method is not Method.DECK
    ]
    return assumed.loss + sum(map(max, ends)), assumed.loss + sum(map(min, ends))


def true_contrasts(design: Design, assumed: Assumptions) -> dict[str, tuple[float, ...]]:
    """The plan's contrasts as they truly are: one number for each of their rows."""
    return contrasts_of(design, partial(points_of, design, assumed))


def contrasts_of(
    design: Design, points: Callable[[Mapping[str, str]], float]
) -> dict[str, tuple[float, ...]]:
    """The same, where levels by factor add these points."""
    found = {}
    for contrast in plan_contrasts(design):
        step = next(s for s in design.randomisations if s.code == contrast.randomisation)
        means = [
            points(dict(zip(step.factors, arm.levels, strict=True))) for arm in drawn_arms(step)
        ]
        found[contrast.code] = tuple(
            # What sums to nothing but for rounding is nothing.
            round(sum(w * m for w, m in zip(row.weights, means, strict=True)), 12)
            for row in contrast.rows
        )
    return found
