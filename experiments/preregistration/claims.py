"""PURE: what may be claimed of the contrasts: how they share alpha, and when one is small."""

from fractions import Fraction

from experiments.design import (
    Design,
    Equivalence,
    Family,
    Monitoring,
    Multiplicity,
    Plan,
)
from experiments.preregistration.words import percent, variable


def sharing(plan: Plan) -> str:
    """How the tested contrasts share alpha; empty if there is one and nothing waits for it."""
    primary, secondary = (
        sum(each.family is family for each in plan.contrasts)
        for family in (Family.PRIMARY, Family.SECONDARY)
    )
    if plan.multiplicity is Multiplicity.NONE:
        return _alone(primary, secondary)
    told = []
    if primary > 1:
        told.append(
            f"The primary contrasts share alpha by Holm (1979){_graph(plan)}: each begins with "
            f"{Fraction(1, primary)} of it, and one that is rejected hands its share to the others "
            "in equal parts."
        )
    if secondary:
        what = "all primary contrasts are" if primary > 1 else "the primary contrast is"
        onward = (
            "secondary ones, which share it in the same way" if secondary > 1 else "secondary one"
        )
        graph = "" if primary > 1 else _graph(plan)
        told.append(
            f"When {what} rejected, alpha goes on to the {onward}{graph}; before that "
            f"{'none of them is' if secondary > 1 else 'it is not'} tested."
        )
    return " ".join(told)


def _graph(plan: Plan) -> str:
    """The method, where it is carried over looks."""
    if len(plan.looks) == 1 or plan.monitoring is Monitoring.ANYTIME:
        return ", as a graph (Bretz et al. 2009)"
    return (
        ", as a graph over the looks (Maurer & Bretz 2013), in which a larger share raises the "
        "bounds of past looks as well"
    )


def _alone(primary: int, secondary: int) -> str:
    told = []
    if primary > 1:
        told.append(
            "Each primary contrast is tested with all of alpha, as if it were the only one: the "
            "chance that at least one is rejected falsely is larger than alpha."
        )
    if secondary:
        what = "every primary one is" if primary > 1 else "the primary one is"
        told.append(
            f"A secondary contrast has all of alpha too, and counts only once {what} rejected."
        )
    return " ".join(told)


def smallest_effect(design: Design, language: str) -> list[str]:
    """The effect below which a difference would not matter, and how one is shown to lie there."""
    plan = design.plan
    if plan.smallest_effect is None:
        return ["None is announced."]
    size = f"{plan.smallest_effect:g} points of {variable(design, plan.outcome, language)}"
    if plan.outcome_sd is not None:
        share = plan.smallest_effect / plan.outcome_sd
        size += f": {share:.3g} of the standard deviation of {plan.outcome_sd:g} that is counted on"
    if plan.equivalence is Equivalence.NONE:
        return [
            f"{size}.",
            "Equivalence is not tested: a contrast that is not rejected is not shown to be small.",
        ]
    fixed = "The points are fixed before the data, whatever standard deviation these have."
    return [f"{size}. {fixed}", f"{_equivalence(plan)} {_shared(plan)}".strip()]


def _equivalence(plan: Plan) -> str:
    bounds = f"within ± {plan.smallest_effect:g} points"
    anytime = plan.monitoring is Monitoring.ANYTIME
    sure = percent(1 - plan.alpha)
    over = "at all times" if anytime else "over all looks"
    name = "confidence sequence" if anytime else "repeated interval"
    tests = f"two one-sided tests (Schuirmann 1987), each at {plan.equivalence_alpha:g}"
    a_contrast = "A primary contrast of two levels is shown to be equivalent, smaller than that,"
    if len(plan.looks) == 1 and plan.equivalence is Equivalence.TWO_ONE_SIDED:
        return f"{a_contrast} if its effect lies {bounds} by {tests}."
    if len(plan.looks) == 1 and not anytime:
        return f"{a_contrast} if its interval of {sure} lies {bounds}."
    interval = f"its {name}, which covers with {sure} {over} together, lies {bounds}"
    if plan.equivalence is Equivalence.REPEATED_INTERVAL:
        return f"{a_contrast} at any look at which {interval}."
    return (
        f"{a_contrast} at a look before the last if {interval}; at the last, by {tests}. What one "
        "look has shown stays shown, and nothing is taken off the tests for it: in all, an effect "
        f"at a bound is called smaller somewhat more often than {plan.equivalence_alpha:g} of the "
        "time, by at most half of the alpha that the looks before the last have spent."
    )


def _shared(plan: Plan) -> str:
    tested = [
        each for each in plan.contrasts if each.family is Family.PRIMARY and not each.interaction
    ]
    if len(tested) < 2:
        return ""
    if plan.equivalence_multiplicity is Multiplicity.NONE:
        return "Each of these claims keeps that error; they are not corrected for their number."
    share = f"intervals at {Fraction(1, len(tested))} of alpha each"
    if plan.equivalence is Equivalence.REPEATED_INTERVAL:
        return f"All claims together keep that error: {share}."
    if len(plan.looks) == 1:
        return "The tests of all of them share their alpha by Holm (1979)."
    return f"They share their error: {share}, and the tests at the last look by Holm (1979)."
