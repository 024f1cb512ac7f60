"""The study that uses everything, from the first question to the way back to the panel."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import expect

from responses.models import Participant, QuotaPlace, State, Submission
from tests.browser import hands
from tests.browser.visiting import DESK, PHONE, NewContext, Visitor, visitor

pytestmark = pytest.mark.timeout(180)

LINK = "?PROLIFIC_PID=p%201&STUDY_ID=s&SESSION_ID=v&source=leaflet"
RUBBISH = "so <b>much</b>"
# What everybody answers; `wishes` is ranked against the order in which it is shown.
ANSWERS: dict[str, Any] = {
    "age_group": "1",
    "gender": "woman",
    "near": "yes",
    "consent": "agree",
    "uses": ["walk", "else"],
    "use_else": 'Feed the "ducks" <b>there</b>',
    "season": "autumn",
    "days": "12",
    "distance": "2.5",
    "last_visit": "2026-03-15",
    **{"bond1": "4", "bond2": "2", "attention": "5", "bond3": "5", "look1": "2", "look2": "4"},
    "practice_check": "lunch",
    "instructions_check": "own",
    **{"help1": "4", "help2": "3", "sign": "no"},
    "budget": {"flowers": 50, "paths": 30, "playground": 20},
    "hours": "5",
    "check_run_by": "residents",
    "comment": "Good.\nSecond line.",
}
PAGES = (
    *("eligibility", "welcome", "use", "visits", "feelings", "impression", "practice"),
    *("instructions", "plan", "opinion", "choices", "recall", "closing"),
)


@dataclass
class Guest:
    """Somebody who answers the study with certain hands, page after page."""

    person: Visitor
    answer: hands.Answer
    keyboard: bool = False
    answers: dict[str, Any] = field(default_factory=lambda: dict(ANSWERS))

    def fill(self) -> None:
        """Answers the page, without sending it."""
        if self.person.at == "choices":
            self.answers.setdefault("wishes", hands.unlike_shown(self.person.page, "wishes"))
        if self.person.at == "welcome" and not self.keyboard:
            self.person.page.locator("input[value=agree]").check()
        else:
            self.answer(self.person.page, self.answers)

    def send(self) -> None:
        """Sends the page, and waits for what comes."""
        if self.keyboard:
            with self.person.arrival():
                self.person.page.keyboard.press("Enter")
        else:
            self.person.next()

    def walk(self, until: str = "goodbye") -> None:
        """Answers and sends pages until that one is there."""
        while self.person.at != until:
            self.fill()
            self.send()


def completed(guest: Guest, revisions: Counter[str], *, tries: dict[str, int]) -> None:
    """One participant completed with just these answers, and the page says so."""
    person, row = guest.person, Participant.objects.get()
    expected = {code: each for code, each in guest.answers.items() if code != "consent"}
    hidden = []
    if row.assignments["main"]["levels"]["naming"] == "unnamed":
        del expected["sign"]
        hidden = ["sign"]
    assert {code: each for code, each in row.answers.items() if each is not None} == expected
    assert (row.state, row.not_shown, row.tries) == (State.COMPLETED, hidden, tries)
    assert row.exposed_at is not None
    assert Counter(Submission.objects.values_list("page", flat=True)) == revisions
    assert sorted(row.orders) == [
        *("bond", "bond1", "bond2", "bond3"),
        *("practice_check", "season", "uses", "views", "wishes"),
    ]
    assert QuotaPlace.objects.filter(leased_until=None).count() == 2
    code = row.completion_code
    assert person.page.locator("#completion-code").text_content() == code
    address = f"https://panel.example/complete?cc={code}&person=p%201"
    assert person.page.locator("#redirect").get_attribute("href") == address


def test_everything_is_answered_with_scripts(kitchen_sink: str, new_context: NewContext) -> None:
    """With a change of language, a step back, a wrong try, and a vignette sent too soon."""
    person = visitor(new_context, kitchen_sink)
    guest = Guest(person.open(LINK), hands.with_scripts)
    page = person.page
    guest.walk("use")
    expect(page.locator("#item_greeting")).to_contain_text("leaflet")
    expect(page.locator("#item_use_else")).to_be_hidden()
    guest.fill()
    expect(page.locator("#item_use_else")).to_be_visible()
    with person.arrival():
        page.get_by_role("button", name="한국어").click()
    expect(page.locator("html")).to_have_attribute("lang", "ko")
    expect(page.locator("[name=use_else]")).to_have_value(ANSWERS["use_else"])
    guest.send()
    page.locator("[name=days]").fill("12")
    with person.arrival():
        page.get_by_role("button", name="이전").click()
    assert person.at == "use"
    expect(page.locator("input[value=walk]")).to_be_checked()
    guest.send()
    expect(page.locator("[name=days]")).to_have_value("12")
    guest.walk("instructions")
    page.locator("input[value=largest]").check()
    person.next()
    expect(page.locator("#item_instructions_check")).to_contain_text("1")
    guest.walk("plan")
    page.locator("form#page button[value=next]").click()
    expect(page.locator("#keep-status")).not_to_be_empty()
    page.wait_for_timeout(3000)
    person.next()
    guest.walk("closing")
    expect(page.locator("#item_reminder")).to_contain_text(ANSWERS["use_else"])
    guest.walk()
    page.locator("#stay").click()
    sent = Counter(PAGES) + Counter(["use", "instructions"])
    completed(guest, sent, tries={"instructions_check": 1})
    assert person.wrong == []


def test_everything_is_answered_without_scripts(kitchen_sink: str, new_context: NewContext) -> None:
    person = visitor(new_context, kitchen_sink, java_script_enabled=False)
    guest = Guest(person.open(LINK), hands.without_scripts)
    guest.walk("use")
    # The question that waits for an answer of the same page is asked when the page is sent.
    assert person.page.locator("#item_use_else").is_hidden()
    guest.fill()
    guest.send()
    assert person.at == "use"
    assert person.page.locator("#faults a").all_text_contents() == ["What else do you do there?"]
    guest.walk("plan")
    guest.send()
    assert person.at == "plan"
    assert "You can send it in" in person.page.locator("#faults").inner_text()
    person.page.wait_for_timeout(3000)
    guest.walk()
    completed(guest, Counter(PAGES), tries={})
    assert person.wrong == []


def test_everything_is_answered_by_keyboard_alone(
    kitchen_sink: str, new_context: NewContext
) -> None:
    person = visitor(new_context, kitchen_sink, viewport=DESK)
    guest = Guest(person.open(LINK), hands.by_keyboard, keyboard=True)
    guest.walk("plan")
    guest.fill()
    person.page.wait_for_timeout(3000)
    guest.send()
    guest.walk()
    completed(guest, Counter(PAGES), tries={})
    assert person.wrong == []


# The pages are the same in every language but for the words; the shipped study is walked in both.
@pytest.mark.parametrize("language", ["en", pytest.param("ko", marks=pytest.mark.slow)])
def test_no_page_and_no_error_has_a_barrier(
    kitchen_sink: str, new_context: NewContext, language: str
) -> None:
    """Each page as it comes, sent empty, sent with rubbish, and answered."""
    # In English at a zoom of 400 % on a screen of 1280 x 1024.
    small = {"width": 320, "height": 256}
    viewport = small if language == "en" else PHONE
    person = visitor(new_context, kitchen_sink, locale=language, viewport=viewport)
    guest = Guest(person.open(LINK), hands.with_scripts)
    found: list[str] = []
    while person.at != "goodbye":
        at, found = person.at, found + person.barriers()
        if at == "plan":
            person.page.wait_for_timeout(3000)
        else:
            for text in person.page.locator("form#page").locator(hands.TYPED).all():
                if text.is_visible() and text.get_attribute("type") == "text":
                    text.fill(RUBBISH)
            person.next()
        if person.at == at and at != "plan":
            found += person.barriers()
            guest.fill()
            found += person.barriers()
        if person.at == at:
            person.next()
    found += person.barriers()
    assert found + person.wrong == []
    assert Participant.objects.get().state == State.COMPLETED
