"""The history of a study, its copy and an import, in a real browser, on a desk and on a phone."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.researching import barriers, log_in
from tests.browser.visiting import DESK, PHONE, NewContext


@pytest.mark.slow
@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["1280", "360"])
def test_change_is_seen_and_taken_back_without_barriers(
    live_site: str, new_context: NewContext, viewport: dict[str, int], tmp_path: Path
) -> None:
    from experiments.loading import load
    from experiments.studyfile import dump
    from tests.analysis.test_reach import shipped
    from tests.changed import changed, drop
    from tests.designs import likert

    person = log_in(live_site, new_context, viewport)
    design = shipped()
    study = load(design=design, by="ada (shell)").study
    body = design.pages[0].body["en"].replace("you", "all of you", 1)
    later = changed(design, {"pages[0].body.en": body, "plan.alpha": 0.01})
    load(design=later, by="bo (shell)")
    page, found = person.page, []

    def look(name: str) -> None:
        found.extend(barriers(page))
        page.screenshot(path=tmp_path / f"{name}-{viewport['width']}.png", full_page=True)

    home = f"{live_site}/admin/experiments/study/{study.pk}"
    page.goto(f"{home}/edits/")
    look("history")
    page.get_by_role("link", name="Look at 1, or go back to it").click()
    look("moment")
    page.get_by_role("button", name="Take back to this").click()
    expect(page.get_by_text("is again as it was after change 1.")).to_be_visible()
    file = tmp_path / "study.yaml"
    parts = {"pages[1].items": lambda items: (*items[1:], likert("more", items[0].scale))}
    file.write_text(dump(changed(later, parts | {"factors": drop(0)})))
    page.get_by_role("link", name="Study file").click()
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Show what it changes").click()
    look("import")
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_text("The study file is read into coproduction.")).to_be_visible()
    page.goto(f"{home}/copy/")
    page.get_by_label("Short name of the copy").fill("Second")
    page.get_by_role("button", name="Copy").click()
    look("copy")
    assert (found, person.wrong) == ([], [])
