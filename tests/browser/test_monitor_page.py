"""The monitor in a real browser: it follows what participants do, and keeps nobody out."""

import pytest
from django.test import Client
from playwright.sync_api import expect

from tests.browser.researching import barriers, log_in
from tests.browser.visiting import DESK, PHONE, NewContext
from tests.days import begin_within_a_day


@pytest.mark.slow
@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["1280", "360"])
def test_monitor_follows_participants_without_barriers(
    live_site: str, new_context: NewContext, viewport: dict[str, int]
) -> None:
    from experiments.models import Status, Study
    from tests.responses.studies import launched, walked

    begin_within_a_day(120)
    person = log_in(live_site, new_context, viewport)
    page, study = person.page, launched()
    walked(Client())
    page.goto(f"{live_site}/admin/responses/participant/watch/park/")
    expect(page.get_by_text("1 of 20 eligible completes to look 1.")).to_be_visible()
    table = page.locator("#table-days-live")
    table.locator("summary").click()
    found = barriers(page)
    walked(Client(), until="opinion")
    # What was opened stays open, and keeps the focus, while the numbers follow.
    today = table.locator("tbody tr").first.locator("td")
    expect(today).to_have_text(["2", "2", "2", "1"])
    expect(table.locator("summary")).to_be_focused()
    expect(page.get_by_role("img", name="Flow of participants")).to_be_visible()
    Study.objects.filter(pk=study.pk).update(status=Status.CLOSED)
    expect(page.get_by_role("heading", name="Allocated by main")).to_be_visible()
    found += barriers(page)
    page.goto(f"{live_site}/admin/analysis/look/study/park/next/")
    found += barriers(page)
    assert (found, person.wrong) == ([], [])
