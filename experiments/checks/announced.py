"""PURE: what the plan announces of its tests, against itself and against what the design has."""

from collections.abc import Iterator
from math import inf

from experiments.checks.plan import SMALLEST_ALPHA, fewest_completes, rise_to_one
from experiments.checks.problem import Problem
from experiments.design import (
    ON_A_SCALE,
    Design,
    Equivalence,
    Estimator,
    Family,
    Item,
    Measure,
    Method,
    Missing,
    Monitoring,
    Plan,
    StandardErrors,
)
from experiments.logic.deciding import number
from experiments.said import said

LARGEST_EQUIVALENCE_ALPHA = 0.5


def announced_problems(plan: Plan) -> Iterator[Problem]:
    """What is wrong with the announced tests, whatever arms and items the study has."""
    if plan.outcome_sd is not None and not 0 < plan.outcome_sd < inf:
        message = said(
            "The standard deviation counted on is {outcome_sd:g}.", outcome_sd=plan.outcome_sd
        )
        remedy = said("Give one above 0 in points of the outcome, or leave it out.")
        yield Problem("plan.outcome_sd", message, remedy)
    if plan.estimator is Estimator.LIN and not plan.covariates:
        message = said("The test is adjusted for covariates, and the plan has none.")
        remedy = said("Name covariates, or choose the estimator difference.")
        yield Problem("plan.estimator", message, remedy)
    yield from _equivalence(plan)


def feasibility_problems(design: Design) -> Iterator[Problem]:
    """What keeps the announced tests from being made of what the design assigns and asks."""
    yield from _families(design.plan)
    yield from _errors(design)
    yield from _room(design)
    yield from _replanned(design)
    yield from _range(design)


def _equivalence(plan: Plan) -> Iterator[Problem]:
    if not SMALLEST_ALPHA <= plan.equivalence_alpha < LARGEST_EQUIVALENCE_ALPHA:
        message = said(
            "Alpha for equivalence is {equivalence_alpha:g}.",
            equivalence_alpha=plan.equivalence_alpha,
        )
        remedy = said(
            "Give one of {smallest_alpha} or more, and below {largest_equivalence_alpha}.",
            smallest_alpha=SMALLEST_ALPHA,
            largest_equivalence_alpha=LARGEST_EQUIVALENCE_ALPHA,
        )
        yield Problem("plan.equivalence_alpha", message, remedy)
    if plan.equivalence is Equivalence.NONE:
        return
    if plan.smallest_effect is None:
        message = said("Equivalence is held against the smallest effect, and the plan has none.")
        yield Problem(
            "plan.equivalence", message, said("Give a smallest_effect, or leave equivalence out.")
        )
    if plan.monitoring is Monitoring.ANYTIME and plan.equivalence is Equivalence.TWO_ONE_SIDED:
        message = said(
            "Two one-sided tests hold at one planned end, which anytime monitoring has not."
        )
        yield Problem("plan.equivalence", message, said("Choose repeated_interval."))


def _families(plan: Plan) -> Iterator[Problem]:
    primary = [each for each in plan.contrasts if each.family is Family.PRIMARY]
    # A plan without contrasts has a problem of its own.
    if plan.contrasts and not primary:
        message = said("No contrast is primary: nothing would be tested.")
        yield Problem(
            "plan.contrasts", message, said("Make the one that answers the question primary.")
        )
    if not primary or not all(each.interaction for each in primary):
        return
    needs = {
        "plan.equivalence": plan.equivalence is not Equivalence.NONE,
        "plan.futility": plan.futility is not None,
        "plan.harm_level": plan.harm_level is not None,
    }
    for path in (path for path, needed in needs.items() if needed):
        message = said("It is asked of primary contrasts of two levels, and there is none.")
        yield Problem(path, message, said("Leave it out, or make such a contrast primary."))


