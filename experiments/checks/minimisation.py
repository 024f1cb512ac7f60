"""PURE: what is known of everybody when they are allocated, and what minimisation needs of it."""

from collections.abc import Iterator
from urllib.parse import quote

from experiments.checks.offered import offered
from experiments.checks.order import first_showing, page_of
from experiments.checks.problem import Problem, placed
from experiments.design import ONE_CHOICE, Design, Item, Method, Parameter, Randomisation
from experiments.said import said

LARGEST_COVARIATE_WEIGHT = 100
# With one nobody is told apart; with many most strata end in the middle of a block.
VALUES_OF_STRATA = range(2, 51)
# An index of Postgres has room for 2,704 bytes in each of its rows.
LONGEST_STRATUM = 2_000


def minimisation_problems(design: Design, at: str, step: Randomisation) -> Iterator[Problem]:
    """What keeps minimisation from balancing, or another method from meaning what it says."""
    if step.method in (Method.MINIMISATION, Method.TOWARD_COMPLETES):
        yield from _coin(at, step)
    if step.method is not Method.MINIMISATION:
        if step.covariates or step.covariate_weights:
            message = said("The method {method} balances no covariates.", method=step.method)
            yield Problem(f"{at}.covariates", message, said("Take them out, or use minimisation."))
        return
    if not step.covariates:
        message = said("Minimisation has no covariates to balance.")
        remedy = said("Name items that are asked before the vignette, or parameters with values.")
        yield Problem(f"{at}.covariates", message, remedy)
    yield from known_before(design, f"{at}.covariates", step.covariates, step.factors)
    yield from _numbers(at, step)


def _numbers(at: str, step: Randomisation) -> Iterator[Problem]:
    weights = step.covariate_weights
    if weights and len(weights) != len(step.covariates):
        message = said(
            "There are {weights} weights for {covariates} covariates.",
            weights=len(weights),
            covariates=len(step.covariates),
        )
        yield Problem(
            f"{at}.covariate_weights", message, said("Give one for each, or none at all.")
        )
    if not all(1 <= weight <= LARGEST_COVARIATE_WEIGHT for weight in weights):
        remedy = said(
            "Give weights from 1 to {largest_covariate_weight}.",
            largest_covariate_weight=LARGEST_COVARIATE_WEIGHT,
        )
        yield Problem(
            f"{at}.covariate_weights", said("A covariate counts too little or much."), remedy
        )


def _coin(at: str, step: Randomisation) -> Iterator[Problem]:
    total = sum(arm.weight for arm in step.arms)
    least = min((arm.weight for arm in step.arms), default=0)
    fair = least / total if total > 0 else 0
    if not fair <= step.coin <= 1:
        message = said("The coin {coin} is no probability that favours an arm.", coin=step.coin)
        yield Problem(
            f"{at}.coin", message, said("Give one from {fair:.2g} to 1, such as 0.8.", fair=fair)
        )


def known_before(
    design: Design, at: str, codes: tuple[str, ...], factors: tuple[str, ...]
) -> Iterator[Problem]:
    """That everybody has one of a few values of each item or parameter when they are allocated."""
    items = {item.code: item for item in design.items()}
    parameters = {each.code: each for each in design.parameters}
    for path, code in placed(codes, at):
        if code in items:
            yield from _item(design, path, items[code], factors)
        elif code in parameters:
            yield from _parameter(path, parameters[code])
        else:
            message = said("There is no item or parameter {code}.", code=code)
            yield Problem(
                path, message, said("Name an item with options, or a parameter with values.")
            )
    if len(set(codes)) != len(codes):
        yield Problem(at, said("One of them is there twice."), said("Name each once."))
    values = {code: [each.code for each in offered(design, items[code])] for code in items}
    values |= {code: list(parameters[code].values) for code in parameters}
    if (length := sum(_written(code, values.get(code, [])) for code in codes)) > LONGEST_STRATUM:
        message = said("Together they are written in up to {length} characters.", length=length)
        yield Problem(
            at,
            message,
            said(
                "Name fewer, or shorten their values: {longest_stratum} fit.",
                longest_stratum=LONGEST_STRATUM,
            ),
        )


def _written(code: str, values: list[str]) -> int:
    """How many characters `stratum_name` needs for it at most; a Korean letter counts nine."""
    longest = max((len(quote(each, safe="", errors="replace")) for each in values), default=0)
    return len(f"&{code}=") + longest


def _item(design: Design, path: str, item: Item, factors: tuple[str, ...]) -> Iterator[Problem]:
    code, page = item.code, page_of(design, item)
    if item.kind not in ONE_CHOICE:
        message = said("{code} is of kind {kind}.", code=code, kind=item.kind)
        yield Problem(path, message, said("Name an item of which one option is chosen."))
    elif not item.required or item.soft:
        yield Problem(
            path,
            said("{code} may be left empty.", code=code),
            said("Make it required, and not soft."),
        )
    elif design.pages[page].max_seconds:
        message = said("{code} may be left empty when the time of its page is up.", code=code)
        yield Problem(path, message, said("Ask it on a page without max_seconds."))
    elif item.shown_if or design.pages[page].shown_if:
        message = said("{code} is not asked of everybody.", code=code)
        yield Problem(path, message, said("Ask it without a condition."))
    elif page >= first_showing(design, factors):
        message = said("{code} is asked too late to allocate by.", code=code)
        remedy = said("Ask it on a page before the first vignette that shows these factors.")
        yield Problem(path, message, remedy)


def _parameter(path: str, parameter: Parameter) -> Iterator[Problem]:
    code, count = parameter.code, len(parameter.values)
    if parameter.identifies:
        message = said("{code} says who somebody is: every stratum would be one person.", code=code)
        yield Problem(path, message, said("Name a parameter that many share."))
    elif not parameter.required or not count:
        message = said("{code} may be missing, or made up in a link.", code=code)
        yield Problem(path, message, said("Make {code} required, and list its values.", code=code))
    elif count not in VALUES_OF_STRATA:
        least, most = VALUES_OF_STRATA[0], VALUES_OF_STRATA[-1]
        message = said(
            "{code} has {count} values: with one all are alike, with many blocks stay open.",
            code=code,
            count=count,
        )
        yield Problem(
            path, message, said("Name a parameter with {least} to {most}.", least=least, most=most)
        )
