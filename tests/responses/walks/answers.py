"""Fields that answer an item, with the answer that must be stored; and fields that must not do.

Written without a look at how the site reads them, so that the two can disagree.
"""

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from experiments.design import Design, Item, ItemKind, Missing, Option

Fields = dict[str, list[str]]

WORDS = ("park", "도서관", "<b>bold</b>", "**stars**", "{reward}", "a\nb", "=1+1", "“quoted”", "🌳")
CHOICE = (ItemKind.LIKERT, ItemKind.SEMANTIC_DIFFERENTIAL, ItemKind.SINGLE, ItemKind.DROPDOWN)


def valid(design: Design, item: Item, random: Random) -> tuple[Fields, Any]:
    """Fields that a browser could send for the item, and what they say."""
    options = design.options(item)
    missing = [option for option in options if option.missing]
    if item.kind is ItemKind.STATEMENT:
        return {}, ...
    if not item.required and random.random() < 0.3:
        return empty(item), {"missing": "untouched"} if item.kind is ItemKind.SLIDER else None
    if missing and item.kind not in CHOICE and random.random() < 0.3:
        option = random.choice(missing)
        name = item.code if item.kind is ItemKind.MULTIPLE else f"{item.code}.missing"
        return {**empty(item), name: [option.code]}, {"missing": str(option.missing)}
    return _value(item, [o for o in options if o not in missing], missing, random)


def empty(item: Item) -> Fields:
    """What a browser sends for an item that was left as it was."""
    if item.kind is ItemKind.SLIDER:
        return {item.code: [_number(Decimal(str(item.minimum)) - Decimal(str(item.step or 1)))]}
    if item.kind in (ItemKind.NUMBER, ItemKind.DATE, ItemKind.TEXT, ItemKind.SHORT_TEXT):
        return {item.code: [""]}
    return {}


def invalid(design: Design, item: Item, random: Random) -> Fields | None:  # noqa: PLR0911 # one for each kind
    """Fields that no answer can be read from, None for an item that takes everything."""
    match item.kind:
        case ItemKind.STATEMENT:
            return None
        case ItemKind.NUMBER:
            return {item.code: [random.choice(["many", "1e999", "--3", "9" * 40, "nan"])]}
        case ItemKind.SLIDER:
            return {item.code: [random.choice(["x", "99999999", "0.5"])]}
        case ItemKind.DATE:
            return {item.code: [random.choice(["2026-02-30", "yesterday", "0000-00-00"])]}
        case ItemKind.TEXT | ItemKind.SHORT_TEXT:
            return {item.code: ["x" * (item.max_length + 1)]}
        case ItemKind.RANKING:
            return {f"{item.code}.{option.code}": ["1"] for option in item.options}
        case ItemKind.ALLOCATION:
            return {f"{item.code}.{option.code}": ["77"] for option in item.options}
    return {item.code: [random.choice(["no_such_option", "\0", "🌳" * 50])]}


def _value(  # noqa: PLR0911 # one for each kind
    item: Item, values: list[Option], missing: list[Option], random: Random
) -> tuple[Fields, Any]:
    match item.kind:
        case ItemKind.MULTIPLE:
            return _several(item, values, random)
        case ItemKind.NUMBER | ItemKind.SLIDER:
            text = _number(_within(item, random))
            return {item.code: [text]}, text
        case ItemKind.DATE:
            day = date.fromisoformat(item.earliest or "2020-01-01") + timedelta(
                random.randint(0, 9)
            )
            return {item.code: [day.isoformat()]}, day.isoformat()
        case ItemKind.SHORT_TEXT:
            text = random.choice(WORDS).replace("\n", " ")
            return {item.code: [text]}, text
        case ItemKind.TEXT:
            text = random.choice(WORDS)
            return {item.code: [text.replace("\n", "\r\n")]}, text
        case ItemKind.RANKING:
            codes = random.sample([option.code for option in values], len(values))
            return {f"{item.code}.{c}": [str(n)] for n, c in enumerate(codes, start=1)}, codes
        case ItemKind.ALLOCATION:
            return _points(item, values, random)
    option = random.choice([*values, *missing])
    answer = {"missing": str(option.missing)} if option.missing is not Missing.NONE else option.code
    return {item.code: [option.code]}, answer


def _several(item: Item, values: list[Option], random: Random) -> tuple[Fields, Any]:
    alone = [option.code for option in values if option.exclusive]
    others = [option.code for option in values if not option.exclusive]
    if alone and random.random() < 0.3:
        return {item.code: alone[:1]}, alone[:1]
    chosen = [code for code in others if random.random() < 0.5] or others[:1]
    return {item.code: random.sample(chosen, len(chosen))}, chosen


def _points(item: Item, values: list[Option], random: Random) -> tuple[Fields, Any]:
    points = {option.code: 0 for option in values}
    for _ in range(item.total):
        points[random.choice(list(points))] += 1
    return {f"{item.code}.{code}": [str(n)] for code, n in points.items()}, points


def _within(item: Item, random: Random) -> Decimal:
    low = Decimal(str(item.minimum if item.minimum is not None else 0))
    high = Decimal(str(item.maximum if item.maximum is not None else 50))
    grain = Decimal(str(item.step or 1)) if item.kind is ItemKind.SLIDER else Decimal(1)
    return low + grain * random.randint(0, int((high - low) / grain))


def _number(number: Decimal) -> str:
    """Without a point and zeros that say nothing."""
    return f"{number.normalize():f}"
