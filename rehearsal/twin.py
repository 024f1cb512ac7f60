"""PURE: the twin of a rehearsal: the same people through the same pages and lists, without a site.

It moves one person on at a time, by one page that they send, as `responses.submission` does, and
holds what the database would hold of them. In the order in which a run over HTTP stored its pages
it comes to the same rows; in an order of its own (`comings`) it is a rehearsal by itself.
"""

import hashlib
import heapq
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Protocol

from analysis.statistics.estimate import Floats
from experiments.answers import Answer, Answers, chosen_code
from experiments.design import Design, Outcome, Page, PageKind, Quota
from experiments.expansion import dealt, expanded
from rehearsal.lists import Lists
from rehearsal.streams import Bools
from responses.questionnaire import (
    Facts,
    counting,
    first_page,
    needed_randomisations,
    not_shown,
    shows_arm,
    step_from,
)

ANSWERING = "answering"


class Folk(Protocol):
    """The people whom a twin moves on: what `rehearsal.population.Population` is to it."""

    n: int

    def said(self, person: int, page: Page, facts: Facts, attempt: int = 0) -> Answers:
        """Their answers to a page, at that attempt."""

    def leaves(self, page: str, levels: Mapping[str, str]) -> Bools:
        """Who (n,) leaves on a page."""

    def seconds(self, page: str) -> Floats:
        """How long each (n,) takes for a page."""

    @property
    def arrives(self) -> Floats:
        """When each (n,) comes."""

    @property
    def languages(self) -> tuple[str, ...]:
        """The language of each."""

    @property
    def devices(self) -> tuple[str, ...]:
        """The class of the device of each."""

    @property
    def refuses(self) -> Bools:
        """Who (n,) does not consent."""

    @property
    def returns(self) -> Bools:
        """Who (n,) comes back after leaving."""

    def parameters(self, person: int) -> dict[str, str]:
        """What the link of somebody brings."""


@dataclass
class Journey:
    """What a database holds of one person: their row, without tokens, codes and times.

    `sent` are the pages that they sent, `tries` those at comprehension checks. `completed` is their
    place among those who completed, None if they did not.
    """

    person: int
    page: str
    seed: bytes
    parameters: Mapping[str, str]
    language: str = ""
    device: str = ""
    answers: dict[str, Answer] = field(default_factory=dict)
    assignments: dict[str, dict[str, Any]] = field(default_factory=dict)
    not_shown: tuple[str, ...] = ()
    state: str = ANSWERING
    sent: tuple[str, ...] = ()
    tries: dict[str, int] = field(default_factory=dict)
    completed: int | None = None

    @property
    def levels(self) -> dict[str, str]:
        """The level of each factor that they were given."""
        return {
            factor: level
            for held in self.assignments.values()
            for factor, level in held["levels"].items()
        }

    @property
    def facts(self) -> Facts:
        """What decides which pages and items they see."""
        return Facts(self.answers, self.levels, self.parameters, self.seed)

    @property
    def counted(self) -> dict[str, Answer]:
        """Their answers but those to items that were not to be shown in the end."""
        return {code: said for code, said in self.answers.items() if code not in self.not_shown}


@dataclass(frozen=True)
class Setting:
    """The run that a twin is of: the seed and version of its lists, its mode, and its people.

    `seeds` gives the seed of somebody's orders, which follows from their reference;
    `clusters` the name that a ledger has for a cluster, given its parameter and value.
    """

    seed: bytes
    version: int = 1
    mode: str = "rehearsal"
    seeds: Callable[[int], bytes] | None = None
    clusters: Callable[[str, str], str] = lambda _parameter, value: value


