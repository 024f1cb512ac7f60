"""PURE: what each kind of item needs, and what has no meaning for it."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import ROUND_CEILING, Decimal

from experiments.checks.problem import Problem
from experiments.design import ON_A_SCALE, Item, ItemKind, Measure, Missing, Option, Order
from experiments.said import said

CHOSEN_FROM_OWN = frozenset({ItemKind.SINGLE, ItemKind.DROPDOWN, ItemKind.MULTIPLE})
WITH_PARTS = frozenset({ItemKind.RANKING, ItemKind.ALLOCATION})
NUMERIC = frozenset({ItemKind.NUMBER, ItemKind.SLIDER})
WRITTEN = frozenset({ItemKind.TEXT, ItemKind.SHORT_TEXT})
# Beside their field stands a box for each option that counts as no answer.
OPEN = NUMERIC | WRITTEN | WITH_PARTS | {ItemKind.DATE}
MEASURES = {
    **dict.fromkeys(NUMERIC, (Measure.INTERVAL,)),
    **dict.fromkeys(WRITTEN | {ItemKind.DATE, ItemKind.STATEMENT}, (Measure.TEXT, Measure.NOMINAL)),
}
LONGEST_ANSWER = 20_000
MOST_PARTS = 20
MOST_DECIMALS = 6
MOST_STEPS = 10_000
LARGEST_TOTAL = 1_000_000
LARGEST_BOUND = 1e12
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def kind_problems(at: str, item: Item) -> Iterator[Problem]:
    """What keeps one item from being asked as its kind."""
    yield from _measure(at, item)
    yield from _boxes(at, item)
    yield from _alone(at, item)
    if item.kind in WRITTEN and not 1 <= item.max_length <= LONGEST_ANSWER:
        message = said(
            "{item} takes {max_length} characters.", item=item.code, max_length=item.max_length
        )
        yield Problem(
            f"{at}.max_length",
            message,
            said("Allow 1 to {longest_answer:,}.", longest_answer=LONGEST_ANSWER),
        )
    if item.kind in NUMERIC:
        yield from _bounds(at, item)
    if item.kind is ItemKind.SLIDER:
        yield from _slider(at, item)
    if item.kind is ItemKind.DATE:
        yield from _days(at, item)
    if item.kind in WITH_PARTS:
        yield from _parts(at, item)
    yield from _poles(at, item)
    yield from _softness(at, item)


def _measure(at: str, item: Item) -> Iterator[Problem]:
    fit = MEASURES.get(item.kind, (Measure.NOMINAL, Measure.ORDINAL))
    if item.measure not in fit:
        named = " or ".join(measure.value for measure in fit)
        message = said(
            "{item} is of kind {kind}, which is not measured as {measure}.",
            item=item.code,
            kind=item.kind,
            measure=item.measure,
        )
        yield Problem(f"{at}.measure", message, said("Use {named}.", named=named))


def _boxes(at: str, item: Item) -> Iterator[Problem]:
    """Options of kinds that are typed or moved: only those that count as no answer."""
    kinds = [option.missing for option in item.options if option.missing]
    if len(set(kinds)) < len(kinds):
        message = said("{item} has two options with the same kind of missing.", item=item.code)
        yield Problem(
            f"{at}.options", message, said("Keep one of them: data tell them by that kind.")
        )
    if item.kind in CHOSEN_FROM_OWN | WITH_PARTS:
        return
    for index, option in enumerate(item.options):
        path = f"{at}.options[{index}]"
        if item.kind not in OPEN:
            named = {"item": item.code, "kind": item.kind}
            scales = said(
                "{item} lists options, but an item of kind {kind} uses its scale's.", **named
            )
            none = said("{item} lists options, but an item of kind {kind} has none.", **named)
            message = scales if item.kind in ON_A_SCALE else none
            remedy = said("Take them out, or make it single or dropdown.")
            yield Problem(f"{at}.options", message, remedy)
            return
        if option.missing is Missing.NONE:
            message = said(
                "{option} is no kind of missing, and {item} is not chosen from.",
                option=option.code,
                item=item.code,
            )
            yield Problem(path, message, said("Give it `missing: …`, or take it out."))
        elif item.kind in NUMERIC and _could_be_typed(item, option):
            message = said("{option} could be typed as a number.", option=option.code)
            yield Problem(
                f"{path}.code", message, said("Give it a code beyond minimum and maximum.")
            )


def _could_be_typed(item: Item, option: Option) -> bool:
    if not option.code.lstrip("-").isdecimal():
        return True  # a column of numbers holds numbers only
    code = int(option.code)
    above = item.minimum is None or code >= item.minimum
    return above and (item.maximum is None or code <= item.maximum)


def _alone(at: str, item: Item) -> Iterator[Problem]:
    for index, option in enumerate(item.options):
        if option.exclusive and item.kind is not ItemKind.MULTIPLE:
            message = said(
                "{option} is exclusive, but {item} takes one answer.",
                option=option.code,
                item=item.code,
            )
            yield Problem(f"{at}.options[{index}].exclusive", message, said("Take that out."))


def _bounds(at: str, item: Item) -> Iterator[Problem]:
    for name in ("minimum", "maximum"):
        bound = getattr(item, name)
        if bound is not None and abs(bound) > LARGEST_BOUND:
            message = said("The {name} of {item} is too far from 0.", name=name, item=item.code)
            yield Problem(f"{at}.{name}", message, said("Use another unit."))
    if item.minimum is not None and item.maximum is not None and item.minimum >= item.maximum:
        message = said("The minimum of {item} is not below its maximum.", item=item.code)
        yield Problem(f"{at}.minimum", message, said("Let it be smaller."))
    if not 0 <= item.decimals <= MOST_DECIMALS:
        message = said("{item} takes {decimals} decimals.", item=item.code, decimals=item.decimals)
        yield Problem(
            f"{at}.decimals",
            message,
            said("Allow 0 to {most_decimals}.", most_decimals=MOST_DECIMALS),
        )
    elif item.kind is ItemKind.NUMBER and _nothing_between(item):
        message = said(
            "No number of {decimals} decimals lies within the bounds of {item}.",
            decimals=item.decimals,
            item=item.code,
        )
        yield Problem(f"{at}.decimals", message, said("Allow more decimals, or widen the bounds."))


def _nothing_between(item: Item) -> bool:
    if item.minimum is None or item.maximum is None or item.minimum >= item.maximum:
        return False
    unit = Decimal(1).scaleb(-item.decimals)
    least = (Decimal(str(item.minimum)) / unit).to_integral_value(ROUND_CEILING)
    return least * unit > Decimal(str(item.maximum))


def _slider(at: str, item: Item) -> Iterator[Problem]:
    if item.minimum is None or item.maximum is None:
        message = said("The slider {item} lacks an end.", item=item.code)
        yield Problem(at, message, said("Give it a minimum and a maximum."))
        return
    step = Decimal(str(item.step if item.step is not None else 1))
    width = Decimal(str(item.maximum)) - Decimal(str(item.minimum))
    if step <= 0 or width % step or width / step > MOST_STEPS:
        message = said(
            "The step of {item} does not lead from its minimum to its maximum.", item=item.code
        )
        yield Problem(f"{at}.step", message, said("Let a whole number of steps lie between them."))


def _days(at: str, item: Item) -> Iterator[Problem]:
    for name in ("earliest", "latest"):
        text = getattr(item, name)
        if text and not _is_day(text):
            message = said("“{text}” is no day.", text=text)
            yield Problem(
                f"{at}.{name}", message, said('Write year, month and day, as in "2026-03-31".')
            )
    days = item.earliest, item.latest
    if all(text and _is_day(text) for text in days) and item.earliest > item.latest:
        message = said("{item} takes no day: its earliest is after its latest.", item=item.code)
        yield Problem(f"{at}.earliest", message, said("Let it be earlier."))


def _is_day(text: str) -> bool:
    try:
        return bool(_DAY.fullmatch(text) and date.fromisoformat(text))
    except ValueError:
        return False


def _parts(at: str, item: Item) -> Iterator[Problem]:
    count = sum(option.missing is Missing.NONE for option in item.options)
    if not 2 <= count <= MOST_PARTS:
        message = said(
            "{item} has {count} options to rank or give points to.", item=item.code, count=count
        )
        yield Problem(
            f"{at}.options", message, said("Give 2 to {most_parts}.", most_parts=MOST_PARTS)
        )
    if any(option.code == "missing" for option in item.options):
        message = said(
            "An option of {item} has the code missing, which a page uses itself.", item=item.code
        )
        yield Problem(f"{at}.options", message, said("Give it another code."))
    if item.kind is ItemKind.ALLOCATION and not 1 <= item.total <= LARGEST_TOTAL:
        message = said("{item} gives out {total} points.", item=item.code, total=item.total)
        yield Problem(
            f"{at}.total",
            message,
            said("Give 1 to {largest_total:,}.", largest_total=LARGEST_TOTAL),
        )


def _poles(at: str, item: Item) -> Iterator[Problem]:
    for name in ("left", "right"):
        has = bool(getattr(item, name))
        if has and item.kind not in (ItemKind.SEMANTIC_DIFFERENTIAL, ItemKind.SLIDER):
            message = said(
                "{item} has a {name} pole, but is of kind {kind}.",
                item=item.code,
                name=name,
                kind=item.kind,
            )
            remedy = said("Make it semantic_differential or slider, or take it out.")
            yield Problem(f"{at}.{name}", message, remedy)
        if not has and item.kind is ItemKind.SEMANTIC_DIFFERENTIAL:
            message = said(
                "The semantic differential {item} lacks its {name} pole.", item=item.code, name=name
            )
            yield Problem(at, message, said("Add `{name}: …`.", name=name))
    if item.unit and item.kind is not ItemKind.NUMBER:
        message = said("{item} has a unit, but is no number.", item=item.code)
        yield Problem(f"{at}.unit", message, said("Take it out, or make it kind number."))


def _softness(at: str, item: Item) -> Iterator[Problem]:
    if item.soft and not item.required:
        message = said("{item} is soft, but not required: nobody asks for it.", item=item.code)
        yield Problem(f"{at}.soft", message, said("Let it be required, or take soft out."))
    moves = item.kind in CHOSEN_FROM_OWN | WITH_PARTS
    if item.option_order is not Order.FIXED and not moves:
        message = said("{item} has no options of its own to put in order.", item=item.code)
        yield Problem(
            f"{at}.option_order", message, said("Take it out, or order those of its scale.")
        )
