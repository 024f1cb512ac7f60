"""The report of a look in a real browser: on a phone, too, it is read without being cut off."""

import pytest

from tests.browser.researching import barriers, log_in
from tests.browser.visiting import DESK, PHONE, NewContext

# Captions that reach beyond the screen, and the narrowest first column of a table.
CUT_OFF = """() => [...document.querySelectorAll("[id^=caption-]")]
    .filter((one) => one.getBoundingClientRect().right > innerWidth).map((one) => one.id)"""
NARROWEST = """() => Math.min(...[...document.querySelectorAll("th[scope=row]")]
    .filter((one) => one.offsetParent).map((one) => one.getBoundingClientRect().width))"""
# Whether a plot lies above the mark of its page.
ABOVE = """(plot) => Number(getComputedStyle(plot).zIndex)
    > Number(getComputedStyle(document.querySelector("main"), "::after").zIndex)"""


@pytest.mark.slow
@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["1280", "360"])
def test_report_is_read_whole_on_any_screen(
    live_site: str, new_context: NewContext, viewport: dict[str, int]
) -> None:
    from analysis.look import run_look
    from tests.analysis.studies import complete, launched

    person = log_in(live_site, new_context, viewport)
    page, study = person.page, launched()
    complete(study, 20, mode="rehearsal")
    look = run_look(study_id=study.pk, mode="rehearsal", number=1)
    assert look is not None
    page.goto(f"{live_site}/admin/analysis/look/{look.pk}/change/")
    page.wait_for_load_state("networkidle")
    found = barriers(page)
    assert page.evaluate(CUT_OFF) == []
    assert page.evaluate(NARROWEST) >= 144
    # Plots are as large as they were drawn, 7 inches; where that is too wide they scroll.
    plots = page.locator("figure img")
    assert {round(plot.bounding_box()["width"]) for plot in plots.all()} == {672}  # type: ignore[index]
    boxes = page.locator("figure > [role=region][tabindex='0'][aria-label]")
    assert boxes.count() == plots.count()
    scrolls = boxes.first.evaluate("box => box.scrollWidth > box.clientWidth")
    assert scrolls == (viewport == PHONE)
    # One mark of the rehearsal stands over a plot: its own.
    assert {plot.evaluate(ABOVE) for plot in plots.all()} == {True}
    way = page.get_by_role("navigation", name="Way back")
    way.get_by_role("link", name="park").click()
    page.wait_for_url("**/experiments/study/**")
    page.goto(f"{live_site}/admin/analysis/look/study/park/")
    found += barriers(page)
    assert way.locator("[aria-current=page]").inner_text() == "Progress"
    assert (found, person.wrong) == ([], [])
