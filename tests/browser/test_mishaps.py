"""What people do to a page: twice, in two tabs, back and forth, away and back again."""

import pytest
from playwright.sync_api import expect

from experiments.models import Status, Study
from responses.models import Participant, Submission
from tests.browser.visiting import NewContext, Visitor, another_tab, visitor


def stored() -> list[tuple[str, str | None]]:
    """The pages that were stored, in order, with the gender that was answered on them."""
    rows = Submission.objects.order_by("id").values_list("page", "answers")
    return [(page, answers.get("gender")) for page, answers in rows]


def test_back_button_leads_to_where_one_is(survey: str, new_context: NewContext) -> None:
    person = visitor(new_context, survey).enter().answer().next()
    assert person.at == "motivation_1"
    person.page.go_back()
    assert person.at == "motivation_1"
    person.page.go_back()
    assert person.at == "motivation_1"
    person.page.reload()
    person.answer().next()
    assert person.at == "motivation_2"
    assert stored() == [("welcome", None), ("about_you", "woman"), ("motivation_1", None)]
    assert person.wrong == []


def test_second_tab_cannot_answer_a_page_again(survey: str, new_context: NewContext) -> None:
    person = visitor(new_context, survey).enter()
    other = another_tab(person).open()
    assert other.at == "about_you"
    other.answer(1)
    person.answer(0).next()
    other.next()
    assert other.at == "motivation_1"
    assert stored() == [("welcome", None), ("about_you", "woman")]
    assert person.wrong + other.wrong == []


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_double_click_sends_a_page_once(
    survey: str, new_context: NewContext, scripts: bool
) -> None:
    person = visitor(new_context, survey, java_script_enabled=scripts).open().answer()
    _click_twice(person)
    expect(person.page.locator("#item_gender")).to_be_visible()
    person.answer()
    _click_twice(person)
    expect(person.page.locator("#item_psm_aps1")).to_be_visible()
    assert person.at == "motivation_1"
    assert Participant.objects.count() == 1
    assert stored() == [("welcome", None), ("about_you", "woman")]
    assert person.wrong == []


def test_reload_of_a_page_with_faults_stores_nothing(survey: str, new_context: NewContext) -> None:
    person = visitor(new_context, survey).enter()
    person.page.locator("[name=gender][value=man]").check()
    person.next()
    person.page.reload()
    assert person.page.locator("[name=gender][value=man]").is_checked()
    assert stored() == [("welcome", None)]
    person.answer().next()
    assert stored() == [("welcome", None), ("about_you", "woman")]
    assert person.wrong == []


def test_page_is_sent_when_the_network_is_back(survey: str, new_context: NewContext) -> None:
    person = visitor(new_context, survey).enter().answer()
    person.page.context.set_offline(True)
    person.page.locator("form#page button[value=next]").click()
    held = "No connection. This page will be sent as soon as the connection is back."
    expect(person.page.locator("#keep-status")).to_have_text(held)
    assert stored() == [("welcome", None)]
    person.page.context.set_offline(False)
    person.page.wait_for_url("**/motivation_1/")
    assert stored() == [("welcome", None), ("about_you", "woman")]


def test_one_comes_back_with_the_cookie(survey: str, new_context: NewContext) -> None:
    person = visitor(new_context, survey).enter().answer().next()
    person.page.close()
    later = another_tab(person).open()
    assert later.at == "motivation_1"
    assert Participant.objects.count() == 1


def test_one_goes_on_in_another_browser_with_the_code(survey: str, new_context: NewContext) -> None:
    person = visitor(new_context, survey, locale="ko").enter()
    code = person.page.locator(".panel code").inner_text()
    person.answer().next()
    assert person.page.locator(".panel:visible").count() == 0
    assert not person.page.locator("#resume-code").is_visible()
    person.page.locator("summary").click()
    assert person.page.locator("#resume-code").inner_text() == code
    other = visitor(new_context, survey).open()
    other.page.locator("footer a").click()
    other.page.locator("#code").fill(code[:-1])
    other.page.locator("#resume button").click()
    expect(other.page.locator("#code")).to_have_value(code[:-1])
    other.page.locator("#code").fill(code.lower().replace("-", " "))
    other.page.locator("#resume button").click()
    other.page.wait_for_url("**/motivation_1/")
    assert other.page.locator("html").get_attribute("lang") == "ko"
    other.answer().next()
    assert [page for page, _ in stored()] == ["welcome", "about_you", "motivation_1"]
    assert person.wrong + other.wrong == []


def test_answers_survive_the_loss_of_all_cookies(survey: str, new_context: NewContext) -> None:
    person = visitor(new_context, survey).enter()
    code = person.page.locator(".panel code").inner_text()
    person.answer(1)
    person.page.context.clear_cookies()
    person.next()
    expect(person.page.locator("h1")).to_have_text("This page was open for too long")
    person.next()
    expect(person.page.locator("h1")).to_have_text("We can't tell which answers are yours")
    person.page.locator("#code").fill(code)
    person.page.locator("#resume button").click()
    expect(person.page.locator("h1")).to_have_text("Welcome back")
    person.next()
    assert person.at == "motivation_1"
    assert stored() == [("welcome", None), ("about_you", "man")]
    assert person.wrong == []


def test_paused_survey_is_finished_by_who_began(survey: str, new_context: NewContext) -> None:
    person = visitor(new_context, survey).enter()
    Study.objects.update(status=Status.PAUSED)
    assert person.answer().next().at == "motivation_1"
    late = visitor(new_context, survey, locale="ko").open()
    expect(late.page.locator("h1")).to_have_text("설문조사를 잠시 멈추었습니다")
    assert person.wrong + late.wrong == []


def test_older_browser_that_names_no_button_still_does_what_was_pressed(
    survey: str, new_context: NewContext
) -> None:
    person = visitor(new_context, survey)
    nameless = "Object.defineProperty(SubmitEvent.prototype, 'submitter', { get: () => undefined })"
    person.page.add_init_script(nameless)
    person.enter().answer(1)
    with person.arrival():
        person.page.get_by_role("button", name="한국어").click()
    assert person.at == "about_you"
    expect(person.page.locator("html")).to_have_attribute("lang", "ko")
    assert person.page.locator("[name=gender][value=man]").is_checked()
    person.next()
    assert stored() == [("welcome", None), ("about_you", "man")]
    assert person.wrong == []


def test_code_is_copied(survey: str, new_context: NewContext) -> None:
    person = visitor(new_context, survey, permissions=["clipboard-read", "clipboard-write"])
    person.enter()
    code = person.page.locator(".panel code").inner_text()
    person.page.locator(".panel button").click()
    expect(person.page.locator("#first-code-said")).to_have_text("Copied")
    assert person.page.evaluate("navigator.clipboard.readText()") == code


def _click_twice(person: Visitor) -> None:
    person.page.locator("form#page button[value=next]").dblclick(no_wait_after=True)
