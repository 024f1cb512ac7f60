"""PURE: everybody of a study through all its pages at once, as columns, by its own lists.

What a page asks, and who sees it, is decided by the design's conditions, for each different set of
values once. People are given arms in the order in which they come to the page that needs one, and
complete in the order in which they are done. Who leaves goes on in thought, so that it is known
what they would have answered; they take no arm then, and no part in a look. Pages of a block are in
the order of the design, quotas have places for everybody.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from analysis.exclusions import counted_checks
from analysis.power.columns import Column, Places
from analysis.statistics.estimate import Floats
from experiments.design import Design, Item, Page, PageKind, Randomisation
from experiments.expansion import dealt, expanded, numbered
from experiments.logic import Value, holds, names
from experiments.randomisation import stratum_name
from rehearsal.alike import kinds, nothing, put_together
from rehearsal.column_codes import LEFT_OPEN, answer_of
from rehearsal.lists import Lists
from rehearsal.population import Population
from rehearsal.streams import Bools
from rehearsal.wanted import wanted_items
from responses.coded import ABSENT
from responses.ledger.drawing import code_of
from responses.questionnaire import needed_randomisations
from responses.questionnaire.facts import value_of
from responses.questionnaire.knowledge import condition

Levels = Mapping[str, str]


@dataclass(frozen=True, eq=False)
class Walked:
    """A study that everybody went through; all columns and masks are (n,).

    `answers` are by item of the expanded design, `arms` by randomisation, for a deck by draw; what
    was not asked or given is ABSENT in them. `stays` went on to the end, `ends` would have if
    nobody left, `passes` are not excluded by the plan; `done` is when they are at the end.
    """

    design: Design
    people: Population
    answers: Mapping[str, Column]
    arms: Mapping[str, Column]
    clusters: Mapping[str, Column]
    stays: Bools
    ends: Bools
    passes: Bools
    done: Floats

    @property
    def eligible(self) -> Bools:
        """Who counts: complete, and not excluded."""
        return self.stays & self.passes

    @cached_property
    def order(self) -> Places:
        """The places of the eligible in the order of their completion."""
        there = np.flatnonzero(self.eligible)
        return np.asarray(there[np.argsort(self.done[there], kind="stable")])

    @property
    def treated(self) -> Bools:
        """Who was given an arm of any randomisation."""
        given = [column.places != ABSENT for column in self.arms.values()]
        return np.any(given, axis=0) if given else np.zeros(self.people.n, dtype=np.bool_)


def walked(design: Design, people: Population, seed: bytes) -> Walked:
    """The written design's study whose lists have this seed, with these people."""
    walk = _Walk(design, people, Lists(design, seed, version=1, mode="rehearsal"))
    for page in walk.design.pages:
        if page.kind is not PageKind.END:
            walk.page(page)
    return Walked(
        design=design,
        people=people,
        answers=walk.answers,
        arms=walk.arms,
        clusters=walk.clusters,
        stays=walk.here,
        ends=walk.on,
        passes=walk.passing(),
        done=walk.at,
    )


