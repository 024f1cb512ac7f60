"""A form of the desk that is saved with two clicks on a slow line, in a real browser."""

from playwright.sync_api import Page, Route, expect

from tests.browser.visiting import Visitor
from tests.factories import StudyFactory

BACK = "dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))"


def held_up(page: Page) -> list[Route]:
    """Makes the line so slow that nothing that is sent gets through; what is under way."""
    held: list[Route] = []

    def pass_on(route: Route) -> None:
        held.append(route) if route.request.method == "POST" else route.continue_()

    page.route("**/admin/**", pass_on)
    return held


def test_two_clicks_on_save_make_one_part_and_no_error(live_site: str, researcher: Visitor) -> None:
    study, page = StudyFactory(slug="park"), researcher.page
    page.goto(f"{live_site}/admin/experiments/block/add/?study={study.pk}")
    page.locator("#id_code").fill("views")
    held = held_up(page)
    save = page.get_by_role("button", name="Save", exact=True)
    # By the page itself: Playwright waits for the first click's page before it clicks again.
    save.evaluate("button => { button.click(); setTimeout(() => button.click(), 300); }")
    while not held:
        page.wait_for_timeout(50)
    page.wait_for_timeout(1000)
    (only,) = held
    only.continue_()
    expect(page.get_by_text("was added successfully")).to_be_visible()
    assert study.blocks.count() == 1
    expect(page.get_by_text("Please correct")).to_have_count(0)


def test_form_can_be_sent_again_after_the_way_back(live_site: str, researcher: Visitor) -> None:
    study, page = StudyFactory(slug="park"), researcher.page
    page.goto(f"{live_site}/admin/experiments/study/{study.pk}/change/")
    save = page.get_by_role("button", name="Save", exact=True)
    # What is stopped on its way leaves the page as a browser's cache keeps it.
    page.evaluate("addEventListener('submit', (event) => event.preventDefault())")
    save.click()
    expect(save).to_have_attribute("aria-disabled", "true")
    page.evaluate(BACK)
    expect(save).not_to_have_attribute("aria-disabled", "true")
    expect(page.locator("#study_form")).not_to_have_attribute("data-sent", "yes")
