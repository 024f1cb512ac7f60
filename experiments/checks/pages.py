"""PURE: the order and kinds of pages."""

from collections.abc import Iterator

from experiments.checks.problem import Problem, placed
from experiments.design import Design, PageKind
from experiments.variables import count_variables

# Addresses below a study's that belong to no page.
RESERVED_PAGES = frozenset({"resume"})
# Django reads 1000 fields of a form at most, some of which are the page's own.
MOST_ITEMS = 900
# Postgres gives 1664 columns at most.
MOST_VARIABLES = 1500
_SILENT = (PageKind.CONSENT, PageKind.END)


def page_problems(design: Design) -> Iterator[Problem]:
    """What keeps the pages from being walked from consent to the end."""
    kinds = [page.kind for page in design.pages]
    if kinds[:1] != [PageKind.CONSENT]:
        yield Problem(
            "pages", "The first page does not ask for consent.", "Begin with kind consent."
        )
    if kinds[-1:] != [PageKind.END]:
        yield Problem("pages", "The last page is not the end.", "Finish with a page of kind end.")
    for index, kind in enumerate(kinds):
        if (kind is PageKind.CONSENT and index > 0) or (
            kind is PageKind.END and index < len(kinds) - 1
        ):
            yield Problem(
                f"pages[{index}].kind",
                f"A page of kind {kind} stands in the middle.",
                "Consent is the first page and end the last; make this one questions.",
            )
    for at, page in placed(design.pages, "pages"):
        if page.code in RESERVED_PAGES:
            yield Problem(
                f"{at}.code", f"{page.code} is an address of its own.", "Rename the page."
            )
        if page.kind in _SILENT and page.items:
            yield Problem(
                f"{at}.items",
                f"A page of kind {page.kind} asks nothing.",
                "Move its items to a page of kind questions.",
            )
        if page.kind is PageKind.QUESTIONS and not page.items and not page.body:
            yield Problem(at, f"The page {page.code} is empty.", "Give it a body or items.")
    yield from _sizes(design)


def _sizes(design: Design) -> Iterator[Problem]:
    for at, page in placed(design.pages, "pages"):
        if len(page.items) > MOST_ITEMS:
            message = f"The page {page.code} asks {len(page.items)} items."
            yield Problem(f"{at}.items", message, f"Ask {MOST_ITEMS} at most on one page.")
    if (count := count_variables(design)) > MOST_VARIABLES:
        message = f"The data set would have {count} variables."
        yield Problem("pages", message, f"Ask less: {MOST_VARIABLES} variables at most.")
