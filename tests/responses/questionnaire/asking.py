"""Items of every kind, and a design that asks them on one page."""

from dataclasses import replace
from typing import Any

from experiments.design import (
    Design,
    Item,
    ItemKind,
    Missing,
    Option,
    Page,
    PageKind,
    Scale,
)
from tests.changed import changed
from tests.designs import agreement, both, small

DONT_KNOW = Option("-9", both("Don’t know", "모름"), Missing.DONT_KNOW)
SECRET = Option("-8", both("Rather not say", "답하지 않음"), Missing.PREFER_NOT_TO_SAY)
NONE = Option("none", both("None of these", "없음"), exclusive=True)
PLACES = (
    Option("park", both("The park", "공원")),
    Option("pool", both("The pool", "수영장")),
    Option("hall", both("The hall", "회관")),
)
BESIDE = (DONT_KNOW, SECRET)


def item(kind: ItemKind, code: str = "q", **values: Any) -> Item:
    """An item of that kind; a scale's is on `feel`, one that chooses has `PLACES`."""
    made = Item(code, kind, both("Question", "문항"))
    if kind in (ItemKind.LIKERT, ItemKind.SEMANTIC_DIFFERENTIAL):
        made = replace(made, scale="feel")
    elif kind in CHOOSING:
        made = replace(made, options=PLACES)
    return replace(made, **values)


CHOOSING = (
    ItemKind.SINGLE,
    ItemKind.DROPDOWN,
    ItemKind.MULTIPLE,
    ItemKind.RANKING,
    ItemKind.ALLOCATION,
)


def page(*items: Item, code: str = "ask", **values: Any) -> Page:
    """A page of questions."""
    return Page(code, PageKind.QUESTIONS, both(code, code), {}, items, **values)


def asking(*pages: Page) -> Design:
    """`small()` in three languages with these pages after `about`."""
    design = changed(small(), {"pages": lambda old: (*old[:2], *pages, *old[2:])})
    scale = Scale("feel", both("Feeling", "느낌"), (*agreement(5), DONT_KNOW))
    return replace(design, languages=("en", "ko", "de"), scales=(*design.scales, scale))
