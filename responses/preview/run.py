"""A run through a study that nobody makes: arms that were chosen, answers so far, no participant.

It goes where the questionnaire leads a participant, and is carried in addresses, never stored.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from experiments.answers import Answer, Answers
from experiments.design import Design, Outcome, Page, PageKind
from responses.questionnaire import (
    Facts,
    Fault,
    Sent,
    as_fields,
    bot_answers,
    due_randomisations,
    first_page,
    foreseen,
    needed_randomisations,
    previous_page,
    step_from,
)
from responses.questionnaire.reading import read
from responses.received import Received, received

# No study has so many pages that a bot would not have come to its end.
MOST_PAGES = 2000


class PreviewFacts(Facts):
    """What a preview knows: a slot of what nobody answered yet shows its name."""

    def filling(self, design: Design, name: str, language: str) -> str:
        """The text of a level or an answer that is known, else the slot as it is written."""
        return super().filling(design, name, language) or f"{{{name}}}"


@dataclass(frozen=True)
class Run:
    """Somebody who is not there, going through an expanded design.

    `arms` are arm codes by randomisation, `tries` count wrong answers by comprehension check; the
    seed decides on orders and on what the bot says.
    """

    design: Design
    language: str
    seed: int = 1
    arms: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)
    answers: Answers = field(default_factory=dict)
    tries: Mapping[str, int] = field(default_factory=dict)

    def facts(self, page: Page) -> PreviewFacts:
        """What is known of them on that page: only what they were assigned by then."""
        seed = hashlib.sha256(f"coprod.preview|{self.seed}".encode()).digest()
        facts = PreviewFacts(self.answers, self._levels(), self.parameters, seed)
        due = {each.code for each in due_randomisations(self.design, page.code, facts)}
        due |= {each.code for each in needed_randomisations(self.design, page)}
        return replace(facts, levels=self._levels(due))

    def _levels(self, due: set[str] | None = None) -> dict[str, str]:
        found: dict[str, str] = {}
        for step in self.design.randomisations:
            arm = next((each for each in step.arms if each.code == self.arms.get(step.code)), None)
            if arm and (due is None or step.code in due):
                found |= zip(step.factors, arm.levels, strict=False)
        return found

    def fields(self, page: Page) -> Sent:
        """The answers to the page so far, as the fields that would send them."""
        return {
            name: sent
            for item in page.items
            if item.code in self.answers
            for name, sent in as_fields(
                self.design, item, self.answers[item.code], self.language
            ).items()
        }

    def readable(self) -> "Run":
        """The run without answers that the design does not take any more."""
        items = {item.code: item for item in self.design.items()}
        kept: dict[str, Answer] = {}
        for code, answer in self.answers.items():
            if code not in items:
                continue
            fields = as_fields(self.design, items[code], answer, self.language)
            if read(self.design, items[code], fields, self.language) == answer:
                kept[code] = answer
        return replace(self, answers=kept)


@dataclass(frozen=True)
class Place:
    """Where a run is: on a page, at an outcome if it ended there, and the run itself."""

    run: Run
    page: Page
    outcome: Outcome | None = None


@dataclass(frozen=True)
class Refused:
    """A page that was not taken: what is wrong with it, and what was asked for once."""

    faults: Mapping[str, Fault]
    asked: frozenset[str]


def send(run: Run, page: Page, sent: Sent, *, time_is_up: bool = False) -> Place | Refused:
    """Where the questionnaire leads who sends these fields of the page, or why it does not.

    A page with a limit that is sent because its time is up is taken as it is.
    """
    got = received(run.design, page, sent, run.facts(page), language=run.language)
    if time_is_up and page.max_seconds:
        got = got.as_it_is()
    return Refused(got.faults, got.asked) if got.faults else _on(run, page, got)


def turn(run: Run, page: Page, sent: Sent, *, language: str = "", back: bool = False) -> Place:
    """Back, or on in another language; what can be read of the fields is kept, as in a draft."""
    known = foreseen(run.design, page, sent, run.facts(page), language=run.language)
    run = replace(run, answers=known.answers, language=language or run.language)
    before = previous_page(run.design, page.code, run.facts(page)) if back else None
    return Place(run, before or page)


def filled(run: Run, page: Page) -> Run:
    """The run with the bot's answers to the page."""
    answers = bot_answers(
        run.design, page, run.facts(page), seed=str(run.seed), language=run.language
    )
    kept = {code: each for code, each in run.answers.items() if code not in _codes(page)}
    return replace(run, answers={**kept, **answers})


def gone_on(run: Run, page: Page) -> Place:
    """Where the bot comes by sending the page with its own answers."""
    if page.kind is PageKind.END:
        return Place(run, page, Outcome.COMPLETED)
    run = filled(run, page)
    given = {code: run.answers[code] for code in _codes(page) if code in run.answers}
    consents = True if page.kind is PageKind.CONSENT else None
    return _on(run, page, Received(answers=given, consents=consents))


def walked(run: Run) -> Iterator[Place]:
    """The bot's way from the first page to its end, every place on it; with no earlier answer."""
    at = Place(replace(run, answers={}, tries={}), first_page(run.design))
    for _ in range(MOST_PAGES):
        yield at
        if at.outcome:
            return
        at = gone_on(at.run, at.page)


def _on(run: Run, page: Page, got: Received) -> Place:
    answers = {**run.answers, **got.answers}
    step = step_from(
        run.design,
        page,
        got.answers,
        replace(run.facts(page), answers=answers),
        tries=run.tries,
        consents=got.consents,
    )
    run = replace(run, answers=answers, tries={**run.tries, **step.tries})
    return Place(run, step.page, step.outcome)


def _codes(page: Page) -> set[str]:
    return {item.code for item in page.items}
