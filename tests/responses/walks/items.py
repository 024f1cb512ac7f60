"""Random items of every kind: required, soft or optional, with conditions and orders."""

from dataclasses import replace
from random import Random

from experiments.design import Item, ItemKind, Measure, Missing, Option, Order, Role
from tests.designs import both

OWN_OPTIONS = (
    ItemKind.SINGLE,
    ItemKind.DROPDOWN,
    ItemKind.MULTIPLE,
    ItemKind.RANKING,
    ItemKind.ALLOCATION,
)
OPEN = (
    ItemKind.NUMBER,
    ItemKind.SLIDER,
    ItemKind.TEXT,
    ItemKind.SHORT_TEXT,
    ItemKind.RANKING,
    ItemKind.DATE,
    ItemKind.ALLOCATION,
)
KINDS = tuple(dict.fromkeys((*OWN_OPTIONS, *OPEN, ItemKind.STATEMENT)))


def random_items(name: str, random: Random, earlier: list[Item]) -> tuple[Item, ...]:
    """One to four items; a later one may wait for one before it, of the page or earlier."""
    made: list[Item] = []
    for place in range(random.randint(1, 4)):
        item = _item(f"{name}{place}", random)
        if random.random() < 0.4:
            item = replace(item, shown_if=random_condition([*earlier, *made], random))
        made.append(item)
    return tuple(made)


def random_condition(asked: list[Item], random: Random) -> str:
    """A condition on one of the items, or on two; empty if none can be compared.

    None says `!=`: who wrote these tests does not have to know what that means of no answer.
    """
    parts = [part for item in asked if (part := _part(item, random))]
    if not parts:
        return ""
    chosen = random.sample(parts, min(len(parts), random.choice([1, 1, 2])))
    return random.choice([" and ", " or "]).join(f"({part})" for part in chosen)


def understanding(random: Random) -> Item:
    """A comprehension check whose right answer is the second option."""
    options = tuple(Option(str(n), both(f"Answer {n}", f"답 {n}")) for n in (1, 2))
    return Item(
        "understood",
        ItemKind.SINGLE,
        both("What was said?", "무슨 말이었습니까?"),
        options,
        role=Role.COMPREHENSION_CHECK,
        expected="2",
        tries=random.randint(1, 3),
    )


def _part(item: Item, random: Random) -> str:
    kinds = {
        ItemKind.SINGLE: '{0} == "{1}"',
        ItemKind.DROPDOWN: '{0} in ["{1}"]',
        ItemKind.MULTIPLE: '"1" in {0}',
        ItemKind.NUMBER: "{0} > 7",
        ItemKind.SLIDER: "{0} <= 10",
        ItemKind.TEXT: "answered({0})",
        ItemKind.SHORT_TEXT: "answered({0})",
        ItemKind.DATE: "answered({0})",
    }
    if item.kind not in kinds:
        return ""
    part = kinds[item.kind].format(item.code, item.options[0].code if item.options else "")
    # What must be answered is always answered: its opposite would never be true.
    certain = part.startswith("answered")
    return part if certain or random.random() < 0.7 else f"not ({part})"


def _item(code: str, random: Random) -> Item:
    kind = random.choice(KINDS)
    text = both(f"Item {code}", f"문항 {code}")
    item = replace(Item(code, kind, text, _options(kind, random)), **_bounds(kind))  # type: ignore[arg-type]
    shuffled = Order.RANDOM if kind in OWN_OPTIONS and random.random() < 0.5 else Order.FIXED
    required = kind is ItemKind.STATEMENT or random.random() < 0.7
    soft = required and kind is not ItemKind.STATEMENT and random.random() < 0.3
    return replace(item, required=required, soft=soft, option_order=shuffled)


def _bounds(kind: ItemKind) -> dict[str, object]:
    match kind:
        case ItemKind.NUMBER:
            return {"measure": Measure.INTERVAL, "minimum": 0.0, "maximum": 20.0}
        case ItemKind.SLIDER:
            return {"measure": Measure.INTERVAL, "minimum": 0.0, "maximum": 20.0, "step": 2.0}
        case ItemKind.DATE:
            days = {"earliest": "2026-01-01", "latest": "2026-12-31"}
            return {"measure": Measure.TEXT, **days}
        case ItemKind.TEXT | ItemKind.SHORT_TEXT:
            return {"measure": Measure.TEXT}
    return {}


def _options(kind: ItemKind, random: Random) -> tuple[Option, ...]:
    own = tuple(Option(str(n), both(f"Option {n}", f"보기 {n}")) for n in range(1, 5))
    if kind is ItemKind.MULTIPLE:
        own = (*own, Option("0", both("None of these", "없음"), exclusive=True))
    own = own if kind in OWN_OPTIONS else ()
    asked = kind is not ItemKind.STATEMENT and random.random() < 0.4
    return (*own, Option("-9", both("Don’t know", "모름"), Missing.DONT_KNOW)) if asked else own
