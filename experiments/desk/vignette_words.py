"""How long a vignette is in each arm and language, beside the field in which it is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from experiments.design import Design, Page, Randomisation
from experiments.translated import language_name
from experiments.vignette import count_words, render, slots, slotted

# Of decks and of large factorials only the first are listed.
MOST_ARMS = 60


@dataclass(frozen=True)
class ArmWords:
    """An arm, and the words that its vignette has in each language."""

    code: str
    counts: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Vignette:
    """A vignette as it is saved, and what the page's script needs to count while it is written.

    `texts` has the language, its name and the text in pieces, each with whether it is a slot.
    `known` is JSON: the levels' texts, and for each arm its levels.
    """

    texts: tuple[tuple[str, str, tuple[tuple[str, bool], ...]], ...]
    arms: tuple[ArmWords, ...]
    known: Mapping[str, Any]


def vignette_of(design: Design, code: str) -> Vignette:
    """The vignette on the page of that code."""
    page = design.page(code)
    arms = _arms(design, page)
    return Vignette(
        texts=tuple(
            (each, language_name(each), slotted(page.body.get(each, "")))
            for each in design.languages
        ),
        arms=tuple(
            ArmWords(
                name,
                tuple((each, _words(design, page, levels, each)) for each in design.languages),
            )
            for name, levels in arms
        ),
        known={
            "factors": {
                factor.code: {level.code: dict(level.text) for level in factor.levels}
                for factor in design.factors
            },
            "arms": [levels for _, levels in arms],
        },
    )


def _arms(design: Design, page: Page) -> Sequence[tuple[str, Mapping[str, str]]]:
    """The arms of each randomisation that the page shows, other factors at their reference."""
    shown = {slot for text in page.body.values() for slot in slots(text)}
    reference = {each.code: each.levels[0].code for each in design.factors if each.levels}
    steps = [each for each in design.randomisations if shown & set(each.factors)]
    return [
        (arm.code, reference | dict(zip(step.factors, arm.levels, strict=False)))
        for step in steps or _first(design.randomisations)
        for arm in step.arms
    ][:MOST_ARMS]


def _first(steps: Sequence[Randomisation]) -> Sequence[Randomisation]:
    """The one whose arms a text without slots will show."""
    return steps[:1]


def _words(design: Design, page: Page, levels: Mapping[str, str], language: str) -> int:
    text = page.body.get(language, "")
    fillings = dict.fromkeys(slots(text), "") | {
        factor.code: level.text.get(language, "")
        for factor in design.factors
        for level in factor.levels
        if levels.get(factor.code) == level.code
    }
    return count_words(render(text, fillings))
