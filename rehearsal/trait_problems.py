"""PURE: what is wrong with traits and correlations: of nothing, or such as no items can have."""

from collections.abc import Iterator
from itertools import chain

import numpy as np

from analysis.power.assumptions import item_values
from analysis.power.instrument import Lacking, UnreachableError
from experiments.checks import Problem
from experiments.design import ONE_CHOICE, Design, Item, ItemKind, Measure, Missing
from experiments.said import said
from rehearsal.latents import correlation_matrix
from rehearsal.measures import measured, trait_items, trait_of
from rehearsal.share_problems import is_share, one_of
from rehearsal.truth import Trait, Truth

TWO = 2


def trait_problems(design: Design, truth: Truth) -> Iterator[Problem]:
    """What is wrong with each trait by itself."""
    codes = trait_codes(design)
    for code, trait in truth.traits.items():
        path = f"traits.{code}"
        if code not in codes:
            message = said(
                "No scale, subscale or item that is a number is called {code}.", code=code
            )
            yield Problem(path, message, one_of(code, codes))
            continue
        items = trait_items(design, truth, code)
        if not items:
            message = said("All items of {code} have traits nearer to them.", code=code)
            yield Problem(path, message, said("Take it out."))
            continue
        wrong = list(_numbers(path, trait, items))
        yield from wrong
        if not wrong:
            yield from _reachable(design, truth, path, code)


def trait_codes(design: Design) -> list[str]:
    """What a trait can lie behind: scales, subscales, and items alone that are numbers."""
    asked = {(item.scale, item.subscale) for item in design.items()}
    named = dict.fromkeys(code for code in chain.from_iterable(asked) if code)
    of_scales = [
        code
        for scale in design.scales
        for code in (scale.code, *(each.code for each in scale.subscales))
        if code in named
    ]
    return [*of_scales, *(item.code for item in design.items() if _is_number(item))]


def _is_number(item: Item) -> bool:
    if item.scale or item.expected or item.checks_factor:
        return False
    if item.kind in (ItemKind.NUMBER, ItemKind.SLIDER):
        return True
    return item.kind in ONE_CHOICE and item.measure is Measure.ORDINAL


def _numbers(path: str, trait: Trait, items: tuple[Item, ...]) -> Iterator[Problem]:
    if trait.sd <= 0:
        message = said("{path} is not above 0.", path=f"{path}.sd")
        yield Problem(f"{path}.sd", message, said("Write the deviation in points."))
    if not 0 < trait.reliability < 1:
        message = said("{path} is not between 0 and 1.", path=f"{path}.reliability")
        yield Problem(f"{path}.reliability", message, said("Write Cronbach’s alpha, such as 0.8."))
    yield from is_share(f"{path}.subscales", trait.subscales)
    codes = [item.code for item in items]
    for code, loading in trait.loadings.items():
        at = f"{path}.loadings.{code}"
        if code not in codes:
            message = said("{code} is no item of it.", code=code)
            yield Problem(at, message, one_of(code, codes))
        elif loading <= 0:
            message = said("{path} is not above 0.", path=at)
            yield Problem(at, message, said("Write 1 for as much as the others."))


def _reachable(design: Design, truth: Truth, path: str, code: str) -> Iterator[Problem]:
    """A problem if no items have such a mean, deviation and alpha."""
    trait, values = truth.traits[code], item_values(design, trait_items(design, truth, code)[0])
    if values and not values[0] < trait.mean < values[-1]:
        message = said("No answers have the mean of {code}, {mean}.", code=code, mean=trait.mean)
        remedy = said("Write one between {low} and {high}.", low=values[0], high=values[-1])
        yield Problem(f"{path}.mean", message, remedy)
        return
    try:
        measured(design, truth, code)
    except UnreachableError as error:
        yield unreachable(f"{path}.sd", code, error.lacking)


def unreachable(path: str, code: str, lacking: Lacking) -> Problem:
    """The problem that no items have such a score."""
    if lacking is Lacking.MEAN:
        message = said("No answers to {code} have that mean.", code=code)
        return Problem(path, message, said("Bring it nearer to the middle of the scale."))
    if lacking is Lacking.SD:
        message = said("No answers to {code} have that deviation with that mean.", code=code)
        return Problem(path, message, said("Write another one, or a mean nearer to the middle."))
    message = said("No items of {code} have that mean, deviation and alpha together.", code=code)
    remedy = said("Write a smaller deviation or a higher alpha; let subscales go together more.")
    return Problem(path, message, remedy)


def correlation_problems(design: Design, truth: Truth) -> Iterator[Problem]:
    """What is wrong with the correlations, each by itself and all together."""
    codes = [*truth.traits, *_ordered(design, truth)]
    seen: set[frozenset[str]] = set()
    wrong = False
    for pair, value in truth.correlations.items():
        found = list(_pair(f"correlations.{pair}", pair, value, codes, seen))
        wrong = wrong or bool(found)
        yield from found
    if truth.correlations and not wrong and _contradict(truth):
        message = said("The correlations contradict each other.")
        remedy = said("Bring them nearer to 0, or write those between the others.")
        yield Problem("correlations", message, remedy)


def _contradict(truth: Truth) -> bool:
    return bool(np.linalg.eigvalsh(correlation_matrix(truth)).min() < -1e-9)


def _ordered(design: Design, truth: Truth) -> list[str]:
    """Items without a trait whose options have an order: ordinal ones, and those of two options."""
    found = []
    for item in design.items():
        plain = item.kind in ONE_CHOICE and not item.expected and not item.checks_factor
        options = [o for o in design.options(item) if o.missing is Missing.NONE]
        ordered = item.measure is Measure.ORDINAL or len(options) == TWO
        if plain and ordered and not trait_of(truth, item):
            found.append(item.code)
    return found


def _pair(
    path: str, pair: str, value: float, codes: list[str], seen: set[frozenset[str]]
) -> Iterator[Problem]:
    two = pair.split("*")
    if len(two) != TWO or two[0] == two[1]:
        message = said("{pair} are not two codes.", pair=pair)
        yield Problem(path, message, said("Write `one*other: 0.3`."))
        return
    for code in two:
        if code not in codes:
            message = said(
                "{code} is no trait, nor an item whose options have an order.", code=code
            )
            yield Problem(path, message, one_of(code, codes))
    if frozenset(two) in seen:
        message = said("The correlation of {pair} is there twice.", pair=pair)
        yield Problem(path, message, said("Take one out."))
    seen.add(frozenset(two))
    if not -1 < value < 1:
        message = said("{path} is {value}, and no correlation.", path=path, value=value)
        yield Problem(path, message, said("Write a number between -1 and 1."))
