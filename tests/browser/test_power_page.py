"""The desk's pages on power in a real browser, on a desk and on a phone."""

import os
from pathlib import Path

import pytest

from tests.browser.researching import barriers, log_in
from tests.browser.visiting import DESK, PHONE, NewContext


@pytest.mark.slow
@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["1280", "360"])
def test_pages_on_power_have_no_barriers_and_fit(
    live_site: str, new_context: NewContext, viewport: dict[str, int]
) -> None:
    from analysis.models import Simulation
    from analysis.power.queueing import go_on
    from experiments.rowwriting import write_rows
    from tests.analysis.test_reach import shipped

    person = log_in(live_site, new_context, viewport)
    page = person.page
    write_rows(design=shipped())
    page.goto(f"{live_site}/admin/power/coproduction/")
    page.get_by_text("The numbers behind the plot").first.click()
    found = barriers(page)
    assert page.locator("svg[role=img]").count() == 2
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=Path(folder) / f"power-{viewport['width']}.png", full_page=True)
    page.fill("#simulated_n", "300")
    page.fill("#simulated_repeats", "40")
    page.fill("#simulated_slope_1", "0.4")
    page.get_by_role("button", name="Simulate").click()
    page.get_by_text("0 of 40 studies so far.").wait_for()
    found += barriers(page)
    (simulation,) = Simulation.objects.all()
    go_on(number=simulation.pk, seconds=600)
    # The page fetches what is new by itself.
    page.get_by_text("All 40 studies were simulated.").wait_for()
    found += barriers(page)
    if folder:
        page.screenshot(path=Path(folder) / f"run-{viewport['width']}.png", full_page=True)
    assert (found, person.wrong) == ([], [])
