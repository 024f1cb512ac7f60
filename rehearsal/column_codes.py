"""PURE: what a column says of answers, and back.

A column's codes are those of options, numbers and texts as they are stored. What is no text there
(several options, an order, points) is written as JSON. An option that counts as no answer is its
own code where one option is chosen, and elsewhere ``missing:`` and its kind, as is a slider that
nobody touched; what was left open is empty. So the analysis reads a column as it reads answers.
"""

import json
from collections.abc import Sequence

import numpy as np

from analysis.power.columns import Column, Places
from experiments.answers import Answer, as_missing
from experiments.design import ONE_CHOICE, Design, Item, ItemKind, Missing

MISSING_PREFIX = "missing:"
LEFT_OPEN = ""
# A column keeps a place in two bytes.
MOST_CODES = 65_535


def values_of(design: Design, item: Item) -> tuple[str, ...]:
    """The codes of an item's options that are answers, in the order of the design."""
    return tuple(o.code for o in design.options(item) if o.missing is Missing.NONE)


def no_values_of(design: Design, item: Item) -> tuple[str, ...]:
    """How a column says that an option was chosen that counts as no answer."""
    chosen = item.kind in ONE_CHOICE
    return tuple(
        o.code if chosen else f"{MISSING_PREFIX}{o.missing}"
        for o in design.options(item)
        if o.missing
    )


def answer_of(design: Design, item: Item, code: str) -> Answer:
    """The answer, as it is stored, that a column's code says; None for one left open."""
    if code == LEFT_OPEN:
        return None
    if code.startswith(MISSING_PREFIX):
        return as_missing(code.removeprefix(MISSING_PREFIX))
    if item.kind in ONE_CHOICE:
        kinds = {o.code: o.missing for o in design.options(item) if o.missing}
        return as_missing(kinds[code]) if code in kinds else code
    if item.kind in (ItemKind.MULTIPLE, ItemKind.RANKING, ItemKind.ALLOCATION):
        read: Answer = json.loads(code)
        return read
    return code


def as_column(codes: Sequence[str], places: Places) -> Column:
    """The column of these codes and places (n,); OverflowError if there are too many codes."""
    if len(codes) > MOST_CODES:
        raise OverflowError(f"{len(codes)} different answers, and at most {MOST_CODES} are kept")
    return Column(tuple(codes), places.astype(np.uint16))


def column_of(codes: Sequence[str]) -> Column:
    """The column of rows (n,) that are these codes."""
    known = {code: place for place, code in enumerate(dict.fromkeys(codes))}
    return as_column(list(known), np.array([known[code] for code in codes], dtype=np.intp))