def _errors(design: Design) -> Iterator[Problem]:
    """Rows in clusters have CR2 errors, whatever the plan says of independent ones."""
    if design.plan.standard_errors is StandardErrors.HC2:
        return
    for step in design.randomisations:
        if step.cluster or step.method is Method.DECK:
            clusters = said(
                "{step} assigns clusters, whose errors are CR2 and never HC3.", step=step.code
            )
            deck = said(
                "{step} deals several vignettes, whose errors are CR2 and never HC3.",
                step=step.code,
            )
            message = clusters if step.cluster else deck
            yield Problem("plan.standard_errors", message, said("Choose hc2, or leave it out."))


def _room(design: Design) -> Iterator[Problem]:
    """Each arm has slopes of its own: it needs more rows than covariates."""
    plan, many = design.plan, len(design.plan.covariates)
    # Looks that do not rise to 1 have a problem of their own.
    if plan.estimator is not Estimator.LIN or not rise_to_one(plan.looks):
        return
    for step in design.randomisations:
        arms = sum(arm.weight > 0 for arm in step.arms)
        if step.method is not Method.DECK and plan.sizes[0] < (needed := arms * (many + 2)):
            yield Problem(
                "plan.estimator",
                said(
                    "The first look has {sizes} completes, too few to adjust {arms} arms for "
                    "{many} covariates.",
                    sizes=plan.sizes[0],
                    arms=arms,
                    many=many,
                ),
                said(
                    "Look at {needed} or more, name fewer covariates, or choose difference.",
                    needed=needed,
                ),
            )


def _replanned(design: Design) -> Iterator[Problem]:
    """A standard deviation within arms needs two participants in each."""
    plan, fewest = design.plan, fewest_completes(design)
    if plan.replan_at is not None and 0 < plan.replan_at * plan.sample_size < fewest:
        yield Problem(
            "plan.replan_at",
            said(
                "At {replan_at:g} there are too few completes for {fewest} arms.",
                replan_at=plan.replan_at,
                fewest=fewest // 2,
            ),
            said(
                "Give a later share: {fewest} completes at least, two in each arm.", fewest=fewest
            ),
        )


def _range(design: Design) -> Iterator[Problem]:
    """Sizes that the outcome, a mean of its items, can't have: percent or SDs taken for points."""
    plan, wide = design.plan, _width(design)
    if wide is None:
        return
    if plan.smallest_effect is not None and wide <= plan.smallest_effect < inf:
        message = said(
            "{outcome} reaches over {wide:g} points: none can differ by more.",
            outcome=plan.outcome,
            wide=wide,
        )
        yield Problem(
            "plan.smallest_effect", message, said("Give the effect in points of the outcome.")
        )
    if plan.outcome_sd is not None and wide / 2 < plan.outcome_sd < inf:
        message = said(
            "{outcome} reaches over {wide:g} points: its SD is {wide2:g} at most.",
            outcome=plan.outcome,
            wide=wide,
            wide2=wide / 2,
        )
        yield Problem("plan.outcome_sd", message, said("Give the SD in points of the outcome."))


def _width(design: Design) -> float | None:
    """From the lowest to the highest score of the outcome; None where that is not known."""
    ends = [_ends(design, item) for item in design.outcome_items]
    known = [each for each in ends if each is not None]
    if not known or len(known) < len(ends):
        return None
    return max(high for _, high in known) - min(low for low, _ in known)


def _ends(design: Design, item: Item) -> tuple[float, float] | None:
    if item.measure is Measure.INTERVAL:
        if item.minimum is None or item.maximum is None:
            return None
        return item.minimum, item.maximum
    if item.measure is Measure.NOMINAL:
        return 0.0, 1.0
    # That a scale is not there is told elsewhere.
    if item.kind in ON_A_SCALE and item.scale not in {each.code for each in design.scales}:
        return None
    codes = [each.code for each in design.options(item) if each.missing is Missing.NONE]
    known = [float(found) for code in codes if (found := number(code)) is not None]
    return (min(known), max(known)) if len(known) == len(codes) > 1 else None
