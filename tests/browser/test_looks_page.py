"""The desk's pages on a study's looks in a real browser, on a desk and on a phone."""

import pytest

from tests.browser.researching import barriers, log_in
from tests.browser.visiting import DESK, PHONE, NewContext


@pytest.mark.slow
@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["1280", "360"])
def test_look_is_ordered_logged_and_run_again_without_barriers(
    live_site: str, new_context: NewContext, viewport: dict[str, int]
) -> None:
    from analysis.look import run_look
    from analysis.look_log import append
    from tests.analysis.studies import complete, launched

    person = log_in(live_site, new_context, viewport)
    page, study = person.page, launched()
    complete(study, 12)
    page.goto(f"{live_site}/admin/analysis/look/study/park/looks/")
    found = barriers(page)
    page.get_by_role("link", name="Order a look").click()
    page.get_by_label("Reason").wait_for()
    found += barriers(page)
    page.get_by_label("Reason").fill("A complaint about the text on money.")
    page.get_by_role("button", name="Order the look").click()
    page.get_by_text("The look is ordered").wait_for()
    look = run_look(study_id=study.pk, mode="live", number=1)
    assert look is not None
    complete(study, 10, start=12)
    detail = {"planned": 1, "error": "ValueError", "message": "The results hold a number …"}
    append(study_id=study.pk, mode="live", kind="failed", number=2, detail=detail)
    page.goto(f"{live_site}/admin/analysis/look/{look.pk}/change/")
    found += barriers(page)
    page.get_by_role("link", name="The log of the study’s looks").click()
    page.get_by_role("button", name="Run again").wait_for()
    found += barriers(page)
    page.get_by_role("button", name="Run again").click()
    page.get_by_text("Look 2 is to run again, said researcher").wait_for()
    found += barriers(page)
    assert page.locator("tbody tr").count() == 5
    assert (found, person.wrong) == ([], [])


@pytest.mark.slow
def test_korean_report_keeps_its_words_whole_on_a_phone(
    live_site: str, new_context: NewContext
) -> None:
    """Its tables scroll; else each syllable of a narrow column stands on a line of its own."""
    from tests.analysis.studies import complete, launched, spend

    person = log_in(live_site, new_context, PHONE)
    page, study = person.page, launched()
    complete(study, 20)
    look = spend(study, 1)
    address = f"{live_site}/admin/"
    page.context.add_cookies([{"name": "django_language", "value": "ko", "url": address}])
    page.goto(f"{address}analysis/look/{look.pk}/change/")
    assert page.locator("html").get_attribute("lang") == "ko"
    breaks = "cells => [...new Set(cells.map(each => getComputedStyle(each).wordBreak))]"
    assert page.locator("main th, main td, main p").evaluate_all(breaks) == ["keep-all"]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert person.wrong == []
