"""PURE: what each arm reads on a page, in each language, and how long that is."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import product

from experiments.design import Design, Page, PageKind, Text
from experiments.piping import piped
from experiments.vignette import render, slots
from experiments.wording.measures import Measures, measured


@dataclass(frozen=True)
class ArmWording:
    """One arm's measures by language; None where a text is missing."""

    arm: str
    levels: Mapping[str, str]
    measures: Mapping[str, Measures | None]


@dataclass(frozen=True)
class Wording:
    """A page that shows an arm: its factors, and each arm that it tells apart."""

    page: Page
    factors: tuple[str, ...]
    arms: tuple[ArmWording, ...]


def treated_pages(design: Design) -> tuple[Page, ...]:
    """The pages that show an arm: vignettes, and others with a factor's slot in any text.

    Their bodies hold all that an arm may read otherwise there: the title and the items' texts, too,
    if they have the slot of a factor.
    """
    factors = {factor.code for factor in design.factors}
    return tuple(
        _as_read(design, page, factors)
        for page in design.pages
        if page.kind is PageKind.VIGNETTE or piped(page) & factors
    )


def _as_read(design: Design, page: Page, factors: set[str]) -> Page:
    """The page with every text that shows a factor in its body; a language that lacks one has none.

    Written one below the other, as paragraphs of Markdown.
    """
    asked = [text for item in page.items for text in item.texts()]
    body = [page.body] if page.body or page.kind is PageKind.VIGNETTE else []
    title, *others = (_slots(text) & factors for text in (page.title, *asked))
    parts = [
        *([page.title] if title else []),
        *body,
        *(text for text, shown in zip(asked, others, strict=True) if shown),
    ]
    read = {
        language: "\n\n".join(text[language] for text in parts)
        for language in design.languages
        if all(text.get(language) for text in parts)
    }
    return replace(page, body=read)


def _slots(text: Text) -> set[str]:
    return {slot for words in text.values() for slot in slots(words)}


def wording(design: Design, page: Page) -> Wording:
    """The page's arms, measured in every language of the study."""
    shown = piped(page)
    return Wording(
        page,
        tuple(factor.code for factor in design.factors if factor.code in shown),
        tuple(
            ArmWording(
                arm,
                levels,
                {each: _measured(design, page, levels, each) for each in design.languages},
            )
            for arm, levels in arms_of(design, page).items()
        ),
    )


def arms_of(design: Design, page: Page) -> dict[str, Mapping[str, str]]:
    """The levels of each arm, or combination of arms, that a page tells apart, by its name."""
    shown = piped(page)
    steps = [step for step in design.randomisations if shown.intersection(step.factors)]
    return {
        " + ".join(arm.code for arm in arms): {
            factor: level
            for step, arm in zip(steps, arms, strict=True)
            for factor, level in zip(step.factors, arm.levels, strict=False)
        }
        for arms in product(*(step.arms for step in steps))
    }


def _measured(
    design: Design, page: Page, levels: Mapping[str, str], language: str
) -> Measures | None:
    """None if the page, or a level that it shows, has no text in the language.

    A slot for an answer or a parameter stays as it is written, and counts as a word.
    """
    text = page.body.get(language)
    if not text:
        return None
    texts = {
        factor.code: level.text.get(language)
        for factor in design.factors
        for level in factor.levels
        if levels.get(factor.code) == level.code
    }
    fillings = {name: texts.get(name, f"{{{name}}}") for name in slots(text)}
    known = {name: filling for name, filling in fillings.items() if filling is not None}
    return measured(render(text, known), language) if len(known) == len(fillings) else None
