"""PURE: what a plan makes of a deck: the outcome of each vignette, and what is asked before."""

from collections.abc import Iterator

from experiments.checks.order import asked_before
from experiments.checks.problem import Problem, placed
from experiments.design import Design, Randomisation
from experiments.expansion import repeated_items
from experiments.said import said


def judged_problems(design: Design, step: Randomisation) -> Iterator[Problem]:
    """What keeps the plan from comparing the vignettes of a deck."""
    yield from _once_asked_outcome(design, step)
    yield from _asked_again(design, step)


def _once_asked_outcome(design: Design, step: Randomisation) -> Iterator[Problem]:
    """A contrast within participants needs an outcome for each of their vignettes."""
    repeated = repeated_items(design, step.code)
    outcome = design.plan.outcome
    asked = design.outcome_items
    for at, contrast in placed(design.plan.contrasts, "plan.contrasts"):
        varied = {contrast.factor, *contrast.interaction} & set(step.factors)
        if varied and any(item not in repeated for item in asked):
            message = said(
                "{contrast} varies from draw to draw, and {outcome} is asked once.",
                contrast=contrast.code,
                outcome=outcome,
            )
            remedy = said(
                "Ask {outcome} on pages that repeat {step}.", outcome=outcome, step=step.code
            )
            yield Problem(at, message, remedy)


def _asked_again(design: Design, step: Randomisation) -> Iterator[Problem]:
    """What is asked before the first vignette, and again once some were judged."""
    repeated = repeated_items(design, step.code)
    predictors = {"covariates": design.plan.covariates, "associations": design.plan.associations}
    for name, codes in predictors.items():
        for path, code in placed(codes, f"plan.{name}"):
            items = [item for item in repeated if code in (item.code, item.scale, item.subscale)]
            # What is asked after a vignette has a problem of its own.
            if items and asked_before(design, tuple(items)):
                message = said(
                    "{code} is asked for each draw, and others were judged before it.", code=code
                )
                yield Problem(path, message, said("Name what is asked once, before the vignettes."))
