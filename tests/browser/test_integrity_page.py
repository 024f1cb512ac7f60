"""The desk's page on integrity in a real browser, on a desk and on a phone."""

import pytest

from tests.browser.researching import barriers, log_in
from tests.browser.visiting import DESK, PHONE, NewContext


@pytest.mark.slow
@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["1280", "360"])
def test_page_on_integrity_has_no_barriers_and_fits(
    live_site: str, new_context: NewContext, viewport: dict[str, int]
) -> None:
    from experiments.launch import close
    from tests.analysis.audited import audited_design, leaky
    from tests.analysis.studies import launched

    person = log_in(live_site, new_context, viewport)
    study = launched(audited_design())
    leaky(study)
    found: list[str] = []
    for _ in ("live", "closed"):
        person.page.goto(f"{live_site}/admin/analysis/look/study/park/integrity/")
        found += barriers(person.page)
        assert person.page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
        if study.status != "closed":
            close(study=study)
            study.refresh_from_db()
    assert person.page.locator("table").count() == 7
    assert (found, person.wrong) == ([], [])
