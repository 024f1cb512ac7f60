"""PURE: the analysis that a design announces. docs/statistics.md has its formulas."""

from collections.abc import Iterable, Iterator, Mapping

from experiments.checks.order import asked_before
from experiments.checks.plan import RULES
from experiments.design import (
    Contrast,
    Design,
    Estimator,
    Exclusion,
    Family,
    ItemKind,
    Missing,
    Withdrawal,
)
from experiments.preregistration.claims import sharing
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

_FAMILIES: Mapping[Family, str] = {
    Family.PRIMARY: "Primary contrasts",
    Family.SECONDARY: "Secondary contrasts, tested once every primary one is rejected,",
    Family.EXPLORATORY: (
        "Exploratory contrasts, never a confirmation, with false discovery rates (Benjamini & "
        "Hochberg 1995),"
    ),
}
_FAILED: Mapping[Exclusion, str] = {
    Exclusion.FAILED_ATTENTION: "an attention check",
    Exclusion.FAILED_MOCK_VIGNETTE: "a check of the mock vignette",
    Exclusion.FAILED_COMPREHENSION: "a comprehension check, in all tries",
}


def tests(design: Design, language: str) -> list[str]:
    """The contrasts, and how each is estimated and tested."""
    return [*contrasts(design, language), sharing(design.plan), estimator(design)]


def contrasts(design: Design, language: str, families: Iterable[Family] = _FAMILIES) -> list[str]:
    """The contrasts of these families, under a heading each."""
    outcome = variable(design, design.plan.outcome, language)
    told = []
    for family in families:
        found = [each for each in design.plan.contrasts if each.family is family]
        if found:
            told.append(f"{_FAMILIES[family]} of {outcome}:")
            told.append(points(_contrast(design, each, language) for each in found))
    return told


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


_ADJUSTED: Mapping[Estimator, str] = {
    Estimator.DIFFERENCE: (
        "Beside each announced test the contrast is estimated once more, adjusted"
    ),
    Estimator.LIN: "The announced tests are made of estimates adjusted",
}


def covariates(design: Design, language: str) -> list[str]:
    """What estimates are adjusted for, and what is only associated."""
    return [*_adjusting(design, language), *associations(design, language)]


def _adjusting(design: Design, language: str) -> list[str]:
    plan = design.plan
    told = ["No covariates."]
    if plan.covariates:
        used = points(variable(design, name, language) for name in plan.covariates)
        told = [
            f"{_ADJUSTED[plan.estimator]} by each arm’s own regression on these covariates (Lin "
            "2013), all asked before the treatment:",
            used,
        ]
    return told


def associations(design: Design, language: str) -> list[str]:
    """What is only associated with the outcome; nothing if the plan names none."""
    if not design.plan.associations:
        return []
    return [
        "Associations with the outcome, from one regression on all of these with "
        f"{errors_of_slopes(design)}; nobody randomised them, so they are no effects:",
        points(variable(design, name, language) for name in design.plan.associations),
    ]


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
