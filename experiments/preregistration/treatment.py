"""PURE: what is varied, and where in the survey it is shown."""

from collections.abc import Iterator

from experiments.design import Block, Design, Factor, Method, Order, Page, PageKind
from experiments.preregistration.words import code, codes, listed, named, plain, points, quoted


def treatment(design: Design, language: str) -> list[str]:
    """The kind of experiment, its factors with the texts of their levels, and the vignettes."""
    within = [each.code for each in design.randomisations if each.method is Method.DECK]
    others = [each.code for each in design.randomisations if each.method is not Method.DECK]
    kinds = [f"between participants ({codes(others)})"] if others else []
    kinds += [f"within participants ({codes(within)})"] if within else []
    counted = " × ".join(str(len(factor.levels)) for factor in design.factors)
    several = len(design.factors) > 1
    return [
        f"A survey experiment with {counted}{' levels' if several else ' levels of one factor'}, "
        f"varied {listed(kinds)}.",
        *(_factor(factor, language) for factor in design.factors),
        *_vignettes(design, language),
    ]


def course(design: Design, language: str) -> list[str]:
    """The pages in their order."""
    lines = [f"{number}. {_page(page, language)}" for number, page in enumerate(design.pages, 1)]
    orders = [
        f"For each participant the order of {codes(_of(design, block))} is {block.order}."
        for block in design.blocks
        if block.order is not Order.FIXED
    ]
    return ["\n".join(lines), *orders]


def _of(design: Design, block: Block) -> list[str]:
    return [page.code for page in design.pages if page.block == block.code]


def _factor(factor: Factor, language: str) -> str:
    levels = [
        f"{named(level.label, level.code, language)}{'' if index else ', the reference'}: "
        f"“{plain(level.text, language)}”"
        for index, level in enumerate(factor.levels)
    ]
    return f"Factor {named(factor.label, factor.code, language)}:\n\n{points(levels)}"


def _vignettes(design: Design, language: str) -> Iterator[str]:
    """The texts into which the levels go."""
    for page in design.pages:
        if page.kind is PageKind.VIGNETTE and page.body:
            yield f"Page {code(page.code)}, where a factor in braces becomes its level’s text:"
            yield quoted(page.body, language)


def _page(page: Page, language: str) -> str:
    asked = f", {len(page.items)} {'item' if len(page.items) == 1 else 'items'}"
    return (
        f"{named(page.title, page.code, language)}: {page.kind}{asked if page.items else ''}"
        + (f"; once for each vignette of {code(page.repeats)}" if page.repeats else "")
        + (f"; shown if {code(page.shown_if)}" if page.shown_if else "")
    )
