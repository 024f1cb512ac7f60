"""Respondents of the benchmarks send what Chromium sends, and it is stored alike."""

import re
from collections.abc import Mapping
from random import Random
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from playwright.sync_api import Page, Request

from benchmarks.chromium import ScriptedVisitor
from benchmarks.hub import Hub
from benchmarks.respondent import walk_through
from benchmarks.scripts import Answering, Scripts
from benchmarks.visitor import Visitor
from rehearsal.browser import Received
from rehearsal.forms import Fields, Form
from responses.models import Paradata, Participant, State, Submission
from tests.browser.visiting import DESK, NewContext, visitor

TYPED = "Good."
# A request: its method and path, the names of its headers, and its fields.
Sent = tuple[str, str, frozenset[str], list[tuple[str, str]]]
# What each of them draws for themselves.
DRAWN = ("csrfmiddlewaretoken", "nonce", "-carried")
# Chromium says so of an address that was typed, the first one.
BY_HAND = {"sec-fetch-user"}


def test_benchmark_sends_what_chromium_sends(survey: str, new_context: NewContext) -> None:
    chromium = sent_by_chromium(survey, new_context)
    ours = sent_by_benchmark(survey)
    assert [(each[:2], each[3]) for each in ours] == [(each[:2], each[3]) for each in chromium]
    assert [each[2] for each in ours] == [each[2] for each in chromium]
    # Five, four times four and one more, four, two questions, and what is typed; not the welcome.
    assert sum(path.endswith("/draft/") for _, path, _, _ in ours) == 29
    one, other = Participant.objects.order_by("id")
    assert (one.state, other.state, one.answers) == (
        *(State.COMPLETED, State.COMPLETED),
        other.answers,
    )
    assert stored_of(other) == stored_of(one)


def sent_by_chromium(survey: str, new_context: NewContext) -> list[Sent]:
    """A browser of a person who takes a while for each question; its clock is in our hands."""
    person = visitor(new_context, survey, viewport=DESK)
    seen = list[Request]()

    def note(request: Request) -> None:
        seen.append(request)

    person.page.on("request", note)
    person.stop_the_clock()
    person.open("?lang=en")
    while person.at != "debriefing":
        for item in person.page.locator("form#page [data-item]").all():
            with_first(person.page, item)
            # Its draft is sent, and answered.
            if person.at != "coproduction":
                with person.page.expect_response("**/draft/"):
                    person.page.clock.run_for(1100)
        person.next()
    assert person.wrong == []
    asked = [each for each in seen if "/static/" not in each.url]
    return [sent(each.method, each.url, each.all_headers(), each.post_data or "") for each in asked]


def with_first(page: Page, item: Any) -> None:
    """Gives the first answer."""
    if item.locator("textarea").count():
        item.locator("textarea").press_sequentially(TYPED)
    elif item.locator("select").count():
        item.locator("select").select_option(index=1)
    else:
        item.locator("input[type=radio]").first.check()


class OnTheLine(Visitor):
    """Keeps what is put on the line."""

    requests: list[Sent]

    def _exchange(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> Received:
        length = {} if body is None else {"Content-Length": ""}
        asked = {"Host": "", **headers, **length}
        self.requests.append(sent(method, f"{self._site}{path}", asked, (body or b"").decode()))
        return super()._exchange(method, path, body, headers)


class Recorded(ScriptedVisitor, OnTheLine):
    """A respondent's browser that keeps what it sends."""


def sent_by_benchmark(survey: str) -> list[Sent]:
    """A respondent with the drafts of somebody who takes a minute for each page."""
    parts, hub = urlsplit(survey), Hub()
    browser = Recorded(hub, f"{parts.scheme}://{parts.netloc}")
    browser.requests = []
    answering = Answering(browser, 0, None, Scripts(True, drafts_of=lambda number, page: 60.0))

    def first(form: Form, fields: Fields) -> Fields:
        chosen = {
            name: [TYPED] if each.typed else [next(filter(None, each.options))]
            for name, each in form.controls.items()
            if each.seen
        }
        return answering.answer(form, chosen)

    def journey() -> None:
        walk_through(browser, f"{parts.path}?lang=en", Random(0), first)
        browser.close()

    hub.begin_at(0.0, journey)
    hub.run()
    return browser.requests


def sent(method: str, url: str, headers: Mapping[str, str], body: str) -> Sent:
    """A request with no number that a clock gave, and nothing that was drawn."""
    fields = [
        (name, re.sub(r"\d+", "0", text) if name == "paradata" else text)
        for name, text in parse_qsl(body, keep_blank_values=True)
        if name not in DRAWN
    ]
    names = frozenset(map(str.lower, headers)) - BY_HAND
    return method, urlsplit(url).path, names, sorted(fields)


def stored_of(person: Participant) -> list[tuple[Any, ...]]:
    """Submissions and paradata, all times as one."""
    answers = Submission.objects.filter(participant=person).order_by("revision")
    facts = Paradata.objects.filter(participant=person).order_by("revision")
    return [
        (one.page, one.answers, two.page, without_times(two.facts))
        for one, two in zip(answers, facts, strict=True)
    ]


def without_times(facts: dict[str, Any]) -> dict[str, Any]:
    """When each question was answered is another matter."""
    items = {
        code: {**told, "first": told["first"] >= 0, "last": told["last"] >= 0}
        for code, told in facts["items"].items()
    }
    return {**facts, "items": items}
