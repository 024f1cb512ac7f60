"""PURE: which page comes next, what it asks, and how far that is."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from experiments.design import Design, Item, Page, PageKind, Randomisation
from experiments.logic import Values, decide, holds, names
from experiments.ordering import ordered_items, ordered_pages
from experiments.piping import piped
from responses.questionnaire.facts import Facts
from responses.questionnaire.knowledge import condition, known


@dataclass(frozen=True)
class Progress:
    """Which page this is, counting from 1, and how many there are before the end page.

    `exact` is false while conditions ahead are undecided: then there are at most `total`.
    """

    number: int
    total: int
    exact: bool = True


def first_page(design: Design) -> Page:
    """The page that the study's link shows: consent, or screening before it."""
    return design.pages[0]


def consent_page(design: Design) -> Page:
    """The page that asks for consent; every design has one."""
    return next(page for page in design.pages if page.kind is PageKind.CONSENT)


def next_page(design: Design, code: str, facts: Facts) -> Page:
    """The next page that is shown after the one of that code."""
    pages = ordered_pages(design, facts.seed)
    place = [page.code for page in pages].index(code)
    values = known(design, facts).values
    return next(page for page in pages[place + 1 :] if _shown(page, values))


def previous_page(design: Design, code: str, facts: Facts) -> Page | None:
    """The page that one may go back to from the one of that code; None if there is none.

    Nobody comes back past consent, nor past a vignette, whether they were shown it or not.
    """
    pages = ordered_pages(design, facts.seed)
    place = [page.code for page in pages].index(code)
    if not pages[place].back:
        return None
    values = known(design, facts).values
    for page in reversed(pages[:place]):
        if page.kind is PageKind.CONSENT:
            return None
        if _shown(page, values):
            return page
        if page.kind is PageKind.VIGNETTE:
            return None
    return None


def follows_consent(design: Design, code: str, facts: Facts) -> bool:
    """Whether it is the first page that is shown after consent."""
    consent = consent_page(design)
    return code != consent.code and next_page(design, consent.code, facts).code == code


def shown_items(design: Design, page: Page, facts: Facts) -> tuple[Item, ...]:
    """The items that the page asks, in the participant's order."""
    values = known(design, facts).values
    return tuple(
        item
        for item in ordered_items(design, page, facts.seed)
        if not item.shown_if or holds(condition(item.shown_if), values)
    )


def may_show(design: Design, page: Page, facts: Facts) -> tuple[Item, ...]:
    """The items that the page asks, or may ask by what is answered on it, in their order."""
    items = ordered_items(design, page, facts.seed)
    if not design.conditions:
        return items
    here = {item.code for item in page.items}
    others = {code: answer for code, answer in facts.answers.items() if code not in here}
    hidden = known(design, replace(facts, answers=others)).hidden
    return tuple(item for item in items if item.code not in hidden)


def waits_here(page: Page, item: Item) -> bool:
    """Whether it depends on an answer of the same page that the item is shown."""
    return bool(item.shown_if) and not names(condition(item.shown_if)).isdisjoint(
        other.code for other in page.items
    )


def not_shown(design: Design, code: str, facts: Facts) -> tuple[str, ...]:
    """The items of pages up to that one, it included, that conditions hide as it stands."""
    hidden = known(design, facts).hidden
    if not hidden:
        return ()
    pages = _up_to(design, code, facts)
    return tuple(item.code for page in pages for item in page.items if item.code in hidden)


def progress(design: Design, code: str, facts: Facts) -> Progress:
    """How far the page is along the pages that were, and may still be, shown."""
    pages = ordered_pages(design, facts.seed)
    place = [page.code for page in pages].index(code)
    values = known(design, facts).values
    passed = [page for page in pages[:place] if _shown(page, values)]
    ahead = [
        decide(condition(page.shown_if), values) if page.shown_if else True
        for page in pages[place + 1 : -1]
    ]
    number = len(passed) + 1
    possible = sum(1 for shown in ahead if shown is not False)
    return Progress(number, number + possible, None not in ahead)


def shows_arm(design: Design, page: Page) -> bool:
    """Whether the page shows the treatment: a vignette, or any page with the slot of a factor."""
    return page.kind is PageKind.VIGNETTE or bool(needed_randomisations(design, page))


def screened_out(design: Design, page: Page, facts: Facts) -> bool:
    """Whether the page's answers end the study for this participant."""
    rule = page.screen_out_if
    return bool(rule) and holds(condition(rule), known(design, facts).values)


def needed_randomisations(design: Design, page: Page) -> tuple[Randomisation, ...]:
    """The randomisations whose levels the page's slots ask for, in the design's order."""
    wanted = piped(page)
    return tuple(r for r in design.randomisations if wanted.intersection(r.factors))


def due_randomisations(design: Design, code: str, facts: Facts) -> tuple[Randomisation, ...]:
    """The randomisations that somebody who came to that page was given, in the design's order."""
    values = known(design, facts).values
    shown = (page for page in _up_to(design, code, facts) if _shown(page, values))
    due = {each.code for page in shown for each in needed_randomisations(design, page)}
    return tuple(each for each in design.randomisations if each.code in due)


def _shown(page: Page, values: Values) -> bool:
    return not page.shown_if or holds(condition(page.shown_if), values)


def _up_to(design: Design, code: str, facts: Facts) -> Iterator[Page]:
    for page in ordered_pages(design, facts.seed):
        yield page
        if page.code == code:
            return
