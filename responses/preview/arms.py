"""Every arm in every language side by side: its text with what the levels put in marked."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe

from experiments.design import Design, Factor, Page
from experiments.expansion import dealt, numbered
from experiments.vignette import slots
from experiments.worddiff import Fate, Piece, pieces
from experiments.wording import Concern, Measures, Wording, concerns, treated_pages, wording
from responses.preview.carried import ARM
from responses.rendering import body_html
from responses.skeleton import cut, join

# What a level fills in stands between these until Markdown has become HTML; no text holds them.
_OPEN, _CLOSE = "\ue002", "\ue003"
_OPENED = re.compile(rf"{_OPEN}(\d)")
_PARAGRAPHS = re.compile(r"(\n[ \t]*\n\s*)")
# So many kinds of lines there are under what is marked; a seventh factor begins anew.
MARKS = 6
# More arms than that are shown on pages of their own.
ARMS_AT_ONCE = 24


@dataclass(frozen=True)
class Reading:
    """A page as one arm reads it in one language, what the levels put in marked."""

    language: str
    html: SafeString | None
    measures: Measures | None


@dataclass(frozen=True)
class ArmReadings:
    """One arm's readings, a language each; `asked` brings the preview to it."""

    arm: str
    asked: str
    readings: tuple[Reading, ...]


@dataclass(frozen=True)
class LevelReading:
    """A level's text in one language, by the words in which it differs from the first level's."""

    level: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class FactorReadings:
    """What a factor puts in: its mark, and its levels' texts by language."""

    code: str
    mark: int
    texts: tuple[tuple[str, tuple[LevelReading, ...]], ...]


@dataclass(frozen=True)
class Matrix:
    """One page that shows an arm: its arms (`first` to `last` of `total`), factors and concerns."""

    page: Page
    factors: tuple[FactorReadings, ...]
    arms: tuple[ArmReadings, ...]
    concerns: tuple[Concern, ...]
    first: int
    last: int
    total: int

    def lengths(self) -> Iterator[tuple[str, str, Measures | None]]:
        """Arm, language and measures, language by language, so that arms stand below each other."""
        for place in range(len(self.arms[0].readings) if self.arms else 0):
            for arm in self.arms:
                reading = arm.readings[place]
                yield arm.arm, reading.language, reading.measures


def matrices(design: Design, *, percent: float, start: int = 0) -> tuple[Matrix, ...]:
    """A matrix for each page whose text shows an arm; its arms from the one at `start`."""
    return tuple(
        _matrix(design, wording(design, page), percent, start) for page in treated_pages(design)
    )


def _matrix(design: Design, found: Wording, percent: float, start: int) -> Matrix:
    marked = _with_marks(design, found.factors)
    arms = found.arms[start : start + ARMS_AT_ONCE]
    return Matrix(
        page=found.page,
        factors=tuple(
            _factor(design, design.factor(code), at) for at, code in enumerate(found.factors)
        ),
        arms=tuple(
            ArmReadings(
                each.arm,
                _asked(design, found.page, each.levels),
                tuple(
                    Reading(language, _html(marked, found.page, each.levels, language), measures)
                    for language, measures in each.measures.items()
                ),
            )
            for each in arms
        ),
        concerns=concerns(design, found, percent=percent),
        first=min(start + 1, len(found.arms)),
        last=start + len(arms),
        total=len(found.arms),
    )


def _asked(design: Design, page: Page, levels: Mapping[str, str]) -> str:
    """The query of the page and the arm in the preview; of a deck the first vignette."""
    draws = {each.deck.code: code for code, each in dealt(design).items() if each.draw == 1}
    arms = {
        f"{ARM}{draws.get(step.code, step.code)}": ".".join(levels[each] for each in step.factors)
        for step in design.randomisations
        if set(step.factors) <= set(levels)
    }
    code = numbered(page.code, 1) if page.repeats in draws else page.code
    return urlencode({"page": code, **arms})


def _factor(design: Design, factor: Factor, at: int) -> FactorReadings:
    return FactorReadings(
        factor.code,
        at % MARKS + 1,
        tuple((language, tuple(_levels(factor, language))) for language in design.languages),
    )


def _levels(factor: Factor, language: str) -> Iterator[LevelReading]:
    reference = factor.levels[0].text.get(language, "") if factor.levels else ""
    for at, level in enumerate(factor.levels):
        text = level.text.get(language)
        if text is not None:
            told = pieces(reference, text) if at else (Piece(Fate.SAME, text),)
            yield LevelReading(level.code, told)


def _with_marks(design: Design, shown: Sequence[str]) -> Design:
    """The design with the text of every level of these factors between marks of its factor."""
    factors = (
        replace(
            factor,
            levels=tuple(
                replace(
                    level,
                    text={
                        each: _marked(text, shown.index(factor.code) % MARKS + 1)
                        for each, text in level.text.items()
                    },
                )
                for level in factor.levels
            ),
        )
        if factor.code in shown
        else factor
        for factor in design.factors
    )
    return replace(design, factors=tuple(factors))


def _html(
    design: Design, page: Page, levels: Mapping[str, str], language: str
) -> SafeString | None:
    if not page.body.get(language):
        return None
    try:
        html = body_html(design, page, levels, language)
    except KeyError:
        return None
    named = {f"pipe.{name}": f"{{{name}}}" for name in slots(page.body[language])}
    html = _OPENED.sub(r'<mark class="desk-slot desk-slot-\1">', join(cut(html), named, {}))
    # Markdown without HTML of its own, and slots' names, which are codes.
    return mark_safe(html.replace(_CLOSE, "</mark>"))  # noqa: S308 - Markdown without HTML of its own, escaped


def _marked(text: str, mark: int) -> str:
    """The text with each of its paragraphs between the marks."""
    parts = _PARAGRAPHS.split(text)
    return "".join(
        f"{_OPEN}{mark}{part}{_CLOSE}" if at % 2 == 0 and part.strip() else part
        for at, part in enumerate(parts)
    )
