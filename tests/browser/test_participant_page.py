"""The desk's pages on participants in a real browser, on a desk and on a phone."""

import pytest
from playwright.sync_api import expect

from tests.browser.researching import barriers, log_in
from tests.browser.visiting import DESK, PHONE, NewContext


@pytest.mark.slow
@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["1280", "360"])
def test_participants_are_read_and_marked_without_barriers(
    live_site: str, new_context: NewContext, viewport: dict[str, int]
) -> None:
    from django.test import Client

    from responses.models import ExclusionMark, Participant
    from tests.responses.studies import launched, walked

    person = log_in(live_site, new_context, viewport)
    page = person.page
    launched()
    for until in ("thanks", "opinion"):
        walked(Client(headers={"user-agent": "iPhone Mobile"}), until=until)
    page.goto(f"{live_site}/admin/responses/participant/")
    page.locator("input[name=_selected_action]").first.check()
    page.locator("select[name=action]").select_option("mark_for_exclusion")
    page.get_by_role("button", name="Run").click()
    found = barriers(page)
    page.get_by_label("Reason").select_option("fault")
    page.get_by_label("In words").fill("The page did not load.")
    page.get_by_role("button", name="Mark them").click()
    expect(page.get_by_text("1 participant is marked for exclusion")).to_be_visible()
    marked = Participant.objects.latest("pk")
    page.goto(f"{live_site}/admin/responses/participant/{marked.pk}/change/")
    expect(page.get_by_text("The page did not load.")).to_be_visible()
    found += barriers(page)
    page.get_by_role("link", name="Take the mark back").click()
    page.get_by_label("In words").fill("It did.")
    page.get_by_role("button", name="Take the marks back").click()
    expect(page.get_by_text("The mark of 1 participant is taken back")).to_be_visible()
    assert ExclusionMark.objects.count() == 2
    assert (found, person.wrong) == ([], [])


@pytest.mark.slow
@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["1280", "360"])
def test_people_are_paid_and_invited_again_without_barriers(
    live_site: str, new_context: NewContext, viewport: dict[str, int]
) -> None:
    from django.test import Client

    from responses.models import Participant
    from tests.responses.studies import launched, walked
    from tests.responses.withdrawing import identified, link_of

    person = log_in(live_site, new_context, viewport)
    page = person.page
    study = launched(identified())
    walked(Client(), link=link_of(study))
    at = f"{live_site}/admin/responses/participant"
    found: list[str] = []
    page.goto(f"{at}/pay/park/")
    page.get_by_label("Amount").fill("1.50 GBP")
    page.get_by_role("button", name="Make the list").click()
    with page.expect_download() as paid:
        page.get_by_role("button", name="Download live 1").click()
    assert "person-7" in paid.value.path().read_text("utf-8-sig")
    found += barriers(page)
    page.goto(f"{at}/remind/park/")
    page.get_by_role("button", name="Make the list").click()
    expect(page.get_by_text("Nobody is left who may be reminded now.")).to_be_visible()
    found += barriers(page)
    page.goto(f"{at}/{Participant.objects.get().pk}/change/")
    page.get_by_role("button", name="Show who this is").click()
    expect(page.get_by_text("ann@example.org")).to_be_visible()
    found += barriers(page)
    page.goto(f"{at}/quality/park/")
    found += barriers(page)
    # The browser's console tells of the form that was refused.
    assert (found, [wrong for wrong in person.wrong if "422" not in wrong]) == ([], [])
