"""PURE: conditions: where they stand, what they name, whether that was asked before."""

from collections.abc import Iterator
from dataclasses import dataclass

from experiments.checks.comparing import comparison_problems
from experiments.checks.order import first_showing
from experiments.checks.problem import Problem, listed, placed
from experiments.checks.reach import always_true, never_true
from experiments.checks.treated import treatment_problems
from experiments.design import Design, ItemKind, Order, PageKind
from experiments.logic import Condition, ConditionError, names, parse
from experiments.said import said

# What has no one value that a condition could hold.
_NOT_NAMED = frozenset({ItemKind.STATEMENT, ItemKind.RANKING, ItemKind.ALLOCATION})
# How many names a remedy lists.
_NAMED = 10


@dataclass(frozen=True)
class _Place:
    """Where a condition stands: its page's index, and the item's (-1: the page's own)."""

    path: str
    text: str
    page: int
    item: int
    screens: bool = False


def condition_problems(design: Design) -> Iterator[Problem]:
    """What keeps conditions from being decided when they are needed, or from ever being true."""
    for at, page in placed(design.pages, "pages"):
        if page.kind in (PageKind.CONSENT, PageKind.END):
            for name in ("shown_if", "screen_out_if"):
                if getattr(page, name):
                    message = said("A page of kind {kind} has no conditions.", kind=page.kind)
                    yield Problem(f"{at}.{name}", message, said("Take it out: everybody sees it."))
    for place in _places(design):
        try:
            condition = parse(place.text)
        except ConditionError as error:
            yield Problem(place.path, error.message, error.remedy)
            continue
        found = [*_names(design, place, condition)]
        found += comparison_problems(design, place.path, condition)
        found += treatment_problems(
            *(design, place.path, condition),
            page=place.page,
            item=place.item,
            screens=place.screens,
        )
        yield from found or _reach(design, place, condition)


def name_problems(design: Design, path: str, text: str, *, page: int) -> Iterator[Problem]:
    """The same of a condition that is none of a page's own, but decided before that page."""
    try:
        condition = parse(text)
    except ConditionError as error:
        yield Problem(path, error.message, error.remedy)
        return
    place = _Place(path, text, page, -1)
    found = [*_names(design, place, condition), *comparison_problems(design, path, condition)]
    yield from found or _reach(design, place, condition)


def _reach(design: Design, place: _Place, condition: Condition) -> Iterator[Problem]:
    if never_true(design, condition, page=place.page, item=place.item):
        message = said("This can never come true.")
        yield Problem(place.path, message, said("Change it, or take out what nobody would see."))
    elif place.screens and always_true(design, condition, page=place.page):
        message = said("This screens out everybody who sends the page.")
        yield Problem(place.path, message, said("Change it, so that some go on."))


def _places(design: Design) -> Iterator[_Place]:
    for index, page in enumerate(design.pages):
        if page.kind in (PageKind.CONSENT, PageKind.END):
            continue
        at = f"pages[{index}]"
        if page.shown_if:
            yield _Place(f"{at}.shown_if", page.shown_if, index, -1)
        if page.screen_out_if:
            path, last = f"{at}.screen_out_if", len(page.items)
            yield _Place(path, page.screen_out_if, index, last, screens=True)
        for number, item in enumerate(page.items):
            if item.shown_if:
                path = f"{at}.items[{number}].shown_if"
                yield _Place(path, item.shown_if, index, number)


def _names(design: Design, place: _Place, condition: Condition) -> Iterator[Problem]:
    factors = [factor.code for factor in design.factors]
    parameters = [parameter.code for parameter in design.parameters]
    items = {
        item.code: (i, j) for i, p in enumerate(design.pages) for j, item in enumerate(p.items)
    }
    for name in sorted(names(condition)):
        if name in items:
            yield from _item(design, place, name, items[name])
        elif name in factors:
            # Who meets a vignette gets its levels when they come to it.
            if first_showing(design, (name,)) > place.page - (place.item < 0):
                message = said("The factor {name} is not shown before this is decided.", name=name)
                yield Problem(
                    place.path, message, said("Use it on a later page than its vignette.")
                )
        elif name in parameters:
            yield from _parameter(design, place, name)
        else:
            early = [code for code, where in items.items() if where < (place.page, place.item)]
            known = listed([*early[:_NAMED], *factors, *parameters])
            message = said("{name} is no item, factor or parameter.", name=name)
            yield Problem(
                place.path, message, said("Codes stand in quotes; names are: {known}.", known=known)
            )


def _parameter(design: Design, place: _Place, name: str) -> Iterator[Problem]:
    if any(each.code == name and each.identifies for each in design.parameters):
        message = said(
            "{name} says who somebody is, which is kept apart from what conditions know.", name=name
        )
        yield Problem(place.path, message, said("Name a parameter that does not identify."))


def _item(design: Design, place: _Place, name: str, where: tuple[int, int]) -> Iterator[Problem]:
    page, _ = where
    if where >= (place.page, place.item):
        message = said("{name} is asked too late for this to be decided.", name=name)
        yield Problem(place.path, message, said("Name what is asked before."))
    elif page == place.page and name in _moving(design, place):
        message = said(
            "{name} may come after this: the items of its scale change places.", name=name
        )
        yield Problem(place.path, message, said("Ask it on an earlier page, or fix item_order."))
    elif page != place.page and design.pages[page].block in _swapped(design, place.page):
        message = said(
            "{name} is asked in the same block, whose pages come in any order.", name=name
        )
        yield Problem(place.path, message, said("Name what is asked before the block."))
    kind = design.item(name).kind
    if kind in _NOT_NAMED:
        message = said(
            "{name} is of kind {kind}, which a condition can't compare.", name=name, kind=kind
        )
        yield Problem(place.path, message, said("Name another item."))


def _moving(design: Design, place: _Place) -> set[str]:
    """The items of the page that may come to stand after the item of the condition."""
    items = design.pages[place.page].items
    moving: set[str] = set()
    for scale in design.scales:
        places = [at for at, item in enumerate(items) if item.scale == scale.code]
        if scale.item_order is not Order.FIXED and places and places[-1] >= place.item:
            moving.update(items[at].code for at in places)
    return moving


def _swapped(design: Design, page: int) -> set[str]:
    """The page's block, if its pages change places."""
    code = design.pages[page].block
    return {code for block in design.blocks if block.code == code and block.order != Order.FIXED}
