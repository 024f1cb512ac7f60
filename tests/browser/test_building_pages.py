"""Items pasted, a scale taken, a vignette counted and a page dragged, in a real browser."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.researching import barriers, log_in
from tests.browser.visiting import DESK, PHONE, NewContext

TABLE = (
    "code\ttext_en\ttext_ko\nmotive1\tPublished words\t출판된 문구\nmotive9\tNew words\t새 문구\n"
)


@pytest.mark.slow
@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["1280", "360"])
def test_parts_come_in_whole_and_in_place_without_barriers(
    live_site: str, new_context: NewContext, viewport: dict[str, int], tmp_path: Path
) -> None:
    from experiments.loading import load
    from experiments.models import Study
    from tests.designs import small

    person = log_in(live_site, new_context, viewport)
    study = load(design=small(), by="ada (shell)").study
    page, found = person.page, []
    home = f"{live_site}/admin/experiments/study/{study.pk}/change/"

    def look(name: str) -> None:
        found.extend(barriers(page))
        page.screenshot(path=tmp_path / f"{name}-{viewport['width']}.png", full_page=True)

    page.goto(home)
    page.get_by_role("link", name="Paste items into about").click()
    page.get_by_label("Scale of new items").select_option("motive")
    page.get_by_role("textbox", name="Table").fill(TABLE)
    page.get_by_role("button", name="Show what it changes").click()
    look("paste")
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_text("The items are on the page about.")).to_be_visible()

    page.get_by_role("link", name="Take one from the library").click()
    page.get_by_label("From", exact=True).select_option("coproduction")
    page.get_by_role("button", name="Show").click()
    look("library")
    page.get_by_role("button", name="Take wtc").click()
    expect(page.get_by_text("The scale wtc is taken from the library.")).to_be_visible()

    page.get_by_role("link", name="Edit story").click()
    row = page.get_by_role("row", name="money.high")
    expect(row.get_by_role("cell")).to_have_text(["7", "5"])
    page.get_by_label("Body, English").fill("Four words and more.\n\n{reward} {voice} {reward}")
    expect(row.get_by_role("cell")).to_have_text(["12", "5"])
    expect(page.locator("[data-slots=en] mark")).to_have_text(["{reward}", "{voice}", "{reward}"])
    look("vignette")
    page.get_by_role("button", name="Save", exact=True).click()

    page.goto(home)
    opinion = Study.objects.get().pages.get(code="opinion")
    items = {item.code: item.pk for item in opinion.items.all()}
    if viewport == DESK:
        handle = page.locator(f"#item-{items['will2']} .desk-handle")
        handle.drag_to(page.locator(f"#item-{items['will1']} > .desk-bar"))
    else:
        page.get_by_role("button", name="Move will2 up").press("Enter")
    expect(page.locator(f"#page-{opinion.pk} h4 > code")).to_have_text(
        ["will2", "will1", "noticed", "comment"]
    )
    look("order")
    assert (found, person.wrong) == ([], [])