class Twin:
    """The people of a population on their way through a written design."""

    def __init__(self, design: Design, people: Folk, setting: Setting) -> None:
        self.written, self.people, self.setting = design, people, setting
        self.design = expanded(design)
        self.journeys: dict[int, Journey] = {}
        self._steps = {step.code: step for step in design.randomisations}
        self._steps |= {code: each.deck for code, each in dealt(design).items()}
        self._lists = Lists(design, setting.seed, version=setting.version, mode=setting.mode)
        self._places: dict[tuple[str, tuple[str, ...]], set[int]] = {}
        self._completes = 0
        self._known: dict[tuple[str, tuple[tuple[str, str], ...]], Bools] = {}

    def walk(self, moves: Iterable[int]) -> list[Journey]:
        """Moves people on in that order, one page each time that they are named: all journeys.

        Whoever has come to an end stays there.
        """
        for person in moves:
            self.move(person)
        return [self.journeys[person] for person in sorted(self.journeys)]

    def move(self, person: int) -> Journey:
        """Moves one person on by the page that they are on; begins with their first."""
        journey = self.journeys.get(person) or self._begun(person)
        self.journeys[person] = journey
        if journey.state != ANSWERING:
            return journey
        page = self.design.page(journey.page)
        answers = self.people.said(person, page, journey.facts, journey.sent.count(page.code))
        facts = replace(journey.facts, answers={**journey.answers, **answers})
        agrees = not self.people.refuses[person] if page.kind is PageKind.CONSENT else None
        step = step_from(self.design, page, answers, facts, tries=journey.tries, consents=agrees)
        counted = counting(self.design, facts).answers
        outcome = step.outcome
        exceeds = any(code in self._treating for code in (*journey.sent, page.code))
        if outcome in (None, Outcome.COMPLETED) and not self._placed(person, counted, exceeds):
            step = replace(step, page=page, outcome=(outcome := Outcome.QUOTA_FULL))
        if outcome is None:
            self._allocate(journey, step.page, counted)
        journey.answers |= answers
        journey.not_shown = not_shown(self.design, step.page.code, facts)
        journey.tries |= step.tries
        journey.sent = (*journey.sent, page.code)
        journey.page = step.page.code
        if outcome is not None:
            self._end(journey, outcome)
        return journey

    def comings(self) -> Iterator[int]:
        """The order in which people send pages if nobody waits for anybody, until all have ended.

        Who leaves and comes back goes on as if they had stayed. To be given to `walk`.
        """
        begins = self.people.arrives + self._seconds[first_page(self.design).code]
        due = [(float(at), person) for person, at in enumerate(begins)]
        heapq.heapify(due)
        while due:
            at, person = heapq.heappop(due)
            if (here := self.journeys.get(person)) is not None and here.state != ANSWERING:
                continue
            page = here.page if here else first_page(self.design).code
            if self._leaves(person, page, here.levels if here else {}):
                continue
            yield person
            after = self.journeys[person]
            if after.state == ANSWERING:
                heapq.heappush(due, (at + float(self._seconds[after.page][person]), person))

    def _begun(self, person: int) -> Journey:
        seeds = self.setting.seeds
        own = hashlib.sha256(f"coprod.rehearsal|{person}".encode()).digest()
        return Journey(
            person=person,
            page=first_page(self.design).code,
            seed=seeds(person) if seeds else own,
            parameters=self.people.parameters(person),
            language=self.people.languages[person],
            device=self.people.devices[person],
        )

    def _allocate(self, journey: Journey, page: Page, counted: Answers) -> None:
        for needed in needed_randomisations(self.design, page):
            if needed.code in journey.assignments:
                continue
            step = self._steps[needed.code]
            codes = self._codes(counted) | dict(journey.parameters)
            value = journey.parameters.get(step.cluster, "")
            cluster = self.setting.clusters(step.cluster, value) if step.cluster else ""
            journey.assignments |= self._lists.take(step, codes, cluster=cluster)

    def _codes(self, answers: Answers) -> dict[str, str | None]:
        items = self._items
        return {code: chosen_code(self.design, items[code], said) for code, said in answers.items()}

    def _placed(self, person: int, answers: Answers, exceeds: bool) -> bool:
        """Whether they have a place in every quota that their answers decide; takes it."""
        codes = self._codes(answers)
        for quota in sorted(self.design.quotas, key=lambda each: each.code):
            cell = tuple(code for item in quota.items if (code := codes.get(item)))
            for (name, other), held in self._places.items():
                if name == quota.code and other != cell:
                    held.discard(person)
            places = _places(quota).get(cell) if len(cell) == len(quota.items) else None
            if places is None:
                continue
            taken = self._places.setdefault((quota.code, cell), set())
            if len(taken - {person}) >= places and not exceeds:
                return False
            taken.add(person)
        return True

    def _end(self, journey: Journey, outcome: Outcome) -> None:
        journey.state = str(outcome)
        if outcome is Outcome.COMPLETED:
            journey.completed, self._completes = self._completes, self._completes + 1
            self._lists.completed(journey.assignments)
            return
        for held in self._places.values():
            held.discard(journey.person)

    def _leaves(self, person: int, page: str, levels: Mapping[str, str]) -> bool:
        key = page, tuple(sorted(levels.items()))
        if key not in self._known:
            self._known[key] = self.people.leaves(page, levels)
        return bool(self._known[key][person] and not self.people.returns[person])

    @cached_property
    def _treating(self) -> frozenset[str]:
        """The pages that show an arm."""
        return frozenset(page.code for page in self.design.pages if shows_arm(self.design, page))

    @cached_property
    def _items(self) -> Mapping[str, Any]:
        return {item.code: item for item in self.design.items()}

    @cached_property
    def _seconds(self) -> Mapping[str, Floats]:
        return {page.code: self.people.seconds(page.code) for page in self.design.pages}


def _places(quota: Quota) -> Mapping[tuple[str, ...], int]:
    return {limit.cell: limit.places for limit in quota.limits}


def states(journeys: Sequence[Journey]) -> dict[str, int]:
    """How many came to each state."""
    return dict(Counter(each.state for each in journeys))
