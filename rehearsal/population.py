"""PURE: the people who rehearse a study: what each would answer, when they leave, how fast.

Nothing depends on the order of questions: the same seed, person, item and levels give the same
answer, whoever asks, over HTTP or in process.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np

from analysis.power.columns import Column
from analysis.statistics.estimate import Floats, Places
from experiments.answers import Answer, Answers
from experiments.design import Design, Item, ItemKind, Page, PageKind, Role
from experiments.expansion import dealt, expanded, numbered
from rehearsal.answering import answered
from rehearsal.column_codes import answer_of
from rehearsal.crowd import Crowd, names_of, parsed
from rehearsal.pace import seconds_on
from rehearsal.streams import Bools, seed_of, uniforms
from rehearsal.truth import Truth
from responses.questionnaire.facts import Facts
from responses.questionnaire.flow import shown_items

# However leaky a page and a level: some send it.
MOST_LEAVE = 0.95

Levels = Mapping[str, str]


class Population:
    """N people of a truth, drawn by a seed, for a design as it is written.

    Items, pages and levels may be named as they are written, with the number of the draw, from 1,
    where a deck repeats them; or as participants meet them, with that number behind their codes.
    """

    def __init__(self, design: Design, truth: Truth, n: int, seed: int | Sequence[int]) -> None:
        self.design, self.truth, self.n, self.seed = design, truth, n, seed_of(seed)
        self.crowd = Crowd(design, truth, n, self.seed)
        self._kept: dict[tuple[object, ...], Column] = {}
        self._pages: dict[tuple[object, ...], Floats] = {}

    @property
    def languages(self) -> tuple[str, ...]:
        """The language of each."""
        return self.crowd.people.languages

    @property
    def devices(self) -> tuple[str, ...]:
        """phone, tablet or desktop, for each."""
        return self.crowd.people.devices

    @property
    def styles(self) -> tuple[str, ...]:
        """The style of each, as `truth.Style` says it."""
        return self.crowd.people.styles

    @property
    def arrives(self) -> Floats:
        """When each comes: seconds (n,) since the study opened, growing."""
        return self.crowd.people.arrives

    @property
    def duplicate_of(self) -> Places:
        """The place (n,) of who it is that comes again; -1 for who comes for the first time."""
        return self.crowd.people.duplicate_of

    @property
    def refuses(self) -> Bools:
        """Who (n,) does not consent."""
        return self.crowd.people.refuses

    @property
    def returns(self) -> Bools:
        """Who (n,) comes back after leaving."""
        return self.crowd.people.returns

    def parameters(self, person: int) -> dict[str, str]:
        """What the link of that person brings, by the parameter's code."""
        return self.crowd.people.parameters(person)

    def answers(self, item: str, levels: Levels, draw: int = 0, attempt: int = 0) -> Column:
        """What each of the n would answer if shown these levels, of all factors known so far.

        `column_codes` says how a column tells answers. A comprehension check may be answered
        anew at another attempt. UnreachableError if no items are like the trait behind it.
        """
        return self._column(*self._written(item, levels, draw), attempt)

    def answer(
        self, person: int, item: str, levels: Levels, draw: int = 0, attempt: int = 0
    ) -> Answer:
        """What that person answers, as it is stored; None if they leave it open."""
        code, draw, levels = self._written(item, levels, draw)
        column = self._column(code, draw, levels, attempt)
        return answer_of(self.design, self._items[code], column.codes[column.places[person]])

    def said(self, person: int, page: Page, facts: Facts, attempt: int = 0) -> Answers:
        """What that person answers to the page as participants meet it: to each item it shows them.

        None if they leave it open. An item that waits for another of the page is answered if that
        one's answer shows it.
        """
        so_far, found = dict(facts.answers), dict[str, Answer]()
        for item in page.items:
            if item.kind is ItemKind.STATEMENT:
                continue
            now = replace(facts, answers=so_far)
            if item.shown_if and item not in shown_items(self.met, page, now):
                so_far.pop(item.code, None)
                continue
            said = self.answer(person, item.code, facts.levels, attempt=attempt)
            so_far[item.code] = found[item.code] = said
        return found

    def leaves(self, page: str, levels: Levels, draw: int = 0) -> Bools:
        """Who (n,) would leave on that page, shown these levels."""
        code, draw, levels = self._written(page, levels, draw)
        if self.design.page(code).kind is PageKind.END:
            return np.zeros(self.n, dtype=bool)
        told = self.truth.leaving
        hazard = told.pages.get(code, told.each)
        for key, times in told.levels.items():
            hazard *= times if parsed(key).items() <= levels.items() else 1.0
        drawn = uniforms(self.seed, self.n, "leaves", code, draw)
        return np.asarray(drawn < min(hazard, MOST_LEAVE))

    def seconds(self, page: str, draw: int = 0) -> Floats:
        """How long each (n,) takes for that page, in seconds."""
        code, draw, _levels = self._written(page, {}, draw)
        if (code, draw) not in self._pages:
            self._pages[code, draw] = seconds_on(self.crowd, self.design.page(code), draw)
        return self._pages[code, draw]

    def _column(self, code: str, draw: int, levels: Levels, attempt: int) -> Column:
        asked, moving = self._items[code], self._moved_by[code]
        known = tuple(sorted(each for each in levels.items() if each[0] in moving))
        attempt = attempt if asked.role is Role.COMPREHENSION_CHECK else 0
        key = (code, known, draw, attempt)
        if key not in self._kept:
            self._kept[key] = answered(self.crowd, asked, dict(known), draw, attempt)
        return self._kept[key]

    @cached_property
    def met(self) -> Design:
        """The design as participants meet it."""
        return expanded(self.design)

    @cached_property
    def _items(self) -> Mapping[str, Item]:
        return {item.code: item for item in self.design.items()}

    @cached_property
    def _moved_by(self) -> Mapping[str, frozenset[str]]:
        """The factors that move the answers to each item."""
        return {
            item.code: frozenset(
                factor
                for name in names_of(item)
                for key in self.truth.effects.get(name, {})
                for factor in parsed(key)
            )
            | {item.checks_factor}
            for item in self.design.items()
        }

    @cached_property
    def _repeated(self) -> Mapping[str, tuple[str, int]]:
        """What a deck repeats, by the code that participants meet: as it is written, which draw."""
        found = {}
        for each in dealt(self.design).values():
            pages = [page for page in self.design.pages if page.repeats == each.deck.code]
            codes = [*(page.code for page in pages), *(i.code for p in pages for i in p.items)]
            for code in (*codes, *each.deck.factors):
                found[numbered(code, each.draw)] = (code, each.draw)
        return found

    def _written(self, code: str, levels: Levels, draw: int) -> tuple[str, int, Levels]:
        """A code, the draw and the levels at it as they are written."""
        code, draw = self._repeated.get(code, (code, draw))
        if not self._repeated:
            return code, draw, levels
        names = {factor: self._repeated.get(factor, (factor, draw)) for factor in levels}
        shown = {written: levels[factor] for factor, (written, at) in names.items() if at == draw}
        return code, draw, shown
