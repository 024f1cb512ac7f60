"""A codebook in a real browser, on a desk and on a phone: at the desk, and as a file."""

from pathlib import Path

import pytest

from tests.browser.researching import barriers, log_in
from tests.browser.visiting import DESK, PHONE, NewContext


@pytest.mark.slow
@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["1280", "360"])
def test_codebook_has_no_barriers_and_fits(
    live_site: str, new_context: NewContext, viewport: dict[str, int], tmp_path: Path
) -> None:
    from tests.responses.every_kind import kinds_design
    from tests.responses.export.rows import completed, launched

    person = log_in(live_site, new_context, viewport)
    study = launched(kinds_design())
    for number in range(1, 20):
        answers = {"will1": str(number % 7 + 1), "distance": str(number / 4), "years": str(number)}
        completed(study, number, "money.high", answers=answers)
    page = person.page
    page.goto(f"{live_site}/admin/codebook/park/")
    found = barriers(page)
    page.get_by_role("button", name="Show it with counts").click()
    page.get_by_text("Participants counted: 19").wait_for()
    found += barriers(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    with page.expect_download() as download:
        page.get_by_role("button", name="Download HTML").click()
    file = tmp_path / "codebook.html"
    download.value.save_as(file)
    assert person.wrong == []
    page.goto(file.as_uri())
    found += barriers(page)
    assert page.get_by_role("img").count() == 3
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    assert found == []
