"""Every kind of item in every state, and every ending: axe finds nothing, in any direction."""

from collections.abc import Iterable, Iterator

import pytest
from django.test import RequestFactory
from playwright.sync_api import Route

from experiments.design import Design, Outcome, canonical_json, from_json
from responses.endings import ending_response
from responses.questionnaire import Fault
from responses.rendering import View, render_design_page
from responses.visit import Visit
from tests.browser.visiting import NewContext, Visitor, visitor
from tests.responses.every_kind import FACTS, FILLED, kinds_design
from tests.responses.ways import ending_in

LANGUAGES = ("en", "ko", "ar")


def in_language(design: Design, language: str) -> Design:
    """The design with its Korean texts under that tag, so that any script's layout can be seen."""
    text = canonical_json(design).replace(b'"ko"', f'"{language}"'.encode())
    return from_json(text)


OF_ITEMS = [fault for fault in Fault if fault is not Fault.TOO_SOON]
ASKED = [item.code for item in kinds_design().page("kinds").items]


def states(*, every: bool) -> Iterator[Visit]:
    """The page as it comes, answered, too soon, and with each fault at some or at `every` item."""
    yield Visit(facts=FACTS)
    yield Visit(facts=FACTS, typed=FILLED)
    yield Visit(facts=FACTS, typed=FILLED, page_fault=Fault.TOO_SOON, seconds_left=3)
    if every:
        for fault in OF_ITEMS:
            yield Visit(facts=FACTS, typed=FILLED, faults=dict.fromkeys(ASKED, fault))
        return
    for first in range(0, len(OF_ITEMS), len(ASKED)):
        turned = [*OF_ITEMS[first:], *OF_ITEMS[:first]]
        faults = dict(zip(ASKED, turned, strict=False))
        yield Visit(facts=FACTS, typed=FILLED, faults=faults)


def barriers_of(person: Visitor, pages: Iterable[str]) -> list[str]:
    """What keeps people out of these pages, each put in place of an answer of the site."""
    found, sheets = [], list(pages)

    def fulfil(route: Route) -> None:
        body = sheets[int(route.request.url.rsplit("/", 1)[1])]
        route.fulfill(body=body, content_type="text/html; charset=utf-8")

    person.page.route("**/state/*", fulfil)
    # Pictures are asked for under the address of a study that is not there.
    person.page.route("**/image/**", lambda route: route.fulfill(content_type="image/png"))
    for number in range(len(sheets)):
        found += person.open(str(number)).barriers()
    return found


@pytest.mark.timeout(240)
@pytest.mark.parametrize("every", [False, pytest.param(True, marks=pytest.mark.slow)])
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_state_of_an_item_has_a_barrier(
    live_site: str, new_context: NewContext, language: str, every: bool
) -> None:
    design = in_language(kinds_design(), language if language == "ar" else "ko")
    person = visitor(new_context, f"{live_site}/state/", locale=language)
    view, visits = View(0, "kinds", language), list(states(every=every))
    pages = [render_design_page(design, view, visit) for visit in visits]
    assert barriers_of(person, pages) + person.wrong == []
    assert {fault for visit in visits for fault in visit.faults.values()} == set(OF_ITEMS)
    assert {item for visit in visits for item in visit.faults} == set(ASKED)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_ending_has_a_barrier(live_site: str, new_context: NewContext, language: str) -> None:
    design = in_language(ending_in(*Outcome), language if language == "ar" else "ko")
    person = visitor(new_context, f"{live_site}/state/", locale=language)
    request = RequestFactory().get("/s/park/")
    pages = [
        ending_response(request, design, outcome, language=language, code=code, redirect=address)
        # Who completed sees the study's own last page.
        for outcome in set(Outcome) - {Outcome.COMPLETED}
        for code, address in (("", ""), ("ABCDEFGHJK", "https://panel.example/"))
    ]
    assert barriers_of(person, (page.content.decode() for page in pages)) + person.wrong == []


LIKERT = {
    "en": """- radiogroup "Question agree1":
  - text: Question agree1
  - radio "Agree 1"
  - text: Agree 1
  - radio "Agree 2"
  - text: Agree 2
  - radio "Agree 3"
  - text: Agree 3
  - radio "Agree 4"
  - text: Agree 4
  - radio "Agree 5"
  - text: Agree 5""",
    "ko": """- radiogroup "문항 agree1":
  - text: 문항 agree1
  - radio "동의 1"
  - text: 동의 1
  - radio "동의 2"
  - text: 동의 2
  - radio "동의 3"
  - text: 동의 3
  - radio "동의 4"
  - text: 동의 4
  - radio "동의 5"
  - text: 동의 5""",
}
# Beside the group's question: what is wrong with it.
SAID = {
    "en": '- paragraph: "Error: Please choose one of the answers."',
    "ko": '- paragraph: "오류: 답변을 하나 골라 주십시오."',
}


@pytest.mark.parametrize("language", ["en", "ko"])
def test_likert_item_tells_a_screen_reader_what_it_asks(
    live_site: str, new_context: NewContext, language: str
) -> None:
    """The accessibility tree: the question names a group, and each option is a radio button."""
    design, view = kinds_design(), View(0, "kinds", language)
    visits = (Visit(facts=FACTS), Visit(facts=FACTS, faults={"agree1": Fault.REQUIRED}))
    person = visitor(new_context, f"{live_site}/state/", locale=language)
    pages = [render_design_page(design, view, visit) for visit in visits]
    assert barriers_of(person, pages) == []
    wrong = person.page.locator("#item_agree1").aria_snapshot().split("\n")
    group, question, said, *options = wrong
    asked = "item => [item.ariaRequired, item.ariaInvalid]"
    assert person.page.locator("#item_agree1").evaluate(asked) == ["true", "true"]
    assert (group.endswith(" [invalid]:"), said.strip()) == (True, SAID[language])
    assert "\n".join([group.replace(" [invalid]", ""), question, *options]) == LIKERT[language]
    whole = person.open("0").page.locator("#item_agree1")
    assert (whole.aria_snapshot(), whole.evaluate(asked)) == (LIKERT[language], ["true", None])
