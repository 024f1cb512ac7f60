"""PURE: slots: every one is filled by the time it is read, in every language alike."""

from collections.abc import Iterator

from experiments.checks.order import first_showing, first_treatment
from experiments.checks.problem import Problem, listed
from experiments.design import Design, Item, ItemKind, Order, Page, PageKind, Text
from experiments.said import said
from experiments.vignette import slots, stray_braces, unclosed

# What has no words to put into a text.
_WORDLESS = frozenset({ItemKind.STATEMENT, ItemKind.RANKING, ItemKind.ALLOCATION})


def slot_problems(design: Design) -> Iterator[Problem]:
    """Slots that nothing fills, or not yet, and slots that one language has and another lacks."""
    for index, page in enumerate(design.pages):
        for path, text in _texts(page, f"pages[{index}]"):
            yield from _unfilled(design, index, path, text)
            if _treats(page, path) or any(
                slots(words) or unclosed(words) for words in text.values()
            ):
                yield from _alike(path, text)


def _texts(page: Page, at: str) -> Iterator[tuple[str, Text]]:
    yield f"{at}.title", page.title
    yield f"{at}.body", page.body
    for place, item in enumerate(page.items):
        where = f"{at}.items[{place}]"
        for name in ("text", "left", "right", "unit"):
            yield f"{where}.{name}", getattr(item, name)
        for number, option in enumerate(item.options):
            yield f"{where}.options[{number}].label", option.label


def _treats(page: Page, path: str) -> bool:
    """Whether that text of the page is what shows a factor."""
    return page.kind is PageKind.VIGNETTE and path.endswith("].body")


def _unfilled(design: Design, page: int, path: str, text: Text) -> Iterator[Problem]:
    for language, words in text.items():
        for slot in sorted(slots(words)):
            if message := _why_not(design, page, slot, language):
                known = listed(_fillers(design, page, path))
                remedy = said("Name {known}, or take the slot out.", known=known)
                yield Problem(path, message, remedy)


def _why_not(design: Design, page: int, slot: str, language: str) -> str:
    """Why the slot can't be filled on that page; empty if it can."""
    for parameter in design.parameters:
        if parameter.code == slot:
            why = said(
                "The slot {{{slot}}} would show who the participant is in {language}.",
                slot=slot,
                language=language,
            )
            return why if parameter.identifies else ""
    if slot in {factor.code for factor in design.factors}:
        why = said(
            "The slot {{{slot}}} comes before its factor is shown in {language}.",
            slot=slot,
            language=language,
        )
        return "" if page >= first_showing(design, (slot,)) else why
    for index, each in enumerate(design.pages):
        for item in each.items:
            if item.code == slot:
                return _item_not(design, item, index, page, language)
    return said("Nothing fills the slot {{{slot}}} in {language}.", slot=slot, language=language)


def _item_not(design: Design, item: Item, asked: int, page: int, language: str) -> str:
    block = design.pages[page].block
    moved = {each.code for each in design.blocks if each.order is not Order.FIXED}
    if asked >= page or (block in moved and design.pages[asked].block == block):
        return said(
            "The slot {{{slot}}} comes before its item is answered in {language}.",
            slot=item.code,
            language=language,
        )
    if item.kind in _WORDLESS:
        return said(
            "{item} has no words for a slot in {language}.", item=item.code, language=language
        )
    return ""


def _fillers(design: Design, page: int, path: str) -> list[str]:
    """What that text of the page could name.

    A factor that no vignette shows counts from the first vignette on: it may be what was meant.
    """
    treats, treated = _treats(design.pages[page], path), page >= first_treatment(design)
    shown = {f.code: first_showing(design, (f.code,)) for f in design.factors}
    never = len(design.pages)
    factors = [
        code
        for code, first in shown.items()
        if treats or first <= page or (treated and first == never)
    ]
    items = [
        item.code
        for index, each in enumerate(design.pages[:page])
        for item in each.items
        if not _item_not(design, item, index, page, "")
    ]
    return [*factors, *(p.code for p in design.parameters if not p.identifies), *items[:8]]


def _alike(path: str, text: Text) -> Iterator[Problem]:
    every_slot = {slot for words in text.values() for slot in slots(words)}
    for language, words in text.items():
        if stray_braces(words):
            yield Problem(
                path,
                said(
                    "The text in {language} has a brace that belongs to no slot.", language=language
                ),
                said("Write slots as {code}, and no other braces."),
            )
        for slot in sorted(every_slot - slots(words)):
            yield Problem(
                path,
                said(
                    "The text in {language} lacks the slot {{{slot}}}, which another language has.",
                    language=language,
                    slot=slot,
                ),
                said("Put it in: all languages say the same."),
            )
