"""PURE: what is asked: scales, pages, items, options, and the pictures in texts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from experiments.design.words import ItemKind, Measure, Missing, Order, PageKind, Role, Text

# A code in braces, in a text.
SLOT = re.compile(r"\{\s*([a-z][a-z0-9_]*)\s*\}")


@dataclass(frozen=True)
class Option:
    """One answer that can be chosen; `missing` says why it counts as none.

    In a multiple choice an `exclusive` option, such as “none of these”, is chosen alone. An item
    that is typed or moved (number, slider, text, ranking, date, allocation) may have options with
    a `missing` kind beside it.
    """

    code: str
    label: Text
    missing: Missing = Missing.NONE
    exclusive: bool = False


@dataclass(frozen=True)
class Subscale:
    """A named part of a scale."""

    code: str
    label: Text


@dataclass(frozen=True)
class Scale:
    """Items that share options and are scored together as a mean, reverse items turned.

    `item_order` orders its items among the places that they have on a page; `option_order` may be
    flipped, for all items of the scale alike.
    """

    code: str
    label: Text
    options: tuple[Option, ...]
    subscales: tuple[Subscale, ...] = ()
    source: str = ""
    item_order: Order = Order.FIXED
    option_order: Order = Order.FIXED


@dataclass(frozen=True)
class Item:
    """One question. `scale`, `subscale` and `reverse` place it in a scale.

    A `required` item must be answered; if it is `soft`, an empty answer is asked for once and then
    taken. `shown_if` is a condition in the language of `experiments.logic`. `minimum`, `maximum`,
    `step` and `decimals` bound numbers and sliders, `earliest` and `latest` (ISO 8601) dates;
    `total` is what an allocation gives out. `option_order` leaves options that count as no answer,
    and exclusive ones, at the end.
    """

    code: str
    kind: ItemKind
    text: Text
    options: tuple[Option, ...] = ()
    scale: str = ""
    subscale: str = ""
    reverse: bool = False
    required: bool = True
    measure: Measure = Measure.NOMINAL
    role: Role = Role.NONE
    expected: str = ""
    checks_factor: str = ""
    max_length: int = 2000
    source: str = ""
    soft: bool = False
    shown_if: str = ""
    option_order: Order = Order.FIXED
    tries: int = 0
    left: Text = field(default_factory=dict)
    right: Text = field(default_factory=dict)
    unit: Text = field(default_factory=dict)
    minimum: float | None = None
    maximum: float | None = None
    step: float | None = None
    decimals: int = 0
    earliest: str = ""
    latest: str = ""
    total: int = 100

    def texts(self) -> Iterator[Text]:
        """What may have slots: what it asks, its poles, its unit, its own options."""
        yield from (self.text, self.left, self.right, self.unit)
        yield from (option.label for option in self.options)


@dataclass(frozen=True)
class Page:
    """One screen. `body` is Markdown; ``{code}`` in it, or in an item, is a slot.

    A slot names a factor (its level's text), an earlier item (its answer) or a panel parameter.
    Who satisfies `screen_out_if` when the page is sent is screened out. `back`: from this page one
    may go back to the one before. `min_seconds` must pass before it is sent; after `max_seconds`
    it is sent by itself, unless more time is asked for. Neighbouring pages that name one deck in
    `repeats` are shown once for each of its draws.
    """

    code: str
    kind: PageKind
    title: Text
    body: Text
    items: tuple[Item, ...] = ()
    block: str = ""
    shown_if: str = ""
    screen_out_if: str = ""
    back: bool = False
    min_seconds: int = 0
    max_seconds: int = 0
    repeats: str = ""

    def texts(self) -> Iterator[Text]:
        """Every text that may have slots."""
        yield self.title
        yield self.body
        for item in self.items:
            yield from item.texts()

    @cached_property
    def item_codes(self) -> frozenset[str]:
        """The codes of its items."""
        return frozenset(item.code for item in self.items)

    @cached_property
    def slots(self) -> frozenset[str]:
        """The codes of all slots in its texts, in any language."""
        words = (text for texts in self.texts() for text in texts.values())
        return frozenset(slot for text in words for slot in SLOT.findall(text))


@dataclass(frozen=True)
class Block:
    """Neighbouring pages of one `block`, shown in an order of the participant's own."""

    code: str
    order: Order = Order.RANDOM


@dataclass(frozen=True)
class Image:
    """A picture, shown where a text says ``![what it shows](image:code)``.

    `data` is the file in base64; `media_type` is image/png, image/jpeg or image/webp.
    """

    code: str
    media_type: str
    data: str
