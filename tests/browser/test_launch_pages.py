"""The checklist, the preregistration and the deviations, in a real browser, large and small."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.researching import barriers, log_in
from tests.browser.visiting import DESK, PHONE, NewContext


@pytest.mark.slow
@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["1280", "360"])
def test_checklist_leads_to_fields_and_the_form_is_copied_without_barriers(
    live_site: str, new_context: NewContext, viewport: dict[str, int], tmp_path: Path
) -> None:
    from experiments.compiler import write_rows
    from experiments.launch import launch, pause
    from tests.changed import changed
    from tests.designs import small

    person = log_in(live_site, new_context, viewport)
    draft = changed(small(), {"plan.contrasts[1].label": {"en": "Both"}, "debriefing": {}})
    study = write_rows(design=draft)
    page, found = person.page, []

    def look(name: str) -> None:
        found.extend(barriers(page))
        page.screenshot(path=tmp_path / f"{name}-{viewport['width']}.png", full_page=True)

    home = f"{live_site}/admin/experiments/study/{study.pk}"
    page.goto(f"{home}/change/")
    look("checklist")
    page.get_by_role("link", name="plan, contrast reward_by_voice").click()
    label = page.get_by_label("Label, Korean").nth(1)
    expect(label).to_be_in_viewport()
    label.fill("둘 다")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Nothing keeps it from being launched.")).to_be_visible()
    page.goto(f"{home}/do/launch/")
    look("launch")
    page.goto(f"{home}/preregistration/")
    look("osf")
    page.get_by_label("Registry").select_option("aspredicted")
    page.get_by_role("button", name="Show").click()
    page.get_by_role("button", name="Copy 9. Name").click()
    expect(page.get_by_role("status").filter(has_text="Copied: 9. Name")).to_be_visible()
    box = page.get_by_label("9. Name", exact=True)
    assert box.evaluate("box => box.value.slice(box.selectionStart, box.selectionEnd)") == "A park"
    look("aspredicted")

    launch(study=study, by="ada")
    write_rows(design=changed(small(), {"title.en": "A better park", "plan.exclusions": ()}))
    launch(study=study, by="ada", reason="Too many failed the check.")
    pause(study=study, by="bo")
    page.goto(f"{home}/change/")
    page.get_by_role("link", name="Deviations").click()
    expect(page.get_by_text("2 deviations from what was announced")).to_be_visible()
    look("deviations")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as Markdown").click()
    assert download.value.suggested_filename == "park_deviations.md"
    assert (found, person.wrong) == ([], [])
