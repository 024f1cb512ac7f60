"""The preview: every arm in every language side by side, and each page as a participant sees it.

It reads the study's rows as they stand, launched or not, and writes nothing.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import product

from django.utils.html import strip_tags

from experiments.design import Design, Page, PageKind
from experiments.vignette import slots
from responses.markdown import image_address
from responses.questionnaire import Facts, needed_randomisations
from responses.rendering import View, body_html, render_design_page
from responses.skeleton import cut, join
from responses.visit import Visit

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
    vignettes = (page for page in design.pages if page.kind is PageKind.VIGNETTE)
    return tuple(_matrix(design, page) for page in vignettes)


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
    named = {f"pipe.{name}": f"{{{name}}}" for name in slots(page.body[language])}
    html = join(cut(html), named, {}).replace(_OPEN, "<mark>").replace(_CLOSE, "</mark>")
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


class PreviewFacts(Facts):
    """What a preview knows: nobody answered anything, so a slot shows its name."""

    def filling(self, design: Design, name: str, language: str) -> str:
        """The text of a level that is known, else the slot as it is written."""
        return super().filling(design, name, language) or f"{{{name}}}"


def participant_page(design: Design, view: View, visit: Visit, csrf: str) -> str:
    """The page's HTML as a participant sees it; Unrenderable if a text of it is missing."""
    try:
        html = render_design_page(design, view, visit, csrf)
    except KeyError as missing:
        raise Unrenderable(str(missing)) from missing
    # A picture has its address only once a version that holds it was launched.
    for image in design.images:
        data = f"data:{image.media_type};base64,{image.data}"
        html = html.replace(image_address(design, image), data)
    return html


def preview_levels(design: Design, page: Page, arm: str) -> dict[str, str]:
    """The levels of an arm that the page tells apart; none if it does not know the arm."""
    return dict(arms_of(design, page).get(arm, {})) if arm else {}


def page_before(design: Design, page: Page) -> Page | None:
    """The page before, as the study is written; None at the start."""
    place = design.pages.index(page)
    return design.pages[place - 1] if place else None


def page_after(design: Design, page: Page) -> Page | None:
    """The page that Next leads to, as the study is written; None at the end."""
    place = design.pages.index(page) + 1
    return design.pages[place] if place < len(design.pages) else None
