"""PURE: a truth for any design, from the design alone: what is told nowhere is in the middle.

Nothing that is varied does anything. The outcome has the plan's deviation, other items one of a
quarter of their range, scales an alpha of 0.8; demographics are even, but for answers that end the
study. A researcher changes what they know better.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from math import sqrt

from analysis.power.assumptions import item_values
from analysis.power.instrument import UnreachableError
from experiments.design import (
    ONE_CHOICE,
    Design,
    Item,
    ItemKind,
    Measure,
    Page,
    PageKind,
    Parameter,
    Role,
)
from rehearsal.column_codes import values_of
from rehearsal.measures import measured, trait_items
from rehearsal.truth import Arrivals, Clusters, Leaving, Pattern, Style, Trait, Truth
from responses.questionnaire import Facts, screened_out

RELIABILITY = 0.8
# Answers that end the study on the page of a screening question, together.
SCREENED = 0.04
STYLES = {
    Style.READER: 0.03,
    Style.ACQUIESCENT: 0.04,
    Style.STRAIGHTLINER: 0.03,
    Style.SPEEDER: 0.03,
    Style.CARELESS: 0.02,
}
# Of an item with so many options shares are written down; with more they are even untold.
MOST_WRITTEN = 10
# How far what lies behind two subscales goes together.
TOGETHER = 0.7
# Of a number with one bound or none: how far from it the other end of what is said may be.
RANGE = 100.0


def default_truth(design: Design) -> Truth:
    """What a rehearsal of the design takes to be true of people unless it is told otherwise."""
    consent = {page.code: 0.05 for page in design.pages if page.kind is PageKind.CONSENT}
    traits = _traits(design)
    return Truth(
        traits=traits,
        correlations=_correlations(design, traits),
        shares=dict(_shares(design)),
        styles=STYLES,
        refusing=0.03,
        leaving=Leaving(each=0.01, pages=consent, back=0.2),
        languages=_languages(design),
        devices={"phone": 0.6, "desktop": 0.35, "tablet": 0.05},
        duplicates=0.01,
        clusters={each.code: _clusters(each) for each in _bringing(design)},
        arrivals=Arrivals(hours=72, pattern=Pattern.EVENINGS),
    )


def _traits(design: Design) -> dict[str, Trait]:
    found: dict[str, Trait] = {}
    outcome = design.plan.outcome
    for scale in design.scales:
        # A subscale that is the outcome has the plan's deviation, and so a trait of its own.
        for code in (*(part.code for part in scale.subscales if part.code == outcome), scale.code):
            items = _left_to(design, found, code)
            if items:
                together = TOGETHER if len({item.subscale for item in items}) > 1 else 1.0
                found[code] = _trait(design, found, code, together)
    for item in design.items():
        if _is_number(item) or (item.code == outcome and _is_ordinal(item)):
            found[item.code] = _trait(design, found, item.code, 1.0)
    return found


def _correlations(design: Design, traits: dict[str, Trait]) -> dict[str, float]:
    """A subscale with a trait of its own goes along with the rest of its scale."""
    return {
        f"{scale.code}*{part.code}": TOGETHER
        for scale in design.scales
        for part in scale.subscales
        if part.code in traits and scale.code in traits
    }


def _left_to(design: Design, found: dict[str, Trait], code: str) -> tuple[Item, ...]:
    """The items that a trait of that code would lie behind."""
    return trait_items(design, Truth(traits={**found, code: Trait(0.0, 1.0)}), code)


def _is_number(item: Item) -> bool:
    return item.kind in (ItemKind.NUMBER, ItemKind.SLIDER) and item.measure is Measure.INTERVAL


def _is_ordinal(item: Item) -> bool:
    return item.kind in ONE_CHOICE and not item.scale and item.measure is Measure.ORDINAL


def _trait(design: Design, found: dict[str, Trait], code: str, together: float) -> Trait:
    """A trait in the middle of what can be said, as near to the usual as its items can be."""
    items = _left_to(design, found, code)
    first = items[0]
    low, high = _ends(design, first)
    usual = (high - low) / 6
    if item_values(design, first):
        usual = (high - low) / 4 * _shrunk(len(items))
    if code == design.plan.outcome and design.plan.outcome_sd:
        usual = design.plan.outcome_sd
    mean = _rounded((low + high) / 2)
    for times, alpha in product((1.0, 0.9, 1.1, 0.8, 0.7, 1.3), (RELIABILITY, 0.7, 0.6, 0.5, 0.4)):
        trait = Trait(mean, _rounded(usual * times), alpha, together)
        try:
            measured(design, Truth(traits={**found, code: trait}), code).location(0.0)
        except UnreachableError:
            continue
        return trait
    return replace(trait, reliability=0.3)


def _shrunk(items: int) -> float:
    """The deviation of the mean of so many items with the usual alpha, against that of one."""
    together = RELIABILITY / (items - RELIABILITY * (items - 1))
    return sqrt((1 + (items - 1) * together) / items)


def _ends(design: Design, item: Item) -> tuple[float, float]:
    if values := item_values(design, item):
        return values[0], values[-1]
    if item.minimum is not None:
        return item.minimum, item.minimum + RANGE if item.maximum is None else item.maximum
    high = RANGE if item.maximum is None else item.maximum
    return high - RANGE, high


def _rounded(number: float) -> float:
    return float(f"{number:.4g}")


def _shares(design: Design) -> Iterator[tuple[str, dict[str, float]]]:
    for page in design.pages:
        for item in page.items:
            plain = item.kind in ONE_CHOICE and not item.scale and item.role is Role.NONE
            codes = values_of(design, item)
            told = item.code == design.plan.outcome and item.measure is Measure.ORDINAL
            if plain and not told and 1 < len(codes) <= MOST_WRITTEN:
                yield item.code, _even(codes, _ending(design, page, item))


def _even(codes: tuple[str, ...], ending: frozenset[str]) -> dict[str, float]:
    """Even shares, but few for those that end the study, that add up to 1."""
    if len(ending) == len(codes):
        ending = frozenset()
    few = round(SCREENED / len(ending), 3) if ending else 0.0
    others = [code for code in codes if code not in ending]
    found = dict.fromkeys(codes, few)
    left = 1 - few * len(ending)
    for place, code in enumerate(others):
        found[code] = round(left * (place + 1) / len(others), 3) - round(
            left * place / len(others), 3
        )
    return {code: round(share, 3) for code, share in found.items()}


def _ending(design: Design, page: Page, item: Item) -> frozenset[str]:
    """The options that end the study whatever else is said on the page."""
    return frozenset(
        code
        for code in values_of(design, item)
        if screened_out(design, page, Facts(answers={item.code: code}))
    )


def _languages(design: Design) -> dict[str, float]:
    """Most in the study's first language."""
    first, *others = design.languages
    return {first: 0.8, **dict.fromkeys(others, round(0.2 / len(others), 3))} if others else {}


def _bringing(design: Design) -> Iterator[Parameter]:
    clusters = {step.cluster for step in design.randomisations if step.cluster}
    return (each for each in design.parameters if each.code in clusters)


def _clusters(parameter: Parameter) -> Clusters:
    return Clusters(number=len(parameter.values)) if parameter.values else Clusters()
