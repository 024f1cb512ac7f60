"""Nothing that was typed is lost: a closed tab, another device, no line, and a change of mind."""

import re

import pytest
from playwright.sync_api import expect

from responses.models import Draft, Participant, State, Submission
from tests.browser.visiting import NewContext, Visitor, another_tab, visitor
from tests.coprod_site.running_site import until

TYPED = "Half a sent\nence – 반쯤 👍"


def at_closing(survey: str, new_context: NewContext) -> Visitor:
    """Somebody on the page with the open question, where nothing is typed yet."""
    person = visitor(new_context, survey).open()
    while person.at != "closing":
        person.answer().next()
    return person


def test_tab_that_is_closed_in_the_middle_loses_nothing(
    survey: str, new_context: NewContext
) -> None:
    person = at_closing(survey, new_context)
    person.page.locator("textarea").fill(TYPED)
    # At once, before the draft is due: the browser sends it as it leaves.
    person.leave()
    later = another_tab(person).open()
    expect(later.page.locator("textarea")).to_have_value(TYPED)
    assert until(lambda: Draft.objects.count() == 1)
    assert [row.fields["comment"] for row in Draft.objects.all()] == [[TYPED]]
    assert Submission.objects.filter(page="closing").count() == 0


def test_what_was_typed_is_there_on_another_device(survey: str, new_context: NewContext) -> None:
    person = at_closing(survey, new_context)
    person.page.locator("textarea").fill(TYPED)
    expect(person.page.locator("#keep-status")).to_have_text("What you typed is saved.")
    person.page.locator("summary").click()
    code = person.page.locator("#resume-code").inner_text()
    other = visitor(new_context, survey).open("resume/")
    other.page.locator("#code").fill(code)
    other.page.locator("#resume button").click()
    expect(other.page.locator("textarea")).to_have_value(TYPED)
    other.next()
    assert Participant.objects.get().answers["comment"] == TYPED
    assert Draft.objects.count() == 0
    assert person.wrong + other.wrong == []


def test_what_was_typed_without_a_line_outlives_the_tab(
    survey: str, new_context: NewContext
) -> None:
    person = at_closing(survey, new_context)
    person.page.context.set_offline(True)
    person.page.locator("textarea").fill(TYPED)
    told = "No connection. What you typed is kept in this browser; it will be saved when the "
    expect(person.page.locator("#keep-status")).to_have_text(f"{told}connection is back.")
    person.page.close()
    assert Draft.objects.count() == 0
    later = another_tab(person)
    later.page.context.set_offline(False)
    expect(later.open().page.locator("textarea")).to_have_value(TYPED)
    later.next()
    assert Participant.objects.get().answers["comment"] == TYPED


@pytest.mark.parametrize("language", ["en", "ko"])
def test_one_withdraws_in_the_middle_and_is_asked_about_the_answers(
    kitchen_sink: str, new_context: NewContext, language: str
) -> None:
    person = visitor(new_context, kitchen_sink, locale=language).open().answer(1)
    person.page.locator("[name=near][value=yes]").check()
    person.next().answer().next()
    page = person.page
    assert person.at == "use"
    page.locator("[name=season]").first.check()
    page.locator("footer a").click()
    found = person.barriers()
    with person.arrival():
        page.locator("#withdraw").evaluate("form => { form.noValidate = true; form.submit(); }")
    expect(page.locator(".fault")).to_be_visible()
    found += person.barriers()
    page.locator("#answers_erase").check()
    with person.arrival():
        page.locator("#withdraw button").click()
    found += person.barriers()
    row = Participant.objects.get()
    assert re.fullmatch("[0-9A-Z]{10}", page.locator("#ending-code").text_content() or "")
    assert (row.state, row.answers, Draft.objects.count()) == (State.WITHDRAWN, {}, 0)
    assert page.evaluate("Object.keys(localStorage)") == []
    assert found + person.wrong == []
