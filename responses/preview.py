"""The preview: every arm in every language side by side, and each page as a participant sees it.

It reads the study's rows as they stand, launched or not, and writes nothing.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import product

from django.utils.html import strip_tags

from experiments.design import Design, Page
from responses.questionnaire import needed_randomisations, next_page, shows_arm
from responses.rendering import HOLE, View, body_html, render_design_page

# What a level fills in stands between these until Markdown has become HTML; no text holds them.
_OPEN, _CLOSE = "\ue002", "\ue003"
_PARAGRAPHS = re.compile(r"(\n[ \t]*\n\s*)")


class Unrenderable(Exception):  # noqa: N818 # the study is unfinished, nothing went wrong
    """A page that can't be shown yet, because a text or something that it names is missing."""


@dataclass(frozen=True)
class Reading:
    """A vignette as one arm reads it in one language, the manipulated sentences marked."""

    language: str
    html: str
    words: int
    characters: int


@dataclass(frozen=True)
class ArmReadings:
    """One arm's readings, a language each; None where a text is missing."""

    arm: str
    levels: tuple[tuple[str, str], ...]
    readings: tuple[tuple[str, Reading | None], ...]


@dataclass(frozen=True)
class Spread:
    """How far the arms' lengths lie apart in one language: the longest over the shortest."""

    language: str
    words: float
    characters: float


@dataclass(frozen=True)
class Matrix:
    """One vignette page: a row for each arm, a column for each language."""

    page: Page
    rows: tuple[ArmReadings, ...]
    spreads: tuple[Spread, ...]


def matrices(design: Design) -> tuple[Matrix, ...]:
    """A matrix for each vignette page."""
    return tuple(_matrix(design, page) for page in design.pages if shows_arm(page))


def _matrix(design: Design, page: Page) -> Matrix:
    marked = _with_marks(design)
    rows = tuple(
        ArmReadings(
            arm,
            tuple(sorted(levels.items())),
            tuple((each, _reading(marked, page, levels, each)) for each in design.languages),
        )
        for arm, levels in arms_of(design, page).items()
    )
    spreads = (_spread(language, rows) for language in design.languages)
    return Matrix(page, rows, tuple(spread for spread in spreads if spread))


def _with_marks(design: Design) -> Design:
    """The design with the text of every level between the marks."""
    factors = (
        replace(
            factor,
            levels=tuple(
                replace(level, text={each: _marked(text) for each, text in level.text.items()})
                for level in factor.levels
            ),
        )
        for factor in design.factors
    )
    return replace(design, factors=tuple(factors))


def arms_of(design: Design, page: Page) -> dict[str, Mapping[str, str]]:
    """The levels of each arm, or combination of arms, that a page tells apart, by its name."""
    steps = needed_randomisations(design, page)
    return {
        " + ".join(arm.code for arm in arms): {
            factor: level
            for step, arm in zip(steps, arms, strict=True)
            for factor, level in zip(step.factors, arm.levels, strict=False)
        }
        for arms in product(*(step.arms for step in steps))
    }


def _reading(
    design: Design, page: Page, levels: Mapping[str, str], language: str
) -> Reading | None:
    if not page.body.get(language):
        return None
    try:
        html = body_html(design, page, levels, language)
    except KeyError:
        return None
    html = html.replace(_OPEN, "<mark>").replace(_CLOSE, "</mark>")
    words = strip_tags(html).split()
    return Reading(language, html, len(words), len(" ".join(words)))


def _marked(text: str) -> str:
    """The text with each of its paragraphs between the marks."""
    parts = _PARAGRAPHS.split(text)
    return "".join(
        f"{_OPEN}{part}{_CLOSE}" if at % 2 == 0 and part.strip() else part
        for at, part in enumerate(parts)
    )


def _spread(language: str, rows: tuple[ArmReadings, ...]) -> Spread | None:
    found = [reading for row in rows for tag, reading in row.readings if tag == language]
    readings = [reading for reading in found if reading and reading.words]
    if not readings:
        return None
    words = [reading.words for reading in readings]
    characters = [reading.characters for reading in readings]
    return Spread(language, max(words) / min(words), max(characters) / min(characters))


def participant_page(
    design: Design, page: Page, language: str, arm: str, holes: Mapping[str, str]
) -> str:
    """The page's HTML as a participant sees it, its holes filled; Unrenderable if it can't be."""
    levels = tuple(sorted(arms_of(design, page).get(arm, {}).items())) if arm else ()
    try:
        html = render_design_page(design, View(0, page.code, language, levels))
    except KeyError as missing:
        raise Unrenderable(str(missing)) from missing
    return HOLE.sub(lambda hole: holes.get(hole[1], ""), html)


def page_after(design: Design, page: Page) -> Page | None:
    """The page that Next leads to; None at the end."""
    return next_page(design, page.code) if page != design.pages[-1] else None
