"""The desk's pages on invitations, codes and quotas, as a researcher uses them."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.researching import barriers
from tests.browser.visiting import DESK, PHONE, NewContext, Visitor

pytestmark = pytest.mark.timeout(120)


def _launched() -> None:
    from experiments.design import Access, Limit, Quota
    from tests.designs import small
    from tests.responses.studies import launched

    limits = (Limit(("woman", "1"), 5), Limit(("man", "2"), 7))
    quotas = (Quota("both", ("gender", "education"), limits), Quota("all", (), (Limit((), 9),)))
    launched(replace(small(), access=Access.INVITATION, quotas=quotas))


def _sound(page: Page) -> list[str]:
    """What keeps people out, on a desk and on a phone."""
    found = []
    for viewport in (PHONE, DESK):
        page.set_viewport_size(viewport)  # type: ignore[arg-type]
        found += barriers(page)
    return found


def test_researcher_invites_watches_and_checks_codes(
    researcher: Visitor, live_site: str, new_context: NewContext, tmp_path: Path
) -> None:
    _launched()
    page = researcher.page
    page.goto(f"{live_site}/admin/responses/participant/watch/park/")
    expect(page.get_by_role("row", name="both Woman (woman) × School (1) 5 0 0 5")).to_be_visible()
    expect(page.get_by_role("row", name="all the whole study 9 0 0 9")).to_be_visible()
    assert _sound(page) == []

    page.get_by_role("link", name="Invitations").click()
    people = tmp_path / "people.csv"
    people.write_text("label\nAnn\nBob\n")
    page.get_by_label("List of people").set_input_files(people)
    with page.expect_download() as download:
        page.get_by_role("button", name="Make the links").click()
    download.value.save_as(tmp_path / "links.csv")
    ann, _ = csv.DictReader((tmp_path / "links.csv").read_text(encoding="utf-8-sig").splitlines())
    page.reload()
    expect(page.locator("dl.desk-counts")).to_contain_text("Made")
    assert _sound(page) == []
    page.get_by_label("List of people").set_input_files(people)
    page.get_by_role("button", name="Make the links").click()
    expect(page.get_by_role("alert")).to_contain_text("Nobody was invited")
    expect(page.get_by_text("Line 2: Ann was invited already")).to_be_visible()
    assert _sound(page) == []
    researcher.wrong[:] = [each for each in researcher.wrong if "422" not in each]

    guest = new_context().new_page()
    guest.goto(ann["link"])
    expect(guest.get_by_role("heading", name="Welcome")).to_be_visible()

    page.get_by_role("link", name="park", exact=True).click()
    page.get_by_role("link", name="Check codes").click()
    assert _sound(page) == []
    panel = tmp_path / "panel.csv"
    panel.write_text("Participant id,Completion code\np1,MADEUP\n")
    page.get_by_label("The panel's list").set_input_files(panel)
    with page.expect_download() as download:
        page.get_by_role("button", name="Check the list").click()
    download.value.save_as(tmp_path / "checked.csv")
    (row,) = csv.DictReader((tmp_path / "checked.csv").read_text(encoding="utf-8-sig").splitlines())
    assert (row["Participant id"], row["coprod_pay"]) == ("p1", "no")
