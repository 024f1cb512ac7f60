"""The desk's page on what a plan can reach in a real browser, on a desk and on a phone."""

import pytest

from tests.browser.researching import barriers, log_in
from tests.browser.visiting import DESK, PHONE, NewContext


@pytest.mark.slow
@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["1280", "360"])
def test_page_on_reach_has_no_barriers_and_fits(
    live_site: str, new_context: NewContext, viewport: dict[str, int]
) -> None:
    from experiments.rowwriting import write_rows
    from tests.analysis.test_reach import shipped

    person = log_in(live_site, new_context, viewport)
    write_rows(design=shipped())
    person.page.goto(f"{live_site}/admin/analysis/look/reach/coproduction/")
    found = barriers(person.page)
    person.page.fill("#id_r2", "0.3")
    person.page.get_by_role("button", name="Count anew").click()
    person.page.wait_for_url("**/reach/coproduction/?r2=0.3*")
    assert person.page.locator("svg[role=img]").count() == 6
    assert person.page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    assert (found, person.wrong) == ([], [])
