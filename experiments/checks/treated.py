"""PURE: conditions that would let the treatment decide who stays in, or what the outcome is."""

from collections.abc import Iterator

from experiments.checks.order import asked_before
from experiments.checks.problem import Problem, listed
from experiments.design import Design, Item
from experiments.logic import Condition, names
from experiments.said import said


def treatment_problems(
    design: Design, path: str, condition: Condition, *, page: int, item: int, screens: bool
) -> Iterator[Problem]:
    """What is wrong with a condition that rests on an arm, or on answers given after it.

    Screening out is an exclusion: by an answer after the treatment it needs the plan's word, by an
    arm it is never sound. The outcome is asked of everybody alike.
    """
    told = names(condition)
    arms = sorted(factor.code for factor in design.factors if factor.code in told)
    items = [each for each in design.items() if each.code in told]
    late = [each.code for each in items if not asked_before(design, (each,))]
    if screens:
        yield from _screening(design, path, arms, late)
    else:
        on_page = design.pages[page].items
        decided = on_page if item < 0 else on_page[item : item + 1]
        yield from _outcome(design, path, decided, [*arms, *late])


def _screening(design: Design, path: str, arms: list[str], late: list[str]) -> Iterator[Problem]:
    if arms:
        message = said("This would screen out by arm: it names {arms}.", arms=listed(arms))
        yield Problem(
            path, message, said("Leave the factors out: arms could not be compared any more.")
        )
    unnamed = [code for code in late if code not in design.plan.post_treatment_exclusions]
    if unnamed:
        message = said(
            "{unnamed} is asked after the treatment, which may decide who is out.",
            unnamed=listed(unnamed),
        )
        remedy = said(
            "Screen before the treatment, or name it in the plan's post_treatment_exclusions."
        )
        yield Problem(path, message, remedy)


def _outcome(
    design: Design, path: str, decided: tuple[Item, ...], named: list[str]
) -> Iterator[Problem]:
    outcome = design.plan.outcome
    asked = [item.code for item in decided if outcome in (item.code, item.scale, item.subscale)]
    if asked and outcome and named:
        message = said(
            "Whether the outcome {asked} is asked would rest on {named}.",
            asked=listed(asked),
            named=listed(named),
        )
        yield Problem(path, message, said("Ask the outcome of everybody, in every arm."))
