"""A token of the API is made in a real browser, on a desk and on a phone."""

import pytest

from tests.browser.researching import barriers, log_in
from tests.browser.visiting import DESK, PHONE, NewContext


@pytest.mark.slow
@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["1280", "360"])
def test_token_is_made_without_barriers_and_fits(
    live_site: str, new_context: NewContext, viewport: dict[str, int]
) -> None:
    from tests.responses.export.rows import launched

    person = log_in(live_site, new_context, viewport)
    launched()
    page = person.page
    page.goto(f"{live_site}/admin/analysis/apitoken/add/")
    found = barriers(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    page.get_by_label("What it is for").fill("nightly R")
    page.get_by_label("park").check()
    page.get_by_label("codebook").check()
    page.get_by_role("button", name="Make the token").click()
    text = page.locator("#token").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    found += barriers(page)
    assert found == []
    address = f"{live_site}/api/v1/studies/park/codebook"
    answer = page.request.get(address, headers={"Authorization": f"Bearer {text}"})
    assert (answer.status, answer.json()["identifier"]) == (200, "park")
    assert person.wrong == []
