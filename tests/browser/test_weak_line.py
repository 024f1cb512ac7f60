"""A line that fails while the browser thinks that it is there, long texts, and shared browsers."""

from playwright.sync_api import Route, expect

from responses.models import Draft, Participant, Submission
from tests.browser.test_kept import TYPED, at_closing
from tests.browser.visiting import NewContext, another_tab, visitor
from tests.coprod_site.running_site import until

# More than a browser sends on after a page is gone: a syllable takes nine signs.
LONG = "가나다라마바사아자차" * 190


def test_page_is_held_where_the_line_fails_though_the_browser_is_online(
    survey: str, new_context: NewContext
) -> None:
    person = visitor(new_context, survey).enter().answer()
    fails = {"now": True}

    def pass_on(route: Route) -> None:
        route.abort() if fails["now"] else route.continue_()

    person.page.route("**/s/**", pass_on)
    person.page.locator("form#page button[value=next]").click()
    held = "No connection. This page will be sent as soon as the connection is back."
    expect(person.page.locator("#keep-status")).to_have_text(held)
    assert Submission.objects.count() == 1
    fails["now"] = False
    person.page.wait_for_url("**/motivation_1/")
    assert Submission.objects.count() == 2


def test_page_that_met_a_crowd_is_sent_again_by_itself(
    survey: str, new_context: NewContext
) -> None:
    person = visitor(new_context, survey).enter().answer()
    tries: list[str] = []

    def crowd(route: Route) -> None:
        """What the site answers while others send from the same network; then it is free."""
        posted = route.request.method == "POST" and not route.request.url.endswith("/draft/")
        tries.extend([route.request.url] * posted)
        if posted and len(tries) == 1:
            route.fulfill(status=429, headers={"Retry-After": "1"}, body="")
        else:
            route.continue_()

    person.page.route("**/s/**", crowd)
    person.page.locator("form#page button[value=next]").click()
    expect(person.page.locator("#keep-status")).to_contain_text("Many people are sending at once")
    person.page.wait_for_url("**/motivation_1/")
    assert (len(tries), Submission.objects.count()) == (2, 2)


def test_first_page_is_held_too_and_enters_one(survey: str, new_context: NewContext) -> None:
    person = visitor(new_context, survey).open().answer()
    person.page.context.set_offline(True)
    person.page.locator("form#page button[value=next]").click()
    expect(person.page.locator("#keep-status")).to_contain_text("No connection")
    person.page.context.set_offline(False)
    person.page.wait_for_url("**/about_you/")
    assert Participant.objects.count() == 1


def test_first_page_keeps_what_is_chosen_in_its_tab(
    kitchen_sink: str, new_context: NewContext
) -> None:
    person = visitor(new_context, kitchen_sink).open()
    person.page.locator("select").select_option("2")
    person.page.locator("[name=near][value=yes]").check()
    person.page.reload()
    expect(person.page.locator("select")).to_have_value("2")
    expect(person.page.locator("[name=near][value=yes]")).to_be_checked()
    other = another_tab(person).open()
    expect(other.page.locator("select")).to_have_value("")
    assert Participant.objects.count() == 0


def test_long_text_is_kept_and_sent(survey: str, new_context: NewContext) -> None:
    person = at_closing(survey, new_context)
    person.page.locator("textarea").fill(LONG)
    expect(person.page.locator("#keep-status")).to_have_text("What you typed is saved.")
    assert Draft.objects.get().fields["comment"] == [LONG]
    person.next()
    assert Participant.objects.get().answers["comment"] == LONG


def test_two_people_who_share_a_browser_never_meet_each_others_texts(
    survey: str, new_context: NewContext
) -> None:
    ann = visitor(new_context, survey).open("?PROLIFIC_PID=ann").answer().next()
    ann.answer(1)
    ann.leave()
    ben = another_tab(ann).open("?PROLIFIC_PID=ben").answer().next()
    assert ben.at == "about_you"
    assert ben.page.locator("form#page input:checked").count() == 0
    ben.answer(0).next()
    answered = Participant.objects.order_by("id").values_list("answers", flat=True)
    assert [answers.get("gender") for answers in answered] == [None, "woman"]


def test_draft_that_was_overtaken_on_its_way_is_not_taken_for_new(
    survey: str, new_context: NewContext
) -> None:
    person = at_closing(survey, new_context)
    delayed: list[Route] = []

    def delay_first(route: Route) -> None:
        if delayed:
            route.continue_()
        else:
            delayed.append(route)

    person.page.route("**/draft/", delay_first)
    person.page.locator("textarea").fill("first")
    while not delayed:
        person.page.wait_for_timeout(50)
    person.page.locator("textarea").fill("first, and second")
    expect(person.page.locator("#keep-status")).to_have_text("What you typed is saved.")
    delayed[0].continue_()
    person.page.wait_for_timeout(1500)
    assert Draft.objects.get().fields["comment"] == ["first, and second"]


def test_old_copy_of_this_device_gives_way_to_what_was_typed_on_another(
    survey: str, new_context: NewContext
) -> None:
    person = at_closing(survey, new_context)
    person.page.locator("summary").click()
    code = person.page.locator("#resume-code").inner_text()
    person.page.locator("textarea").fill("Half")
    person.leave()
    assert until(lambda: Draft.objects.count() == 1)
    other = visitor(new_context, survey).open("resume/")
    other.page.locator("#code").fill(code)
    other.page.locator("#resume button").click()
    expect(other.page.locator("textarea")).to_have_value("Half")
    # The text is there before the script that keeps what is typed.
    other.page.wait_for_load_state("load")
    other.page.locator("textarea").fill(TYPED)
    expect(other.page.locator("#keep-status")).to_have_text("What you typed is saved.")
    later = another_tab(person).open()
    expect(later.page.locator("textarea")).to_have_value(TYPED)
    later.next()
    assert Participant.objects.get().answers["comment"] == TYPED


def test_second_window_is_told_that_its_page_was_sent(survey: str, new_context: NewContext) -> None:
    person = visitor(new_context, survey).enter()
    other = another_tab(person).open()
    person.answer(0).next()
    other.answer(1)
    told = "This page was sent in another window, or you have left the survey, so what you type"
    expect(other.page.locator("#keep-status")).to_contain_text(told)
    other.next()
    assert other.at == "motivation_1"
    expect(other.page.get_by_text("had been sent before")).to_be_visible()
