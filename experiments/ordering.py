"""PURE: in which order a participant sees pages, items and options.

Every order is a function of the participant's seed and the code of what is ordered, so that
anybody who has the reference can compute it again.
"""

import hashlib
from collections.abc import Sequence
from itertools import groupby
from uuid import UUID

from experiments.design import ON_A_SCALE, Design, Item, Missing, Option, Order, Page


def participant_seed(reference: UUID) -> bytes:
    """The seed of a participant's orders: 32 bytes, from the reference that exports show."""
    return hashlib.sha256(b"coprod.order|" + reference.bytes).digest()


def shuffled(seed: bytes, name: str, codes: Sequence[str], order: Order) -> tuple[str, ...]:
    """The codes in the participant's order for the thing of that name.

    Random: sorted by SHA-256 of seed, name and code, so every permutation is equally likely.
    """
    if order is Order.FIXED:
        return tuple(codes)
    if order is Order.FLIPPED:
        return tuple(reversed(codes)) if _digest(seed, name)[0] & 1 else tuple(codes)
    return tuple(sorted(codes, key=lambda code: _digest(seed, name, code)))


def ordered_pages(design: Design, seed: bytes) -> tuple[Page, ...]:
    """All pages, those of a block in the participant's order among its places."""
    orders = {block.code: block.order for block in design.blocks}
    if all(order is Order.FIXED for order in orders.values()):
        return design.pages
    found: list[Page] = []
    for block, run in groupby(design.pages, lambda page: page.block):
        pages = {page.code: page for page in run}
        order = orders.get(block, Order.FIXED)
        found += [pages[code] for code in shuffled(seed, block, list(pages), order)]
    return tuple(found)


def ordered_items(design: Design, page: Page, seed: bytes) -> tuple[Item, ...]:
    """All items of the page; those of a scale in the participant's order among their places."""
    moving = [scale for scale in design.scales if scale.item_order is not Order.FIXED]
    found = list(page.items)
    for scale in moving:
        places = [at for at, item in enumerate(page.items) if item.scale == scale.code]
        items = {page.items[at].code: page.items[at] for at in places}
        codes = shuffled(seed, scale.code, list(items), scale.item_order)
        for at, code in zip(places, codes, strict=True):
            found[at] = items[code]
    return tuple(found)


def ordered_options(design: Design, item: Item, seed: bytes) -> tuple[Option, ...]:
    """The item's options; those that count as no answer, and exclusive ones, stay at the end."""
    options = design.options(item)
    name, order = _option_order(design, item)
    if order is Order.FIXED:
        return options
    moving = {option.code: option for option in options if not _stays(option)}
    codes = shuffled(seed, name, list(moving), order)
    return (*(moving[code] for code in codes), *filter(_stays, options))


def has_own_order(design: Design, item: Item) -> bool:
    """Whether the item's options are in an order of the participant's own."""
    return _option_order(design, item)[1] is not Order.FIXED


def orders_shown(design: Design, page: Page, seed: bytes) -> dict[str, list[str]]:
    """What serving the page adds to the stored orders: code to the codes in the order shown.

    Only what is not fixed: the page's block, its scales' items on this page, its items' options.
    """
    shown: dict[str, list[str]] = {}
    blocks = {block.code: block.order for block in design.blocks}
    if blocks.get(page.block, Order.FIXED) is not Order.FIXED:
        pages = ordered_pages(design, seed)
        shown[page.block] = [each.code for each in pages if each.block == page.block]
    for scale in design.scales:
        if scale.item_order is Order.FIXED:
            continue
        items = [item for item in ordered_items(design, page, seed) if item.scale == scale.code]
        if items:
            shown[scale.code] = [item.code for item in items]
    for item in page.items:
        if has_own_order(design, item):
            options = ordered_options(design, item, seed)
            shown[item.code] = [option.code for option in options]
    return shown


def _option_order(design: Design, item: Item) -> tuple[str, Order]:
    """By which name and how the options are ordered: all items of a scale alike."""
    if item.kind not in ON_A_SCALE:
        return item.code, item.option_order
    return f"{item.scale}.options", design.scale(item.scale).option_order


def _stays(option: Option) -> bool:
    return option.exclusive or option.missing is not Missing.NONE


def _digest(seed: bytes, *names: str) -> bytes:
    return hashlib.sha256(b"|".join((seed, *(name.encode() for name in names)))).digest()
