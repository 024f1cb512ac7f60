"""PURE: every text in every language, and slots only where a level fills them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass

from experiments.checks.form import LANGUAGE
from experiments.checks.problem import Problem, placed
from experiments.checks.slots import slot_problems
from experiments.design import Design, Page, PageKind, Text
from experiments.design.instrument import SLOT
from experiments.said import said
from experiments.vignette import slots

_LEVEL_TEXT = re.compile(r"factors\[\d+\]\.levels\[\d+\]\.text")
# Poles are asked for where their kind is checked, an ending's words where it is.
_OPTIONAL = re.compile(
    r"pages\[\d+\]\.items\[\d+\]\.(left|right|unit)|endings\[\d+\]\.(title|body)"
)
_MAY_HAVE_SLOTS = re.compile(
    r"pages\[\d+\]\.(title|body|items\[\d+\]\.(text|left|right|unit|options\[\d+\]\.label))"
)
_BODY = re.compile(r"pages\[(\d+)\]\.body")
# Some eight pages in print, slots filled. What Markdown costs can grow with the square of it.
LONGEST_TEXT = 20_000
# For what an answer puts there, and for the mark of it that a page is kept with.
SLOT_ROOM = 64
# Control characters but tab and newline; and the private use area, with two of which a page marks
# the holes that a request fills: a text with such a mark could show what is none of its business.
_UNSHOWABLE = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ue000-\uf8ff]|\r(?!\n)")


def text_problems(design: Design) -> Iterator[Problem]:
    """Missing and blank texts, other languages, slots that nothing fills, odd characters."""
    if not design.languages:
        yield Problem(
            "languages", said("The study has no language."), said("List one, as in [en].")
        )
        return
    for path, text in texts(design):
        if text or not _may_be_left_out(design, path):
            yield from _incomplete(design, path, text)
        yield from _characters(path, text)
        yield from _long(design, path, text)
        if not _MAY_HAVE_SLOTS.fullmatch(path):
            yield from _misplaced_slots(path, text)
    yield from slot_problems(design)
    for at, page in placed(design.pages, "pages"):
        if page.kind is PageKind.VIGNETTE and page.body and not _shows_factor(design, page):
            message = said("The vignette shows no factor, so every participant reads the same.")
            yield Problem(f"{at}.body", message, _show_one(design))
    yield from _unshown(design)


def texts(node: object, path: str = "") -> Iterator[tuple[str, Text]]:
    """Every text below a part of the design, with its path."""
    if isinstance(node, Mapping):
        yield path, node
    elif isinstance(node, tuple):
        for at, part in placed(node, path):
            yield from texts(part, at)
    elif is_dataclass(node):
        for field in fields(node):
            yield from texts(getattr(node, field.name), f"{path}.{field.name}".lstrip("."))


def _may_be_left_out(design: Design, path: str) -> bool:
    body = _BODY.fullmatch(path)
    if body:
        return design.pages[int(body[1])].kind in (PageKind.QUESTIONS, PageKind.SCREENING)
    return path in ("question", "debriefing") or bool(_OPTIONAL.fullmatch(path))


def _incomplete(design: Design, path: str, text: Text) -> Iterator[Problem]:
    # What is no language tag is said where it is listed, not at every text.
    for language in filter(LANGUAGE.fullmatch, dict.fromkeys(design.languages)):
        if language not in text:
            yield Problem(
                path,
                said("There is no text in {language}.", language=language),
                said("Add `{language}: …` to it.", language=language),
            )
        # A level may say nothing, as a control does, if it says so.
        elif not text[language].strip() and not _LEVEL_TEXT.fullmatch(path):
            yield Problem(
                path, said("The text in {language} is blank.", language=language), said("Write it.")
            )
    for language in text:
        if language not in design.languages:
            yield Problem(
                path,
                said(
                    "There is a text in {language}, which is no language of the study.",
                    language=language,
                ),
                said("Take it out, or add {language} to languages.", language=language),
            )


def _characters(path: str, text: Text) -> Iterator[Problem]:
    for language, words in text.items():
        if found := _UNSHOWABLE.search(words):
            around = words[max(found.start() - 10, 0) : found.start()]
            where = said("after “{around}”", around=around) if around else said("at its start")
            yield Problem(
                path,
                said(
                    "The text in {language} has a character that can't be shown, U+{found:04X}, "
                    "{where}.",
                    language=language,
                    found=ord(found[0]),
                    where=where,
                ),
                said("Take it out: delete what stands there and type it anew."),
            )


def _long(design: Design, path: str, text: Text) -> Iterator[Problem]:
    """Texts that are longer than they may be with the longest level in each slot."""
    for language, words in text.items():
        levels = {
            factor.code: max(
                (len(each.text.get(language, "")) for each in factor.levels), default=0
            )
            for factor in design.factors
        }
        length = len(words) + sum(max(SLOT_ROOM, levels.get(s, 0)) for s in SLOT.findall(words))
        if length > LONGEST_TEXT:
            yield Problem(
                path,
                said(
                    "The text in {language} has {length} characters, slots filled.",
                    language=language,
                    length=length,
                ),
                said("Say it in {most}, or on several pages.", most=LONGEST_TEXT),
            )


def _shows_factor(design: Design, page: Page) -> bool:
    shown = {slot for words in page.body.values() for slot in slots(words)}
    return not shown.isdisjoint(factor.code for factor in design.factors)


def _show_one(design: Design) -> str:
    """How a vignette comes to show a factor: one that no vignette shows is the likeliest."""
    if not design.factors:
        return said("Add a factor and write its code in braces, or make it a questions page.")
    codes = [factor.code for factor in design.factors]
    shown = _shown(design)
    return said(
        "Write a factor's code in braces, as in {{{factor}}}, or make it a questions page.",
        factor=next((code for code in codes if code not in shown), codes[0]),
    )


def _misplaced_slots(path: str, text: Text) -> Iterator[Problem]:
    for language, words in text.items():
        for slot in sorted(slots(words)):
            yield Problem(
                path,
                said(
                    "The slot {{{slot}}} in {language} would be shown as it stands.",
                    slot=slot,
                    language=language,
                ),
                said("Use slots in what a page or an item says."),
            )


def _shown(design: Design) -> set[str]:
    """The slots that vignettes have."""
    return {
        slot for page in vignettes(design) for text in page.body.values() for slot in slots(text)
    }


def _unshown(design: Design) -> Iterator[Problem]:
    shown = _shown(design)
    for at, factor in placed(design.factors, "factors"):
        if factor.code not in shown:
            yield Problem(
                at,
                said("No vignette shows the factor {factor}.", factor=factor.code),
                said(
                    "Put the slot {{{factor}}} into the body of a vignette page.",
                    factor=factor.code,
                ),
            )


def vignettes(design: Design) -> Iterator[Page]:
    """The pages that show an arm's text."""
    return (page for page in design.pages if page.kind is PageKind.VIGNETTE)
