"""The preview in a real browser: the bot through the shipped study, by hand, and no barriers."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from tests.browser.researching import barriers, log_in
from tests.browser.visiting import DESK, PHONE, NewContext

FRAME = "#frame"
ENDS = {"en": "Your completion code", "ko": "참여 완료 코드"}


def _open(page: Page, site: str, /, **asked: str) -> FrameLocator:
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    page.goto(f"{site}/admin/responses/participant/preview/coproduction/?{query}")
    return page.frame_locator(FRAME)


def _shipped() -> Any:
    from experiments.loading import load
    from tests.analysis.test_reach import shipped

    return load(design=shipped(), by="ada (shell)").study


def _rows() -> dict[str, int]:
    from tests.responses.preview.previewing import rows

    # The session of the one who looks on is the desk's.
    return {table: count for table, count in rows().items() if table != "django_session"}


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "ko"])
def test_bot_goes_through_the_shipped_study_page_by_page_to_its_end(
    live_site: str, new_context: NewContext, language: str
) -> None:
    person = log_in(live_site, new_context, DESK)
    study = _shipped()
    before, page = _rows(), person.page
    frame = _open(page, live_site, lang=language, width="360")
    chosen = page.get_by_label("Page", exact=True)
    seen = []
    for _ in range(30):
        seen.append(chosen.input_value())
        if frame.locator("#completion-code").count():
            break
        # The whole page comes anew; what is clicked in the frame before that is lost with it.
        with page.expect_navigation(wait_until="load"):
            page.get_by_role("button", name="Fill in this page for me").click()
        next_button = frame.locator("button.next")
        if frame.locator("input[name=consent]").count():
            frame.locator("input[name=consent][value=agree]").check()
        next_button.click()
        # The form around the frame follows it.
        expect(chosen).not_to_have_value(seen[-1])
    assert seen == [each.code for each in study.pages.all()]
    expect(frame.locator("#completion-title")).to_be_visible()
    expect(frame.locator("html")).to_have_attribute("lang", language)
    assert (person.wrong, _rows()) == ([], before)


@pytest.mark.slow
@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["1280", "360"])
def test_preview_and_arms_have_no_barriers(
    live_site: str, new_context: NewContext, viewport: dict[str, int], tmp_path: Path
) -> None:
    person = log_in(live_site, new_context, viewport)
    study = _shipped()
    page, found = person.page, []

    def look(name: str) -> None:
        found.extend(barriers(page))
        page.screenshot(path=tmp_path / f"{name}-{viewport['width']}.png", full_page=True)

    frame = _open(page, live_site, page="motivation_1", width=str(viewport["width"]))
    frame.locator("button.next").click()
    expect(frame.locator("#faults")).to_be_visible()
    look("faults")
    page.get_by_label("Page", exact=True).select_option("scenario")
    page.get_by_role("button", name="Answer everything before it").click()
    expect(frame.locator(".story")).to_be_visible()
    look("vignette")
    page.get_by_role("link", name="Open it without the frame").click()
    found.extend(person.barriers())
    page.go_back()
    page.get_by_role("link", name="Every arm side by side").click()
    look("arms")
    level = study.factors.first().levels.last()
    level.text = {"en": level.text["en"] * 2}
    level.save()
    page.reload()
    expect(page.get_by_text("more words than the others").first).to_be_visible()
    look("arms-concerns")
    assert (found, person.wrong) == ([], [])
