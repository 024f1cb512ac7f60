"""PURE: the analysis that a design announces. docs/statistics.md has its formulas."""

from collections.abc import Iterator, Mapping

from experiments.checks.order import asked_before
from experiments.checks.plan import RULES
from experiments.design import (
    Contrast,
    Design,
    Exclusion,
    ItemKind,
    Missing,
    Spending,
    Withdrawal,
)
from experiments.preregistration.errors import clustered, errors_of_slopes, estimator
from experiments.preregistration.words import (
    code,
    codes,
    listed,
    named,
    points,
    spelled,
    variable,
)

_SPENDING: Mapping[Spending, str] = {
    Spending.OBRIEN_FLEMING: "the O’Brien–Fleming-type function of Lan & DeMets (1983)",
}
_BLIND = (
    "Before the first look nobody sees outcomes by arm. Of participants whom no look has taken in "
    "yet nobody sees the arm; an export that shows it needs a reason, and is listed as a deviation."
)
_FAILED: Mapping[Exclusion, str] = {
    Exclusion.FAILED_ATTENTION: "an attention check",
    Exclusion.FAILED_MOCK_VIGNETTE: "a check of the mock vignette",
    Exclusion.FAILED_COMPREHENSION: "a comprehension check, in all tries",
}


def sample_size(design: Design, language: str) -> list[str]:
    """How many, when the data are looked at, and how alpha is spent."""
    plan = design.plan
    many = (
        f"{plan.sample_size} participants who completed and whom no exclusion takes out. If the "
        "study is closed earlier, the final analysis takes everybody eligible by then."
    )
    alpha = (
        f"Alpha is {plan.alpha:g}, two-sided, for each contrast, not corrected for their number."
    )
    if len(plan.looks) == 1:
        return [many, f"The data are analysed once, at that size. {alpha}", _BLIND]
    looks = listed(
        f"{size} ({100 * share:g} %)" for size, share in zip(plan.sizes, plan.looks, strict=True)
    )
    return [
        many,
        f"The data are looked at when {looks} are in, in the order of completion. {alpha} It is "
        f"spent over the looks by {_SPENDING[plan.spending]}, by the participants that a look has.",
        _BLIND,
    ]


def tests(design: Design, language: str) -> list[str]:
    """The contrasts, and how each is estimated and tested."""
    outcome = variable(design, design.plan.outcome, language)
    return [
        f"Of {outcome}:",
        points(_contrast(design, each, language) for each in design.plan.contrasts),
        estimator(design),
    ]


def _contrast(design: Design, contrast: Contrast, language: str) -> str:
    name = named(contrast.label, contrast.code, language)
    if contrast.interaction:
        step = next(s for s in design.randomisations if contrast.interaction[0] in s.factors)
        test = "the approximate Hotelling test" if clustered(design, step) else "Wald’s F"
        return (
            f"{name}: the interaction of {codes(contrast.interaction)}, their differences in "
            f"differences tested together by {test}."
        )
    step = next(each for each in design.randomisations if contrast.factor in each.factors)
    others = [factor for factor in step.factors if factor != contrast.factor]
    holes = bool(step.impossible) or any(arm.weight == 0 for arm in step.arms)
    where = " with which both have an arm" if holes and not step.deck_size else ""
    averaged = f", averaged equally over the levels of {codes(others)}{where}" if others else ""
    levels = f"{code(contrast.level)} against {code(contrast.against)}"
    return f"{name}: {code(contrast.factor)} {levels}{averaged}."


def covariates(design: Design, language: str) -> list[str]:
    """What estimates are adjusted for beside the announced test, and what is only associated."""
    plan = design.plan
    told = ["No covariates."]
    if plan.covariates:
        used = points(variable(design, name, language) for name in plan.covariates)
        told = [
            "Beside each announced test the contrast is estimated once more, adjusted by each "
            "arm’s own regression on these covariates (Lin 2013), all asked before the treatment:",
            used,
        ]
    if plan.associations:
        told += [
            "Associations with the outcome, from one regression on all of these with "
            f"{errors_of_slopes(design)}; nobody randomised them, so they are no effects:",
            points(variable(design, name, language) for name in plan.associations),
        ]
    return told


def smallest_effect(design: Design, language: str) -> list[str]:
    """The effect below which a difference would not matter."""
    if design.plan.smallest_effect is None:
        return ["None is announced."]
    outcome = variable(design, design.plan.outcome, language)
    return [f"{design.plan.smallest_effect:g} points of {outcome}."]


def exclusions(design: Design, language: str) -> list[str]:
    """Who completed and is left out all the same."""
    if not design.plan.exclusions:
        return ["Nobody who completed is left out."]
    rules = [
        f"Who failed {_FAILED[rule]}: {_checks(design, rule)}." for rule in design.plan.exclusions
    ]
    return [
        "Of those who completed these are left out; who was not asked a check has not failed it:",
        points(rules),
    ]


def _checks(design: Design, rule: Exclusion) -> str:
    """The items that count: those before the treatment, and later ones that the plan names."""
    late = design.plan.post_treatment_exclusions
    found = []
    for item in design.items():
        before = asked_before(design, (item,))
        if item.role is RULES[rule] and (before or item.code in late):
            when = "" if before else ", asked after the treatment"
            found.append(f"{code(item.code)} (right is {code(item.expected)}{when})")
    return listed(found, "or")


def missing_data(design: Design, language: str) -> list[str]:
    """What becomes of answers that are not there."""
    return [points(_missing(design))]


def _missing(design: Design) -> Iterator[str]:
    yield "Who lacks the outcome is left out of its estimates and counted. It is not imputed."
    given = {
        option.missing
        for item in design.items()
        if item.kind is not ItemKind.STATEMENT
        for option in design.options(item)
    }
    if kinds := [spelled(kind) for kind in Missing if kind and kind in given]:
        yield (
            f"An answer that says {listed(map(_in_quotes, kinds), 'or')} is no value of a number, "
            "an ordinal item or a scale; of a nominal item it is a category of its own."
        )
    if design.plan.covariates:
        yield (
            "A covariate’s missing value is filled with its mean; a covariate that more than a "
            "tenth of the participants lack brings an indicator of that too."
        )
    if design.withdrawal is Withdrawal.ASK:
        yield "Who withdraws says whether the answers so far are kept; if not, all are erased."
    else:
        yield "Who withdraws has all answers erased, and is in no later analysis."


def _in_quotes(words: str) -> str:
    return f"“{words}”"
