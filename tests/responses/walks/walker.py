"""A participant who answers at random, wrongly at times, and knows what the site should do then."""

import re
from collections.abc import Callable
from random import Random
from typing import Any
from urllib.parse import urlsplit

from django.test import Client
from lxml import html

from experiments.design import Design, Item, ItemKind, Page, PageKind, Withdrawal
from experiments.ordering import participant_seed
from responses import tokens
from responses.models import Participant, State
from responses.visitor import SCREENED
from tests.responses.walks.answers import Fields, empty, invalid, valid
from tests.responses.walks.oracle import (
    UNTOUCHED,
    Answers,
    Outlook,
    Places,
    is_empty,
    left_open,
    misunderstood,
)

# Who is not one of the study's participants.
TURNED_AWAY = "turned away"
# What a level of `reward` says, in either language.
REWARD = re.compile(r"(?:You get|보상:) (\w+)\.")


class Walker:
    """Walks one study, step by step, until `state` is an end.

    `rows` are the submissions that must be stored: their pages and answers, in their order.
    """

    def __init__(self, design: Design, places: Places, number: int, random: Random) -> None:
        self.design, self.places, self.number, self.random = design, places, number, random
        self.client = Client()
        self.page = design.pages[0]
        self.outlook = Outlook(design)
        self.state: str = State.ANSWERING
        self.rows: list[tuple[str, Answers]] = []
        self.tries: dict[str, int] = {}
        self.token = ""
        self.language = "en"
        # What a refused page looks like; else it is asked for.
        self.content = b""
        self.last: tuple[str, Any] | None = None
        self.did: list[str] = []
        self.pk = 0

    @property
    def address(self) -> str:
        """Where the page that they are on is."""
        path = f"/s/{self.design.study}/"
        return f"{path}{self.page.code}/" if self.token else f"{path}?lang={self.language}"

    def step(self) -> None:
        """Does one thing at random, and holds what comes of it against what should."""
        form = self._form()
        if form is None:
            return
        moves: list[tuple[Callable[[Any], None], float]] = [(self._answer, 20), (self._speak, 2)]
        if self.token:
            moves += [(self._go_back, 3), (self._send_old_page, 1), (self._be_a_stranger, 1)]
            moves += [(self._withdraw, 0.4)]
        chosen = self.random.choices([m for m, _ in moves], [weight for _, weight in moves])[0]
        self.did.append(f"{chosen.__name__} on {self.page.code}")
        chosen(form)

    def _form(self) -> Any:
        """The form of the page; None at the end, and to who is turned away."""
        if not self.content:
            response = self.client.get(self.address)
            full = not self.token and self.places.full
            assert response.status_code == (410 if full else 200), self.did
            self.content = response.content
        root = html.fromstring(self.content)
        found = root.xpath("//form[@id='page']")
        if not found:
            assert (self.token, self.places.full) == ("", True), self.did
            self.state = TURNED_AWAY
            return None
        if self.page.kind is PageKind.VIGNETTE:
            self.outlook.levels |= {"reward": REWARD.findall(root.text_content())[0]}
        return found[0]

    def _answer(self, form: Any) -> None:
        if self.page.kind is PageKind.CONSENT:
            agrees = self.random.random() < 0.9
            fields: Fields = {"consent": ["agree" if agrees else "decline"]}
            sent = {**_hidden(form), **fields, "move": "next"}
            return self._take(sent, {}, "" if agrees else State.REFUSED)
        fields, answers, wrong = self._filled(form)
        sent = {**_hidden(form), **fields, "move": "next"}
        told = set(form.xpath(".//input[@name='asked']/@value")[0].split())
        answers = {code: answer for code, answer in answers.items() if code not in wrong}
        shown = self.outlook.shown(self.page, {**self.outlook.answers, **answers})
        read = [item for item in shown if item.code not in wrong]
        open_ = {item.code for item in read if left_open(item, answers.get(item.code))}
        asked = {code for code in open_ if self.design.item(code).soft}
        if wrong & {item.code for item in shown} or open_ - asked or asked - told:
            return self._refused(sent, told | asked)
        visible = {item.code for item in shown}
        kept = {c: a for c, a in answers.items() if c in visible or not is_empty(a)}
        return self._take(sent, kept, self._end_of(kept))

    def _end_of(self, answers: Answers) -> str:
        screened = self.page.screen_out_if and answers.get("adult") == "no"
        return State.SCREENED_OUT if screened else ""

    def _filled(self, form: Any) -> tuple[Fields, Answers, set[str]]:
        """Fields for the items that are seen, their answers, and which can't be read."""
        scripted, wrong = self.random.random() < 0.5, set[str]()
        fields: Fields = {}
        answers: Answers = {}
        for item in self._may_show():
            shown = self.outlook.shown(self.page, {**self.outlook.answers, **answers})
            if not (item in shown if scripted else _is_seen(form, item)):
                sent, answer = empty(item), UNTOUCHED if item.kind is ItemKind.SLIDER else None
            else:
                sent, answer = valid(self.design, item, self.random)
            if self.random.random() < 0.05 and (spoilt := invalid(self.design, item, self.random)):
                sent = spoilt
                wrong.add(item.code)
            fields |= sent
            if item.kind is not ItemKind.STATEMENT:
                answers[item.code] = answer
        return fields, answers, wrong

    def _may_show(self) -> list[Item]:
        """The items that are in the page: earlier pages do not hide them for good."""
        here = {item.code for item in self.page.items}
        return [i for i in self.page.items if not i.shown_if or self._is_open(i, here)]

    def _is_open(self, item: Item, here: set[str]) -> bool:
        form = html.fromstring(self.content)
        seen = bool(form.xpath(f"//*[@data-item='{item.code}']"))
        asks_here = any(code in item.shown_if for code in here)
        if not asks_here:
            shown = item in self.outlook.shown(self.page, self.outlook.answers)
            assert seen is shown, (item.code, item.shown_if, self.did)
        return seen

    def _refused(self, sent: Any, asked: set[str]) -> None:
        response = self.client.post(self.address, sent)
        assert response.status_code == 422, (self.did, sent)
        self.content = response.content
        told = html.fromstring(self.content).xpath("//input[@name='asked']/@value")
        assert set(told[0].split()) == asked, self.did

    def _take(self, sent: Any, answers: Answers, end: str) -> None:
        """Sends what must be taken, at times twice, and goes where it must lead."""
        address, page = self.address, self.page
        response = self.client.post(address, sent)
        self.content = b""
        if not self.token and not self._has_entered(sent, end):
            assert response.status_code == 200, (self.did, sent)
            return
        self.outlook.answers |= answers
        self.rows.append((page.code, answers))
        self._arrive(page, answers, end)
        self._is_at(response)
        self.last = (address, sent)
        if self.random.random() < 0.2:
            self.did.append("the same again")
            self._is_at(self.client.post(address, sent))

    def _has_entered(self, sent: Any, end: str) -> bool:
        """Takes the code of who was let in; who declined at the door gets none to see."""
        choice = "decline" if end == State.REFUSED else "agree"
        choice = choice if self.page.kind is PageKind.CONSENT else SCREENED
        self.token = tokens.token_from(sent["nonce"][0], self.design.study, choice)
        person = self.stored()
        self.pk, self.outlook.seed = person.pk, participant_seed(person.reference)
        if end == State.REFUSED:
            self.rows.append((self.page.code, {}))
            self.state = end
            return False
        assert self.client.cookies[f"coprod_{self.design.study}"].value == self.token
        return True

    def _arrive(self, page: Page, answers: Answers, end: str) -> None:
        wrong = misunderstood(self.outlook.shown(page, self.outlook.answers), answers)
        for item in wrong:
            self.tries[item.code] = self.tries.get(item.code, 0) + 1
        again = any(self.tries[item.code] < item.tries for item in wrong)
        after = page if end or again else self.outlook.after(page)
        if not end and not self.places.take(self.number, self.outlook.answers):
            end = State.QUOTA_FULL
        elif not end and after.kind is PageKind.END:
            end = State.COMPLETED
        self.page = page if end == State.QUOTA_FULL else after
        self.state = end or State.ANSWERING
        if end and end != State.COMPLETED:
            self.places.give_back(self.number)

    def _is_at(self, response: Any) -> None:
        """Whether the site leads where they are, and ended what they ended."""
        assert response.status_code == 302, (self.did, response.status_code)
        found = urlsplit(response["Location"]).path
        assert (found, self.stored().state) == (self.address, self.state), self.did

    def stored(self) -> Participant:
        """Their row."""
        return Participant.objects.get(token_hash=tokens.token_hash(self.token))

    def _speak(self, form: Any) -> None:
        """Asks for the other language in the middle of the page."""
        self.language = "ko" if self.language == "en" else "en"
        if not self.token and not self.page.items:
            self.content = self.client.get(self.address).content
            return
        fields, _, _ = self._filled(form) if self.page.items else ({}, {}, set())
        sent = {**_hidden(form), **fields, "move": f"language:{self.language}"}
        response = self.client.post(self.address, sent)
        if self.token:
            self.content = b""
            self._is_at(response)
        else:
            assert response.status_code == 200
            self.content = response.content

    def _go_back(self, form: Any) -> None:
        buttons = form.xpath(".//button[@value='back' and not(@hidden)]")
        assert bool(buttons) is self.page.back, self.did
        if buttons:
            fields, _, _ = self._filled(form)
            before = self.outlook.before(self.page)
            response = self.client.post(self.address, {**_hidden(form), **fields, "move": "back"})
            self.page, self.content = before, b""
            self._is_at(response)

    def _send_old_page(self, form: Any) -> None:
        """Sends the page before once more, as from a tab that was left open."""
        if self.last and self.last[0] != self.address:
            self._is_at(self.client.post(*self.last))

    def _be_a_stranger(self, form: Any) -> None:
        """Sends the page with a code that nobody has."""
        other = Client()
        other.cookies[f"coprod_{self.design.study}"] = "0" * tokens.LENGTH
        response = other.post(self.address, {**_hidden(form), "move": "next"})
        assert response.status_code == 403, response.status_code

    def _withdraw(self, form: Any) -> None:
        choice = self.random.choice(["keep", "erase"])
        before = self.stored()
        response = self.client.post(
            f"/s/{self.design.study}/withdraw/", {"sure": "yes", "answers": choice}, follow=True
        )
        assert response.status_code == 200, self.did
        self.state = State.WITHDRAWN
        self.places.give_back(self.number)
        asks = self.design.withdrawal is Withdrawal.ASK and bool(before.answers)
        if not (asks and choice == "keep"):
            self.rows, self.outlook.answers = [], {}
        assert Client(headers={}).get(self.address).status_code == 403


def _is_seen(form: Any, item: Item) -> bool:
    found = form.xpath(f".//*[@data-item='{item.code}']")
    return bool(found) and "hidden" not in found[0].attrib


def _hidden(form: Any) -> Fields:
    fields = form.xpath(".//input[@type='hidden']")
    return {field.get("name"): [field.get("value", "")] for field in fields}
