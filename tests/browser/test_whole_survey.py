"""The whole survey in a browser: in each language, on each screen, without a script or a mouse."""

from collections import Counter

import pytest

from responses.models import Participant, State, Submission
from tests.browser.visiting import DESK, PHONE, NewContext, Visitor, visitor

PAGES = [
    "about_you",
    "motivation_1",
    "motivation_2",
    "motivation_3",
    "motivation_4",
    "scenario",
    "willingness",
    "checks",
    "closing",
    "debriefing",
]


@pytest.mark.parametrize(
    ("language", "viewport"),
    [
        pytest.param("en", PHONE, marks=pytest.mark.slow),
        ("ko", PHONE),
        ("en", DESK),
        pytest.param("ko", DESK, marks=pytest.mark.slow),
    ],
)
def test_survey_has_no_barrier_on_any_page(
    survey: str, new_context: NewContext, language: str, viewport: dict[str, int]
) -> None:
    person = visitor(new_context, survey, locale=language, viewport=viewport).open()
    assert person.page.locator("html").get_attribute("lang") == language
    found = person.barriers()
    seen = []
    person.answer().next()
    while person.at != "debriefing":
        seen.append(person.at)
        assert person.page.locator("h1").count() == 1
        found += person.barriers()
        person.answer().next()
    found += person.barriers()
    assert [*seen, person.at] == PAGES
    assert found + person.wrong == []
    _completed_once(person)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_faults_are_named_and_lead_to_their_questions(
    survey: str, new_context: NewContext, language: str
) -> None:
    person = visitor(new_context, survey, locale=language).open().next()
    found = person.barriers()
    person.answer().next().next()
    found += person.barriers()
    assert found + person.wrong == []
    title = {"en": "Please check: About you – ", "ko": "확인해 주십시오: 본인에 관한 질문 – "}
    assert person.page.title().startswith(title[language])
    active = "document.activeElement.id"
    assert person.page.evaluate(active) == "faults"
    assert person.page.locator("#faults a").count() == 5
    person.page.locator("#faults a").nth(1).click()
    assert person.page.evaluate(active) == "id_age_group_0"
    person.page.locator("#faults a").nth(2).click()
    assert person.page.evaluate(active) == "id_region"
    person.page.locator("[name=gender][value=man]").check()
    person.next()
    assert person.page.evaluate(active) == "faults"
    assert person.page.locator("[name=gender][value=man]").is_checked()
    assert person.page.locator("#faults a").count() == 4
    assert Submission.objects.count() == 1


def test_survey_works_without_javascript(survey: str, new_context: NewContext) -> None:
    person = visitor(new_context, survey, java_script_enabled=False).open()
    person.next()
    assert person.page.locator("#faults").is_visible()
    while person.at != "debriefing":
        person.answer().next()
    assert person.page.locator("button:visible").count() == 0
    assert person.wrong == []
    _completed_once(person)


def test_survey_works_by_keyboard_alone(survey: str, new_context: NewContext) -> None:
    person = visitor(new_context, survey, viewport=DESK).open()
    keys = person.page.keyboard
    keys.press("Tab")
    assert person.page.evaluate("document.activeElement.className") == "skip-link"
    keys.press("Enter")
    while person.at != "debriefing":
        _answer_by_keyboard(person)
    assert person.wrong == []
    _completed_once(person)


def test_magnified_page_is_not_cut_off(survey: str, new_context: NewContext) -> None:
    # 1280 x 1024 at a zoom of 400 %.
    person = visitor(new_context, survey, viewport={"width": 320, "height": 256}).open()
    too_wide = []
    while person.at != "debriefing":
        too_wide.append(person.page.evaluate("document.documentElement.scrollWidth - innerWidth"))
        person.answer().next()
    assert max(too_wide) == 0


def test_targets_are_large(survey: str, new_context: NewContext) -> None:
    person = visitor(new_context, survey).enter()
    heights = "all => all.map(each => each.getBoundingClientRect().height)"
    targets = person.page.locator(".option, select, button:visible, summary")
    assert min(targets.evaluate_all(heights)) >= 44


def _answer_by_keyboard(person: Visitor) -> None:
    """Tabs through the page, answers what has the focus, and presses the button with Enter."""
    keys, answered = person.page.keyboard, set[str]()
    for _ in range(60):
        keys.press("Tab")
        kind, name, outlined = person.page.evaluate(
            """() => {
                const at = document.activeElement;
                const type = at.value === "next" ? "next" : at.type || at.tagName;
                const seen = [at, at.closest(".option")].filter(Boolean);
                const line = (each) => getComputedStyle(each).outlineStyle !== "none";
                return [type, at.name || "", seen.some(line)];
            }"""
        )
        assert outlined or kind == "BODY", f"no focus to be seen on {kind} {name} of {person.at}"
        if kind == "next":
            with person.arrival():
                keys.press("Enter")
            return
        if name not in answered and kind in ("radio", "select-one", "textarea"):
            answered.add(name)
            press = {"radio": "Space", "select-one": "ArrowDown", "textarea": "a"}
            keys.press(press[kind])
    raise AssertionError(f"no button was reached on {person.at}")


def _completed_once(person: Visitor) -> None:
    """One participant completed, each page was stored once, and the code is on the page."""
    row = Participant.objects.get()
    stored = Counter(Submission.objects.values_list("page", flat=True))
    assert (row.state, row.exposed_at is not None) == (State.COMPLETED, True)
    assert stored == Counter(["welcome", *PAGES[:-1]])
    assert person.page.locator("#completion-code").text_content() == row.completion_code
