"""PURE: what is asked before and after the treatment."""

from experiments.design import Design, Item, PageKind
from experiments.vignette import slots


def first_treatment(design: Design) -> int:
    """The index of the first vignette page; beyond the last page if there is none."""
    kinds = [page.kind for page in design.pages]
    return kinds.index(PageKind.VIGNETTE) if PageKind.VIGNETTE in kinds else len(kinds)


def last_treatment(design: Design) -> int:
    """The index of the last vignette page, -1 if there is none."""
    places = [i for i, page in enumerate(design.pages) if page.kind is PageKind.VIGNETTE]
    return places[-1] if places else -1


def first_showing(design: Design, factors: tuple[str, ...]) -> int:
    """The index of the first vignette page with a slot of one of the factors."""
    for index, page in enumerate(design.pages):
        shown = {slot for text in page.body.values() for slot in slots(text)}
        if page.kind is PageKind.VIGNETTE and shown.intersection(factors):
            return index
    return len(design.pages)


def page_of(design: Design, item: Item) -> int:
    """The index of the page that asks an item."""
    return next(i for i, page in enumerate(design.pages) if item in page.items)


def asked_before(design: Design, items: tuple[Item, ...]) -> bool:
    """Whether all of the items are asked before any vignette."""
    return all(page_of(design, item) < first_treatment(design) for item in items)


def asked_after(design: Design, items: tuple[Item, ...]) -> bool:
    """Whether all of the items are asked on or after the last vignette's page."""
    return all(page_of(design, item) >= last_treatment(design) for item in items)
