"""Pages that count time, endings that lead back by themselves, and the traces that a page notes."""

from datetime import timedelta
from typing import Any

from django.db.models import F
from playwright.sync_api import Route, expect

from responses.models import Paradata, Participant, State, Submission
from tests.browser import hands
from tests.browser.test_kitchen_sink import Guest
from tests.browser.visiting import NewContext, Visitor, visitor

CODES = "all => all.map((one) => one.dataset.option)"


def at_page(kitchen_sink: str, new_context: NewContext, page: str, **settings: Any) -> Visitor:
    """Somebody on that page, whose browser's clock is in our hands."""
    person = visitor(new_context, kitchen_sink, **settings)
    person.stop_the_clock()
    guest = Guest(person.open(), hands.with_scripts)
    while person.at != page:
        guest.fill()
        if person.at == "plan":
            let_pass(person, 3)
        guest.send()
    return person


def let_pass(person: Visitor, seconds: int) -> None:
    """Lets time go by on both clocks."""
    before = F("exposed_at") - timedelta(seconds=seconds)
    Participant.objects.update(
        exposed_at=before, last_seen_at=F("last_seen_at") - timedelta(seconds=seconds)
    )
    person.page.clock.fast_forward(1000 * seconds)


def test_page_whose_time_is_up_warns_gives_more_time_and_is_sent(
    kitchen_sink: str, new_context: NewContext
) -> None:
    person = at_page(kitchen_sink, new_context, "plan")
    expect(person.page.locator("#limit")).to_contain_text("10 minutes")
    expect(person.page.locator("#time")).to_be_hidden()
    let_pass(person, 585)
    expect(person.page.locator("#time")).to_contain_text("This page will be sent in 20 seconds.")
    # What looks for barriers waits by the page's clock.
    person.page.clock.resume()
    assert person.barriers() == []
    person.page.locator("#more-time").click()
    expect(person.page.locator("#time")).to_be_hidden()
    with person.arrival():
        let_pass(person, 600)
        person.page.clock.run_for(1000)
    assert person.at == "opinion"
    assert person.wrong == []


def test_page_that_is_held_for_reading_says_so_only_as_long(
    kitchen_sink: str, new_context: NewContext
) -> None:
    person = at_page(kitchen_sink, new_context, "plan")
    person.page.locator("form#page button[value=next]").click()
    expect(person.page.locator("#keep-status")).to_contain_text("You can go on in 3 seconds.")
    # What looks for barriers waits by the page's clock.
    person.page.clock.resume()
    assert person.barriers() == []
    let_pass(person, 4)
    expect(person.page.locator("#keep-status")).to_be_empty()
    assert person.next().at == "opinion"


def test_ending_leads_back_to_the_panel_by_itself(
    kitchen_sink: str, new_context: NewContext
) -> None:
    person = visitor(new_context, kitchen_sink)
    person.stop_the_clock()
    asked: list[str] = []

    def panel(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(body="<title>The panel</title>", content_type="text/html")

    person.page.route("https://panel.example/**", panel)
    person.open().answer().page.locator("[name=near][value=no]").check()
    person.next()
    row = Participant.objects.get()
    assert (row.state, asked) == (State.SCREENED_OUT, [])
    expect(person.page.locator("#redirect-status")).to_contain_text("in 10 seconds")
    with person.arrival():
        person.page.clock.fast_forward(10_000)
    assert asked == [f"https://panel.example/screened-out?cc={row.completion_code}"]


def test_page_notes_pastes_changes_and_hidden_time(survey: str, new_context: NewContext) -> None:
    rights = ["clipboard-read", "clipboard-write"]
    person = visitor(new_context, survey, permissions=rights).open()
    while person.at != "closing":
        person.answer().next()
    person.page.evaluate("navigator.clipboard.writeText('Pasted')")
    person.page.locator("textarea").focus()
    person.page.keyboard.press("Control+V")
    person.page.locator("h1").click()
    person.page.evaluate(
        """() => {
            const look = (value) => {
                const told = { value, configurable: true };
                Object.defineProperty(document, "visibilityState", told);
                document.dispatchEvent(new Event("visibilitychange"));
            };
            look("hidden");
            return new Promise((done) => setTimeout(() => { look("visible"); done(); }, 250));
        }"""
    )
    # A page that comes back keeps what was noted.
    person.page.reload()
    person.next()
    facts = Paradata.objects.get(page="closing").facts
    assert Submission.objects.get(page="closing").answers == {"comment": "Pasted"}
    assert (facts["hidden_count"], facts["items"]["comment"]["pastes"]) == (1, 1)
    assert 200 <= facts["hidden_ms"] < 30_000
    assert facts["items"]["comment"]["changes"] >= 1
    assert (facts["device"], facts["w"]) == ("desktop", 360)


def test_ranking_is_put_in_order_by_dragging(kitchen_sink: str, new_context: NewContext) -> None:
    person = at_page(kitchen_sink, new_context, "choices", viewport={"width": 1280, "height": 1600})
    wanted = hands.unlike_shown(person.page, "wishes")
    rows = person.page.locator("#item_wishes")
    for option in reversed(wanted):
        first = rows.locator("[data-option]").first
        box = first.bounding_box()
        assert box
        rows.locator(f"[data-option='{option}']").drag_to(
            first, source_position={"x": 20, "y": 20}, target_position={"x": 20, "y": 2}
        )
    places = rows.locator("select").evaluate_all("all => all.map((one) => one.value)")
    shown = rows.locator("[data-option]").evaluate_all(CODES)
    assert (shown, places) == (wanted, ["1", "2", "3"])


def test_nothing_moves_for_who_wants_less_motion(
    kitchen_sink: str, new_context: NewContext
) -> None:
    person = at_page(kitchen_sink, new_context, "choices", reduced_motion="reduce")
    moving = """() => [...document.querySelectorAll("*")].filter((one) => {
        const style = getComputedStyle(one);
        return parseFloat(style.transitionDuration) > 0 || style.animationName !== "none"
            || style.scrollBehavior === "smooth";
    }).map((one) => one.outerHTML.slice(0, 80))"""
    assert person.page.evaluate(moving) == []
