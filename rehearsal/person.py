"""Somebody made up who fills in pages: what they answer, how long they take, where they leave."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from random import Random
from urllib.parse import urlencode

from experiments.answers import Answers
from experiments.design import Design, Page, PageKind
from rehearsal.forms import Fields, Form
from rehearsal.population import Population
from rehearsal.respondent import Habits
from responses.questionnaire import (
    AGREE,
    CONSENT_FIELD,
    DECLINE,
    Facts,
    as_fields,
    needed_randomisations,
)

# Of their devices: width and height in pixels, and what a browser there calls itself.
DEVICES: Mapping[str, tuple[int, int, str]] = {
    "phone": (412, 915, "Linux; Android 15; Mobile"),
    "tablet": (820, 1180, "iPad; CPU OS 18_0 like Mac OS X"),
    "desktop": (1440, 900, "X11; Linux x86_64"),
}
# The shares of people who do it once, on some page.
CLICKS_TWICE, CHANGES_DEVICE = 0.2, 0.03


@dataclass(frozen=True)
class Cast:
    """Who plays in a rehearsal: a population in a design with its pages as they are served.

    `known` tells what the site knows of whoever holds a token. `pace` is how long a second of the
    truth takes here, 0 at full speed.
    """

    design: Design
    population: Population
    entry: str
    seed: int
    known: Callable[[str], Facts]
    pace: float = 0.0
    leaves: Callable[[str, tuple[tuple[str, str], ...]], list[bool]] = field(init=False)
    seconds: Callable[[str], list[float]] = field(init=False)

    def __post_init__(self) -> None:
        people = self.population
        leaves = cache(lambda page, levels: people.leaves(page, dict(levels)).tolist())
        object.__setattr__(self, "leaves", leaves)
        object.__setattr__(self, "seconds", cache(lambda page: people.seconds(page).tolist()))

    def link(self, number: int) -> str:
        """The address by which that person comes: in their language, with what a panel adds."""
        brought = self.population.parameters(number)
        named = {each.name: brought[each.code] for each in self.design.parameters}
        added = urlencode({"lang": self.population.languages[number], **named})
        return f"{self.entry}&{added}"

    def agent(self, number: int) -> str:
        """What their browser calls itself: who comes twice has the same."""
        original = self.population.duplicate_of[number]
        device = DEVICES[self.population.devices[number]][2]
        return f"Mozilla/5.0 ({device}) Rehearsal/{number if original < 0 else original}"

    def shares_id(self, number: int) -> bool:
        """Whether somebody else brings the same id of a panel."""
        identifies = any(each.identifies for each in self.design.parameters)
        again = self.population.duplicate_of
        return identifies and bool(again[number] >= 0 or (again == number).any())

    def habits(self, number: int) -> Habits:
        """What they do beside answering."""
        random = Random(f"{self.seed}|habits|{number}")  # noqa: S311 # a seed is the point
        pages = [page.code for page in self.design.pages if page.kind is not PageKind.END]

        def once(share: float) -> frozenset[str]:
            page = random.choice(pages)
            return frozenset([page]) if random.random() < share else frozenset()

        return Habits(once(CLICKS_TWICE), once(CHANGES_DEVICE))


@dataclass
class Person:
    """One of the cast on their way; `token` gives the resume code that their browser holds.

    `sent` are the answers to each page that the site took, in their order.
    """

    cast: Cast
    number: int
    token: Callable[[], str]
    facts: Facts = field(default_factory=Facts)
    sent: list[tuple[str, Answers]] = field(default_factory=list)
    left: str = ""
    nonce: str = ""
    came_back: bool = False
    _here: str = ""
    _said: Answers = field(default_factory=dict)
    _known: bool = False

    def fill(self, form: Form) -> Fields | None:
        """What they answer on a page, after as long as they take for it; None if they leave."""
        page = self.cast.design.page(form.page)
        if "nonce" in form.controls:
            self.nonce = form.controls["nonce"].values[0]
        self._learn(page)
        if self._leaves(page):
            self.left = page.code
            return None
        attempt = sum(code == page.code for code, _said in self.sent)
        self._said = self.cast.population.said(self.number, page, self.facts, attempt)
        seconds = self.cast.seconds(page.code)[self.number] * self.cast.pace
        time.sleep(seconds)
        return self._fields(page, form, seconds)

    def returned(self) -> None:
        """They are back, and go on to the end this time."""
        self.left, self.came_back = "", True

    def took(self) -> None:
        """The site took the page that was filled in last."""
        self.sent.append((self._here, self._said))
        self.facts = replace(self.facts, answers={**self.facts.answers, **self._said})

    def _learn(self, page: Page) -> None:
        """Sees what the site knows of them, once they are somebody and once they have an arm."""
        self._here = page.code
        factors = {
            f for each in needed_randomisations(self.cast.design, page) for f in each.factors
        }
        if not self.sent or (self._known and factors <= set(self.facts.levels)):
            return
        known = self.cast.known(self.token())
        self.facts, self._known = replace(known, answers=self.facts.answers), True

    def _leaves(self, page: Page) -> bool:
        if self.came_back:
            return False
        levels = tuple(sorted(self.facts.levels.items()))
        return self.cast.leaves(page.code, levels)[self.number]

    def _fields(self, page: Page, form: Form, seconds: float) -> Fields:
        told = {"paradata": [self._paradata(seconds)]} if "paradata" in form.controls else {}
        if page.kind is PageKind.CONSENT:
            refuses = self.cast.population.refuses[self.number]
            return {CONSENT_FIELD: [DECLINE if refuses else AGREE], **told}
        design, language = self.cast.design, self.cast.population.languages[self.number]
        return told | {
            name: list(values)
            for code, answer in self._said.items()
            for name, values in as_fields(design, design.item(code), answer, language).items()
        }

    def _paradata(self, seconds: float) -> str:
        """What the page's script would tell: the window, and when each answer was given."""
        device = self.cast.population.devices[self.number]
        width, height, _agent = DEVICES[device]
        step = 1000 * seconds / (len(self._said) + 1)
        items = {
            code: {"first": (at := round(step * place)), "last": at, "changes": 1, "pastes": 0}
            for place, code in enumerate(self._said, start=1)
        }
        told = {"w": width, "h": height, "touch": device != "desktop"}
        return json.dumps({**told, "hidden_ms": 0, "hidden_count": 0, "items": items})
