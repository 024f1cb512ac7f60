"""PURE: what is known of everybody when they are allocated, and what minimisation needs of it."""

from collections.abc import Iterator

from experiments.checks.order import first_showing, page_of
from experiments.checks.problem import Problem, placed
from experiments.design import ONE_CHOICE, Design, Method, Randomisation

LARGEST_COVARIATE_WEIGHT = 100


def minimisation_problems(design: Design, at: str, step: Randomisation) -> Iterator[Problem]:
    """What keeps minimisation from balancing, or another method from meaning what it says."""
    if step.method in (Method.MINIMISATION, Method.TOWARD_COMPLETES):
        yield from _coin(at, step)
    if step.method is not Method.MINIMISATION:
        if step.covariates or step.covariate_weights:
            message = f"The method {step.method} balances no covariates."
            yield Problem(f"{at}.covariates", message, "Take them out, or use minimisation.")
        return
    if not step.covariates:
        message = "Minimisation has no covariates to balance."
        yield Problem(f"{at}.covariates", message, "Name items that are asked before the vignette.")
    yield from known_before(design, f"{at}.covariates", step.covariates, step.factors)
    yield from _numbers(at, step)


def _numbers(at: str, step: Randomisation) -> Iterator[Problem]:
    weights = step.covariate_weights
    if weights and len(weights) != len(step.covariates):
        message = f"There are {len(weights)} weights for {len(step.covariates)} covariates."
        yield Problem(f"{at}.covariate_weights", message, "Give one for each, or none at all.")
    if not all(1 <= weight <= LARGEST_COVARIATE_WEIGHT for weight in weights):
        remedy = f"Give weights from 1 to {LARGEST_COVARIATE_WEIGHT}."
        yield Problem(f"{at}.covariate_weights", "A covariate counts too little or much.", remedy)


def _coin(at: str, step: Randomisation) -> Iterator[Problem]:
    total = sum(arm.weight for arm in step.arms)
    least = min((arm.weight for arm in step.arms), default=0)
    fair = least / total if total > 0 else 0
    if not fair <= step.coin <= 1:
        message = f"The coin {step.coin} is no probability that favours an arm."
        yield Problem(f"{at}.coin", message, f"Give one from {fair:.2g} to 1, such as 0.8.")


def known_before(
    design: Design, at: str, codes: tuple[str, ...], factors: tuple[str, ...]
) -> Iterator[Problem]:
    """That everybody has chosen one option of each of these items when they are allocated."""
    items = {item.code: item for item in design.items()}
    needed = first_showing(design, factors)
    for path, code in placed(codes, at):
        item = items.get(code)
        if item is None:
            yield Problem(path, f"There is no item {code}.", "Name an item with options.")
        elif item.kind not in ONE_CHOICE:
            message = f"{code} is of kind {item.kind}."
            yield Problem(path, message, "Name an item of which one option is chosen.")
        elif not item.required or item.soft:
            yield Problem(path, f"{code} may be left empty.", "Make it required, and not soft.")
        elif design.pages[page_of(design, item)].max_seconds:
            message = f"{code} may be left empty when the time of its page is up."
            yield Problem(path, message, "Ask it on a page without max_seconds.")
        elif item.shown_if or design.pages[page_of(design, item)].shown_if:
            message = f"{code} is not asked of everybody."
            yield Problem(path, message, "Ask it without a condition.")
        elif page_of(design, item) >= needed:
            yield Problem(
                path,
                f"{code} is asked too late to allocate by.",
                "Ask it on a page before the first vignette that shows these factors.",
            )
    if len(set(codes)) != len(codes):
        yield Problem(at, "An item is there twice.", "Name each item once.")
