"""What a POST brought, held against the page that it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import HttpRequest

from experiments.answers import Answers
from experiments.design import Design, Page, PageKind
from responses.models import State
from responses.paradata import read_facts
from responses.person import Participant
from responses.questionnaire import (
    AGREE,
    CONSENT_FIELD,
    DECLINE,
    Facts,
    Fault,
    Sent,
    check,
)

LANGUAGE_MOVE = "language:"


@dataclass(frozen=True)
class Received:
    """The answers of a page, what is wrong with them, what was asked for once, and the consent."""

    answers: Answers = field(default_factory=dict)
    faults: Mapping[str, Fault] = field(default_factory=dict)
    asked: frozenset[str] = frozenset()
    # None where no consent is asked.
    consents: bool | None = None

    def as_it_is(self) -> "Received":
        """The page as its time was up: what is wrong with it, or was left open, has no answer."""
        return replace(self, answers={**self.answers, **dict.fromkeys(self.faults)}, faults={})


def received(design: Design, page: Page, sent: Sent, facts: Facts, *, language: str) -> Received:
    """Reads the fields of a page; who declines need answer nothing else."""
    if page.kind is PageKind.CONSENT:
        choice = _choice(sent)
        if choice not in (AGREE, DECLINE):
            return Received(faults={CONSENT_FIELD: Fault.REQUIRED})
        return Received(consents=choice == AGREE)
    before = frozenset(" ".join(sent.get("asked", ())).split())
    checked = check(design, page, sent, facts, language=language, asked=before)
    return Received(checked.answers, checked.faults, before | checked.asked)


def declines(participant: Participant, code: str, sent: Sent) -> bool:
    """Whether somebody who goes on answering sent it of a consent page: they take theirs back."""
    page = next((each for each in participant.design.pages if each.code == code), None)
    answering = participant.state == State.ANSWERING
    return bool(answering and page and page.kind is PageKind.CONSENT and _choice(sent) == DECLINE)


def says_otherwise(participant: Participant, code: str, sent: Sent) -> bool:
    """Whether what was sent of a page that they have left answers it otherwise than is stored.

    Where nothing is stored of it, a page before the one they are on was sent without an answer.
    """
    design, stored = participant.design, participant.answers
    codes = [each.code for each in design.pages]
    page = next((each for each in design.pages if each.code == code), None)
    if page is None:
        return False
    passed = codes.index(code) < codes.index(participant.page)
    if not (passed or any(item.code in stored for item in page.items)):
        return False
    found = check(design, page, sent, participant.facts, language=participant.language)
    return any(stored.get(item) != answer for item, answer in found.answers.items() if answer)


def _choice(sent: Sent) -> str:
    return "".join(sent.get(CONSENT_FIELD, ())[-1:])


def language_asked(request: HttpRequest) -> str:
    """The language that the pressed button asks for; empty if it is another button."""
    move = request.POST.get("move", "")
    return move.removeprefix(LANGUAGE_MOVE) if move.startswith(LANGUAGE_MOVE) else ""


def paradata_of(request: HttpRequest, design: Design, page: Page) -> dict[str, Any] | None:
    """What the browser tells of how the page was answered, None if the study wants nothing."""
    if not design.paradata:
        return None
    return read_facts(
        request.POST.get("paradata", ""),
        user_agent=request.META.get("HTTP_USER_AGENT", ""),
        items=[item.code for item in page.items],
        honeypot=request.POST.get("website", ""),
    )
