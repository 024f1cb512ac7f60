"""PURE: the order and kinds of pages."""

from collections.abc import Iterator

from experiments.checks.problem import Problem, listed, placed
from experiments.design import Design, PageKind
from experiments.said import said
from experiments.variables import count_variables

# Addresses below a study's that belong to no page.
RESERVED_PAGES = frozenset({"resume", "withdraw", "image", "draft"})
# Django reads 1000 fields of a form at most, some of which are the page's own.
MOST_ITEMS = 900
# Postgres gives 1664 columns at most.
MOST_VARIABLES = 1500
_SILENT = (PageKind.CONSENT, PageKind.END)
LONGEST_STAY = 24 * 3600


def page_problems(design: Design) -> Iterator[Problem]:
    """What keeps the pages from being walked from consent to the end."""
    yield from _order(design)
    for at, page in placed(design.pages, "pages"):
        if page.code in RESERVED_PAGES:
            yield Problem(
                f"{at}.code",
                said("{page} is an address of its own.", page=page.code),
                said("Rename the page."),
            )
        if page.kind in _SILENT and page.items:
            yield Problem(
                f"{at}.items",
                said("A page of kind {kind} asks nothing.", kind=page.kind),
                said("Move its items to a page of kind questions."),
            )
        if page.kind is PageKind.QUESTIONS and not page.items and not page.body:
            yield Problem(
                at,
                said("The page {page} is empty.", page=page.code),
                said("Give it a body or items."),
            )
    yield from _blocks(design)
    for index in range(len(design.pages)):
        yield from _back(design, index)
        yield from _seconds(design, index)
    yield from _sizes(design)


def _order(design: Design) -> Iterator[Problem]:
    """Screening first, then consent, once; last the end."""
    kinds = [page.kind for page in design.pages]
    lead = next((i for i, kind in enumerate(kinds) if kind is not PageKind.SCREENING), len(kinds))
    if kinds[lead : lead + 1] != [PageKind.CONSENT]:
        message = said("The first page does not ask for consent.")
        yield Problem("pages", message, said("Begin with kind consent, or screening before it."))
    if kinds[-1:] != [PageKind.END]:
        yield Problem(
            "pages", said("The last page is not the end."), said("Finish with a page of kind end.")
        )
    for index, kind in enumerate(kinds):
        early = kind in (PageKind.CONSENT, PageKind.SCREENING) and index > lead
        if early or (kind is PageKind.END and index < len(kinds) - 1):
            yield Problem(
                f"pages[{index}].kind",
                said("A page of kind {kind} stands in the middle.", kind=kind),
                said("Screening and consent come first and end last; make this one questions."),
            )
    for at, page in placed(design.pages, "pages"):
        if page.kind is PageKind.SCREENING and not page.items:
            yield Problem(
                at, said("{page} screens nobody.", page=page.code), said("Give it items.")
            )


def _blocks(design: Design) -> Iterator[Problem]:
    known = {block.code for block in design.blocks}
    for at, block in placed(design.blocks, "blocks"):
        places = [i for i, page in enumerate(design.pages) if page.block == block.code]
        if not places:
            yield Problem(
                at,
                said("No page is in the block {block}.", block=block.code),
                said("Put pages in, or drop it."),
            )
        elif places[-1] - places[0] >= len(places):
            message = said("The pages of the block {block} are not neighbours.", block=block.code)
            yield Problem(at, message, said("Put them next to each other."))
    for at, page in placed(design.pages, "pages"):
        if page.block and page.block not in known:
            message = said("There is no block {block}.", block=page.block)
            yield Problem(
                f"{at}.block", message, said("Known are: {known}.", known=listed(sorted(known)))
            )
        elif page.block and page.kind is not PageKind.QUESTIONS:
            message = said("A page of kind {kind} has its own place.", kind=page.kind)
            yield Problem(f"{at}.block", message, said("Take it out of the block."))


def _back(design: Design, index: int) -> Iterator[Problem]:
    page = design.pages[index]
    if not page.back:
        return
    before = design.pages[index - 1].kind if index else None
    why = {
        PageKind.VIGNETTE: said("who has read it could change what they answered before it"),
        PageKind.CONSENT: said("consent has its own place"),
        PageKind.END: said("the answers are sent"),
        PageKind.SCREENING: said("screening answers are final"),
    }.get(page.kind, "")
    if not why and before in (None, PageKind.CONSENT, PageKind.SCREENING):
        why = said("there is nothing to go back to")
    if why:
        message = said("Nobody can go back from {page}: {why}.", page=page.code, why=why)
        yield Problem(f"pages[{index}].back", message, said("Take it out."))


def _seconds(design: Design, index: int) -> Iterator[Problem]:
    page, at = design.pages[index], f"pages[{index}]"
    timed = page.min_seconds or page.max_seconds
    if timed and page.kind in (PageKind.CONSENT, PageKind.SCREENING, PageKind.END):
        message = said("A page of kind {kind} takes the time that it takes.", kind=page.kind)
        yield Problem(at, message, said("Take out its seconds."))
    if page.min_seconds > LONGEST_STAY or page.max_seconds > LONGEST_STAY:
        yield Problem(
            at, said("{page} counts more than a day.", page=page.code), said("Give fewer seconds.")
        )
    if page.max_seconds and page.max_seconds < max(30, page.min_seconds + 30):
        message = said("{page} is sent before anybody can be warned.", page=page.code)
        yield Problem(f"{at}.max_seconds", message, said("Give 30 seconds more than its minimum."))


def _sizes(design: Design) -> Iterator[Problem]:
    for at, page in placed(design.pages, "pages"):
        if len(page.items) > MOST_ITEMS:
            message = said(
                "The page {page} asks {items} items.", page=page.code, items=len(page.items)
            )
            yield Problem(
                f"{at}.items",
                message,
                said("Ask {most_items} at most on one page.", most_items=MOST_ITEMS),
            )
    if (count := count_variables(design)) > MOST_VARIABLES:
        message = said("The data set would have {count} variables.", count=count)
        yield Problem(
            "pages",
            message,
            said("Ask less: {most_variables} variables at most.", most_variables=MOST_VARIABLES),
        )
