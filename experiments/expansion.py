"""PURE: what a written design comes to for a participant: decks dealt out, parts of a study kept.

A design is written, stored and digested as a researcher says it. Participants' pages, exports and
checks of answers read it expanded, and need to know neither decks nor `assign_if`:

- the pages that repeat a deck stand there once for each draw, and with them their items, the
  factors, the scales and the randomisation, each with the number of the draw behind its code;
- a page that shows levels is shown to those alone who satisfy the `assign_if` of what draws them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Protocol, TypeVar

from experiments.design import (
    Design,
    Factor,
    Item,
    Method,
    Page,
    PageKind,
    Randomisation,
    Scale,
    Text,
)
from experiments.logic import renamed as renamed_condition
from experiments.piping import piped
from experiments.vignette import renamed_slots


class _Coded(Protocol):
    @property
    def code(self) -> str: ...


_C = TypeVar("_C", bound=_Coded)


@dataclass(frozen=True)
class Dealt:
    """One draw of a deck: the deck as it is written, and which of its draws."""

    deck: Randomisation
    draw: int


def expanded(design: Design) -> Design:
    """The design as participants meet it; one without decks and `assign_if` stays as it is."""
    return _with_decks(_for_the_assigned(design))


def dealt(design: Design) -> dict[str, Dealt]:
    """Each draw of each deck of a written design, by the code that its randomisation gets."""
    return {
        numbered(deck.code, draw): Dealt(deck, draw)
        for deck in design.randomisations
        if deck.method is Method.DECK
        for draw in range(1, deck.draws + 1)
    }


def numbered(code: str, draw: int) -> str:
    """The code of something repeated at that draw, counted from 1."""
    return f"{code}_{draw}"


def repeated_items(design: Design, deck: str) -> tuple[Item, ...]:
    """The items of a written design that are asked once for each draw of that deck."""
    return tuple(item for page in design.pages if page.repeats == deck for item in page.items)


def _for_the_assigned(design: Design) -> Design:
    conditions = {
        factor: step.assign_if
        for step in design.randomisations
        if step.assign_if
        for factor in step.factors
    }
    if not conditions:
        return design
    return replace(design, pages=tuple(_shown_to_the_assigned(p, conditions) for p in design.pages))


def _shown_to_the_assigned(page: Page, conditions: Mapping[str, str]) -> Page:
    wanted = [conditions[factor] for factor in sorted(piped(page)) if factor in conditions]
    parts = list(dict.fromkeys([*filter(None, [page.shown_if]), *wanted]))
    return replace(page, shown_if=joined(parts)) if wanted else page


def joined(conditions: list[str]) -> str:
    """The condition that all of these hold."""
    if len(conditions) == 1:
        return conditions[0]
    return " and ".join(f"({condition})" for condition in conditions)


def _with_decks(design: Design) -> Design:
    # A code that is there twice is told; each of its decks would multiply what the others made.
    decks = {step.code: step for step in design.randomisations if step.method is Method.DECK}
    for deck in decks.values():
        design = _with_deck(design, deck)
    return design


def _with_deck(design: Design, deck: Randomisation) -> Design:
    items = repeated_items(design, deck.code)
    scales = [scale for scale in design.scales if any(i.scale == scale.code for i in items)]
    names = [*deck.factors, *(item.code for item in items)]
    names += [scale.code for scale in scales]
    names += [part.code for scale in scales for part in scale.subscales]
    draws = {
        draw: {name: numbered(name, draw) for name in names} for draw in range(1, deck.draws + 1)
    }
    # Two decks may name one factor as long as nobody has said that they may not.
    dealt = [factor for factor in design.factors if factor.code in deck.factors]
    factors = {each.code: [_factor(each, draw) for draw in draws] for each in dealt}
    copies = {each.code: [_scale(each, names) for names in draws.values()] for each in scales}
    steps = [_dealt_step(deck, draw, names) for draw, names in draws.items()]
    return replace(
        design,
        factors=_each(design.factors, factors),
        randomisations=_each(design.randomisations, {deck.code: steps}),
        scales=_each(design.scales, copies),
        pages=tuple(_pages(design.pages, deck.code, draws)),
    )


def _each(things: tuple[_C, ...], copies: Mapping[str, list[_C]]) -> tuple[_C, ...]:
    """The things with the copies of those that have some in their place."""
    return tuple(copy for thing in things for copy in copies.get(thing.code, [thing]))


def _dealt_step(deck: Randomisation, draw: int, names: Mapping[str, str]) -> Randomisation:
    factors = tuple(names[factor] for factor in deck.factors)
    return replace(deck, code=numbered(deck.code, draw), factors=factors, impossible=())


def _factor(factor: Factor, draw: int) -> Factor:
    label = {language: f"{text} ({draw})" for language, text in factor.label.items()}
    return replace(factor, code=numbered(factor.code, draw), label=label)


def _scale(scale: Scale, names: Mapping[str, str]) -> Scale:
    parts = tuple(replace(part, code=names[part.code]) for part in scale.subscales)
    return replace(scale, code=names[scale.code], subscales=parts)


def _pages(
    pages: tuple[Page, ...], deck: str, draws: Mapping[int, Mapping[str, str]]
) -> Iterator[Page]:
    for repeats, run in groupby(pages, lambda page: page.repeats == deck):
        together = tuple(run)
        if repeats:
            for draw, names in draws.items():
                yield from (_page(page, draw, len(draws), names) for page in together)
        else:
            yield from together


def _page(page: Page, draw: int, draws: int, names: Mapping[str, str]) -> Page:
    title = _text(page.title, names)
    if page.kind is PageKind.VIGNETTE:
        # Two vignettes in a row may look alike at first sight: the number says that it goes on.
        title = {language: f"{text} ({draw}/{draws})" for language, text in title.items()}
    return replace(
        page,
        code=numbered(page.code, draw),
        title=title,
        body=_text(page.body, names),
        items=tuple(_item(item, names) for item in page.items),
        shown_if=renamed_condition(page.shown_if, names),
        screen_out_if=renamed_condition(page.screen_out_if, names),
    )


def _item(item: Item, names: Mapping[str, str]) -> Item:
    return replace(
        item,
        code=names[item.code],
        text=_text(item.text, names),
        options=tuple(replace(o, label=_text(o.label, names)) for o in item.options),
        scale=names.get(item.scale, item.scale),
        subscale=names.get(item.subscale, item.subscale),
        shown_if=renamed_condition(item.shown_if, names),
        checks_factor=names.get(item.checks_factor, item.checks_factor),
        left=_text(item.left, names),
        right=_text(item.right, names),
        unit=_text(item.unit, names),
    )


def _text(text: Text, names: Mapping[str, str]) -> Text:
    return {language: renamed_slots(words, names) for language, words in text.items()}