@dataclass(eq=False)
class _Walk:
    """Where everybody stands: `on` if nobody left, `here` in truth, `at` which time."""

    written: Design
    people: Population
    lists: Lists
    answers: dict[str, Column] = field(default_factory=dict)
    arms: dict[str, Column] = field(default_factory=dict)
    clusters: dict[str, Column] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.design = expanded(self.written)
        self.on = np.ones(self.people.n, dtype=np.bool_)
        self.here = self.on.copy()
        self.at = self.people.arrives.astype(np.float64)
        self.steps = {step.code: step for step in self.written.randomisations}
        self.draws = dealt(self.written)
        self.repeats = {
            numbered(page.code, each.draw): (each.deck.code, each.draw)
            for each in self.draws.values()
            for page in self.written.pages
            if page.repeats == each.deck.code
        }
        self.items = {item.code: item for item in self.design.items()}
        self.wanted = wanted_items(self.written, self.design)

    def page(self, page: Page) -> None:
        """Everybody through one page."""
        shown = self._holding(page.shown_if)
        self._allocate(page, self.here & shown)
        came = self.on & shown
        for levels, rows in self._groups(page, came):
            left = self.people.leaves(page.code, levels)[rows] & ~self.people.returns[rows]
            self.here[rows] &= ~left
        self.at = self.at + np.where(came, self.people.seconds(page.code), 0.0)
        if page.kind is PageKind.CONSENT:
            self._ends(self.people.refuses)
        for item in page.items:
            if item.code in self.wanted:
                self._ask(page, item, came & self._holding(item.shown_if))
        self._try_again(page, came)
        if page.screen_out_if:
            self._ends(came & self._holding(page.screen_out_if))

    def passing(self) -> Bools:
        """Whom no exclusion of the plan takes out."""
        found = np.ones(self.people.n, dtype=np.bool_)
        for code in counted_checks(self.design):
            found &= self._right(self.design.item(code))
        return found

    def _ends(self, who: Bools) -> None:
        self.on &= ~who
        self.here &= ~who

    def _ask(self, page: Page, item: Item, asked: Bools, attempt: int = 0) -> None:
        parts = [
            (rows, self.people.answers(item.code, levels, attempt=attempt))
            for levels, rows in self._groups(page, asked)
        ]
        if attempt:
            parts.insert(0, (np.flatnonzero(~asked), self.answers[item.code]))
        self.answers[item.code] = put_together(parts, self.people.n)

    def _try_again(self, page: Page, came: Bools) -> None:
        """Asks comprehension checks of who misunderstood one again, as often as they may."""
        checks = [i for i in page.items if i.tries > 1 and i.code in self.answers]
        tries = {item.code: np.zeros(self.people.n, dtype=np.intp) for item in checks}
        for attempt in range(1, max((item.tries for item in checks), default=1)):
            again = np.zeros(self.people.n, dtype=np.bool_)
            for item in checks:
                wrong = came & ~self._right(item, open_too=True)
                tries[item.code] += wrong
                again |= wrong & (tries[item.code] < item.tries)
            came = again
            for item in checks:
                asked = came & (self.answers[item.code].places != ABSENT)
                self._ask(page, item, asked, attempt)

    def _right(self, item: Item, *, open_too: bool = False) -> Bools:
        """Who (n,) answered a check as expected, or was not asked; or, `open_too`, left it open."""
        said = self.answers[item.code]
        fine = {item.expected, LEFT_OPEN} if open_too else {item.expected}
        right = [place for place, code in enumerate(said.codes) if code in fine]
        return np.asarray(np.isin(said.places, [*right, ABSENT]))

    def _groups(self, page: Page, who: Bools) -> Iterator[tuple[Levels, Places]]:
        """Those of `who` that have the same levels, as the page knows them."""
        codes = [code for code in self.arms if self._is_of(code, page)]
        rows = np.flatnonzero(who)
        for kind, here in kinds([self.arms[code].places[rows] for code in codes], len(rows)):
            levels: dict[str, str] = {}
            for code, place in zip(codes, kind, strict=True):
                if place != ABSENT:
                    levels |= self._levels(code, self.arms[code].codes[place])
            yield levels, rows[here]

    def _is_of(self, code: str, page: Page) -> bool:
        """Whether arms of that code are known on the page: those of a draw are on its pages."""
        draw = self.draws.get(code)
        return draw is None or (draw.deck.code, draw.draw) == self.repeats.get(page.code)

    def _levels(self, code: str, arm: str) -> Levels:
        step = next(each for each in self.design.randomisations if each.code == code)
        levels = next(each.levels for each in step.arms if each.code == arm)
        return dict(zip(step.factors, levels, strict=True))

    def _allocate(self, page: Page, who: Bools) -> None:
        for needed in needed_randomisations(self.design, page):
            without = who.copy()
            if needed.code in self.arms:
                without &= self.arms[needed.code].places == ABSENT
            rows = np.flatnonzero(without)
            if len(rows):
                step = self.steps.get(needed.code) or self.draws[needed.code].deck
                self._draw(step, rows[np.argsort(self.at[rows], kind="stable")])

    def _draw(self, step: Randomisation, rows: Places) -> None:
        """The arms of these people, in their order."""
        strata, covariates = (self._named(codes, rows) for codes in (step.strata, step.covariates))
        clusters = self._values(step.cluster) if step.cluster else None
        own = [clusters.codes[at] for at in clusters.places[rows].tolist()] if clusters else []
        place = {arm.code: at for at, arm in enumerate(step.arms)}
        found = np.empty((len(rows), step.draws), dtype=np.uint16)
        for at in range(len(rows)):
            taken = self.lists.rows(
                step, strata[at], covariates[at], cluster=own[at] if own else ""
            )
            found[at] = [place[row.arm] for row in taken]
        for draw in range(step.draws):
            code = code_of(step, draw + 1)
            column = self.arms.get(code) or nothing(tuple(place), self.people.n)
            column.places[rows] = found[:, draw]
            self.arms[code] = column
        if clusters:
            self.clusters[step.code] = clusters

    def _named(self, codes: Sequence[str], rows: Places) -> list[str]:
        """The name (n,) of what these people are by those answers and parameters."""
        columns = [self._values(code) for code in codes]
        found = np.empty(len(rows), dtype=object)
        for kind, here in kinds([column.places[rows] for column in columns], len(rows)):
            given = {
                code: column.codes[at] if at != ABSENT else ""
                for code, column, at in zip(codes, columns, kind, strict=True)
            }
            found[here] = stratum_name(codes, given)
        return list(found)

    def _values(self, code: str) -> Column:
        """The answers to an item, or the values of a parameter."""
        for parameter in self.design.parameters:
            if parameter.code == code and (parameter.values or code in self.people.truth.clusters):
                codes, places = self.people.crowd.people.values(parameter)
                return Column(tuple(codes), places.astype(np.uint16))
        return self.answers.get(code) or nothing((), self.people.n)

    def _holding(self, text: str) -> Bools:
        """For whom (n,) a condition holds; an empty one does for everybody."""
        found = np.ones(self.people.n, dtype=np.bool_)
        if not text:
            return found
        asked = condition(text)
        known = sorted(names(asked))
        columns = [self._known(name) for name in known]
        for kind, here in kinds([column.places for column in columns], self.people.n):
            values = {
                name: self._value(name, column, at)
                for name, column, at in zip(known, columns, kind, strict=True)
            }
            found[here] = holds(asked, values)
        return found

    def _known(self, name: str) -> Column:
        """The column of an item, a parameter or a factor."""
        for step in self.design.randomisations:
            if name in step.factors and step.code in self.arms:
                at = step.factors.index(name)
                levels = {arm.code: arm.levels[at] for arm in step.arms}
                arms = self.arms[step.code]
                return Column(tuple(levels[code] for code in arms.codes), arms.places)
        return self._values(name)

    def _value(self, name: str, column: Column, place: int) -> Value:
        if place == ABSENT:
            return None
        code = column.codes[place]
        if (item := self.items.get(name)) is None:
            return code or None
        return value_of(self.design, item, answer_of(self.design, item, code))
