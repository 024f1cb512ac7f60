"""PURE: what is measured: scales with their scores, checks, and everything else that is asked."""

from collections.abc import Iterator

from experiments.design import ON_A_SCALE, Design, Item, ItemKind, Order, Role, Scale
from experiments.preregistration.words import (
    code,
    codes,
    listed,
    named,
    options,
    plain,
    points,
    spelled,
)


def measures(design: Design, language: str) -> list[str]:
    """The outcome's scale first, then the others, then items that stand on none."""
    outcome = design.plan.outcome
    scales = sorted(design.scales, key=lambda scale: not _holds(scale, outcome))
    told = [part for scale in scales for part in _scale(design, scale, language)]
    single = [
        item for item in design.items() if not item.scale and item.kind is not ItemKind.STATEMENT
    ]
    if single:
        told += ["### Single items", points(_item(design, item, language) for item in single)]
    return told


def outcome_measure(design: Design, language: str) -> list[str]:
    """The primary outcome alone: its scale with all items, or the one item."""
    outcome = design.plan.outcome
    scales = [scale for scale in design.scales if _holds(scale, outcome)]
    if scales:
        return [part for scale in scales for part in _scale(design, scale, language)]
    return [points(_item(design, item, language) for item in design.outcome_items)]


def scores(design: Design, language: str) -> list[str]:
    """Which items each scale and subscale is the mean of."""
    told = []
    for scale in design.scales:
        told.append(_score(design, scale.code, named(scale.label, scale.code, language)))
        told += [
            _score(design, part.code, named(part.label, part.code, language))
            for part in scale.subscales
        ]
    return [points(told)] if told else ["No items are put together."]


def reversed_items(design: Design) -> list[str]:
    """The codes of the items that are turned before they are averaged."""
    return [item.code for item in design.items() if item.reverse]


def _score(design: Design, measured: str, name: str) -> str:
    items = design.scale_items(measured)
    return f"{name}: the mean of {codes(item.code for item in items)}"


def _holds(scale: Scale, measured: str) -> bool:
    return measured in (scale.code, *(part.code for part in scale.subscales))


def _scale(design: Design, scale: Scale, language: str) -> Iterator[str]:
    outcome = design.plan.outcome
    primary = ": the primary outcome" if scale.code == outcome else ""
    yield f"### Scale {named(scale.label, scale.code, language)}{primary}"
    parts = [
        f"{named(part.label, part.code, language)}"
        + (", the primary outcome" if part.code == outcome else "")
        for part in scale.subscales
    ]
    yield points(
        line
        for line in (
            "Score: the mean of its items, reverse items turned; missing unless all were answered.",
            f"Options: {options(scale.options, language)}.",
            _orders(scale),
            f"Subscales, scored alike: {', '.join(parts)}." if parts else "",
            f"Source: {' '.join(scale.source.split())}" if scale.source else "",
            *(_item(design, item, language) for item in design.scale_items(scale.code)),
        )
        if line
    )


def _orders(scale: Scale) -> str:
    orders = {"items": scale.item_order, "options": scale.option_order}
    told = [f"{what} {order}" for what, order in orders.items() if order is not Order.FIXED]
    return f"Order, for each participant: {listed(told)}." if told else ""


def _item(design: Design, item: Item, language: str) -> str:
    """An item on one line: its text, how it is answered, and what it is there for."""
    page = next(page.code for page in design.pages if item in page.items)
    facts = [spelled(item.kind), f"page {code(page)}"]
    facts += [_poles(item, language)] if item.left or item.right else []
    facts += [f"subscale {code(item.subscale)}"] if item.subscale else []
    facts += [_bounds(item)] if _bounds(item) else []
    facts += ["reverse"] if item.reverse else []
    facts += [_obliging(item)] if _obliging(item) else []
    facts += [f"shown if {code(item.shown_if)}"] if item.shown_if else []
    facts += [f"options {item.option_order}"] if item.option_order is not Order.FIXED else []
    facts += [_role(item)] if item.role else []
    facts += ["the primary outcome"] if item.code == design.plan.outcome else []
    offered = () if item.kind in ON_A_SCALE and item.scale else design.options(item)
    chosen = f" Options: {options(offered, language)}." if offered else ""
    source = f" Source: {' '.join(item.source.split())}" if item.source else ""
    return f"{code(item.code)} “{plain(item.text, language)}” ({'; '.join(facts)}).{chosen}{source}"


def _poles(item: Item, language: str) -> str:
    return f"between “{plain(item.left, language)}” and “{plain(item.right, language)}”"


def _bounds(item: Item) -> str:
    """From where to where a number, a slider or a date goes."""
    if item.kind is ItemKind.ALLOCATION:
        return f"{item.total} points in all"
    numbers = [f"{each:g}" if each is not None else "" for each in (item.minimum, item.maximum)]
    low, high = numbers if any(numbers) else (item.earliest, item.latest)
    return " ".join(f"{word} {end}" for word, end in (("from", low), ("to", high)) if end)


def _obliging(item: Item) -> str:
    if not item.required:
        return "optional"
    return "asked for once if left empty" if item.soft else ""


def _role(item: Item) -> str:
    role = spelled(item.role)
    if item.role is Role.MANIPULATION_CHECK:
        return f"{role} of {code(item.checks_factor)}"
    tries = f" in {item.tries} tries" if item.tries else ""
    return f"{role}, right is {code(item.expected)}{tries}"
