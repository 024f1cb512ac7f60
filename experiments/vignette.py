"""PURE: slots, and the text of an arm in a language.

A slot is a factor's code in braces, as in ``{reward}``; it becomes the text of the participant's
level of that factor. Braces have no other meaning in a vignette and can't be escaped.
"""

import re
from collections.abc import Mapping

from experiments.design import Design, Page
from experiments.design.instrument import SLOT

_OPENED = re.compile(r"\{\s*[a-z]")


def slots(text: str) -> set[str]:
    """The factor codes that a text has slots for."""
    return set(SLOT.findall(text))


def stray_braces(text: str) -> bool:
    """Whether a brace is left that belongs to no slot: unclosed, empty or misspelt."""
    rest = SLOT.sub("", text)
    return "{" in rest or "}" in rest


def unclosed(text: str) -> bool:
    """Whether a brace opens before a word and no slot comes of it."""
    return bool(_OPENED.search(SLOT.sub("", text)))


def render(text: str, fillings: Mapping[str, str]) -> str:
    """The text with each slot replaced by its factor's filling; KeyError if one has none.

    What is filled in is not looked at again, so braces in it stay as they are.
    """
    return SLOT.sub(lambda slot: fillings[slot[1]], text)


def slotted(text: str) -> tuple[tuple[str, bool], ...]:
    """The text in pieces, each with whether it is a slot as it is written."""
    found: list[tuple[str, bool]] = []
    end = 0
    for slot in SLOT.finditer(text):
        found += [(text[end : slot.start()], False), (slot[0], True)]
        end = slot.end()
    return tuple(piece for piece in (*found, (text[end:], False)) if piece[0])


def count_words(text: str) -> int:
    """How many words a text has: what stands between spaces and has a letter or a digit."""
    return sum(any(map(str.isalnum, word)) for word in text.split())


def renamed_slots(text: str, names: Mapping[str, str]) -> str:
    """The text with the slots of these codes under their new names, the others as they are."""
    return SLOT.sub(lambda slot: "{" + names.get(slot[1], slot[1]) + "}", text)


def vignette_text(design: Design, page: Page, levels: Mapping[str, str], language: str) -> str:
    """What a page says, as Markdown, to who has these levels (factor code to level code)."""
    fillings = {
        factor.code: level.text[language]
        for factor in design.factors
        for level in factor.levels
        if levels.get(factor.code) == level.code
    }
    return render(page.body.get(language, ""), fillings)
