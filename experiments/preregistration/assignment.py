"""PURE: how participants come to their arm, a small function for each property.

To tell another property of a randomisation, write its function and add it to `_PROPERTIES`.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction

from experiments.checks.order import first_showing
from experiments.design import Arm, Design, DrawOrder, Method, Randomisation
from experiments.preregistration.words import code, codes, listed, points, spelled, variable

_Property = Callable[[Design, Randomisation, str], str]


def randomisation(design: Design, language: str) -> list[str]:
    """Every randomisation with its arms and properties, and where chance comes from."""
    told = []
    for step in design.randomisations:
        properties = (tell(design, step, language) for tell in _PROPERTIES)
        told += [f"### {code(step.code)}", _arms(step), points(each for each in properties if each)]
    return [*told, "### Where chance comes from", _CHANCE]


_CHANCE = (
    "All draws follow from one seed, 32 bytes from the operating system’s source of "
    "entropy, drawn before the first participant and kept encrypted. Nobody is shown it before the "
    "study is closed, so that nobody who enrols can know the next arm. A row of the ledger is "
    "written for each assignment, in the order in which participants reach it, and chained by "
    "digests to the row before; no row is ever changed."
)


def _arms(step: Randomisation) -> str:
    """The arms with the share of participants that their weights ask for."""
    what = "Vignettes" if step.method is Method.DECK else "Arms"
    total = sum(arm.weight for arm in step.arms)
    if len({arm.weight for arm in step.arms}) == 1:
        share = Fraction(1, len(step.arms))
        return f"{what} ({len(step.arms)}, the share of each {share}): " + ", ".join(
            code(arm.code) for arm in step.arms
        )
    rows = [f"| {code(arm.code)} | {arm.weight} | {_share(arm, total)} |" for arm in step.arms]
    return "\n".join([f"| {what.lower()[:-1]} | weight | share |", "|---|---|---|", *rows])


def _share(arm: Arm, total: int) -> str:
    return str(Fraction(arm.weight, total)) if arm.weight else "never drawn"


def _factors(design: Design, step: Randomisation, language: str) -> str:
    together = " together" if len(step.factors) > 1 else ""
    what = "vignettes" if step.method is Method.DECK else "arms"
    return f"Assigns {codes(step.factors)}{together}; {what} are named by levels in this order."


def _place(design: Design, step: Randomisation, language: str) -> str:
    index = first_showing(design, step.factors)
    if index == len(design.pages):
        return ""
    return (
        f"Takes place as the page before {code(design.pages[index].code)} is sent, the first that "
        "depends on it. Who leaves before is not assigned."
    )


def _method(design: Design, step: Randomisation, language: str) -> str:
    return _METHODS[step.method](step)


def _permuted_blocks(step: Randomisation) -> str:
    sizes = listed(map(str, step.block_sizes), "or")
    size = f"of {sizes} positions, drawn at random" if len(step.block_sizes) > 1 else f"of {sizes}"
    return (
        f"Method: permuted blocks {size}. Each block holds every arm in proportion to its weight "
        "and is shuffled as a whole."
    )


def _simple(step: Randomisation) -> str:
    return "Method: simple. Each participant’s arm is drawn by itself with the shares above."


def _complete(step: Randomisation) -> str:
    total = sum(arm.weight for arm in step.arms)
    return (
        f"Method: complete. Of each {total} participants every arm gets its weight as a total, in "
        "one random order; when they are full another round begins."
    )


def _minimisation(step: Randomisation) -> str:
    weights = step.covariate_weights or (1,) * len(step.covariates)
    used = listed(
        code(name) + (f" (weight {weight})" if len(set(weights)) > 1 else "")
        for name, weight in zip(step.covariates, weights, strict=True)
    )
    unequal = len({arm.weight for arm in step.arms}) > 1
    return (
        f"Method: minimisation (Pocock & Simon 1975) over {used}, imbalance measured by the "
        f"{spelled(step.distance)}. The arm that leaves the least imbalance is drawn with "
        f"probability {step.coin:g}"
        + (", by weight after Han, Enas & McEntegart (2009)." if unequal else ".")
    )


def _toward_completes(step: Randomisation) -> str:
    return (
        "Method: a biased coin. The arm that is shortest of completes, for its weight, is drawn "
        f"with probability {step.coin:g}."
    )


def _deck(step: Randomisation) -> str:
    effects = "main effects and those of two factors" if step.deck_interactions else "main effects"
    chosen = (
        f" They are the {step.deck_size} that tell the {effects} best." if step.deck_size else ""
    )
    return (
        f"Method: a deck. Each participant is dealt {step.draws} of these vignettes, none of them "
        f"twice, {_ORDERS[step.draw_order]}.{chosen}"
    )


_ORDERS: Mapping[DrawOrder, str] = {
    DrawOrder.RANDOM: "in random order",
    DrawOrder.LATIN: "in an order by the rows of Latin squares",
    DrawOrder.WILLIAMS: "in an order by the rows of Williams squares",
}
_METHODS: Mapping[Method, Callable[[Randomisation], str]] = {
    Method.PERMUTED_BLOCKS: _permuted_blocks,
    Method.SIMPLE: _simple,
    Method.COMPLETE: _complete,
    Method.MINIMISATION: _minimisation,
    Method.TOWARD_COMPLETES: _toward_completes,
    Method.DECK: _deck,
}


def _strata(design: Design, step: Randomisation, language: str) -> str:
    if not step.strata:
        return ""
    used = listed(variable(design, name, language) for name in step.strata)
    combination = "combination of values" if len(step.strata) > 1 else "value"
    return f"Stratified by {used}: each {combination} has a list of its own."


def _cluster(design: Design, step: Randomisation, language: str) -> str:
    if not step.cluster:
        return ""
    return f"In clusters: all participants with one value of {code(step.cluster)} get one arm."


def _part(design: Design, step: Randomisation, language: str) -> str:
    if not step.assign_if:
        return ""
    return (
        f"Only for those who satisfy {code(step.assign_if)}; others get no arm, and see no page "
        "that shows one."
    )


def _impossible(design: Design, step: Randomisation, language: str) -> str:
    if not step.impossible:
        return ""
    return f"Left out as impossible: what satisfies {listed(map(code, step.impossible), 'or')}."


def _reuse(design: Design, step: Randomisation, language: str) -> str:
    if not step.reuse_after_minutes:
        return ""
    return (
        "The position of somebody who was never exposed, and sent nothing for "
        f"{step.reuse_after_minutes} minutes, is given to somebody else."
    )


_PROPERTIES: tuple[_Property, ...] = (
    *(_factors, _place, _method, _strata),
    *(_cluster, _part, _impossible, _reuse),
)
