"""A researcher's browser at the desk: logs in, imports, and notes what keeps people out."""

from typing import Any

from playwright.sync_api import Page, expect

from coprod_site.embedded import ROOT
from tests.browser.visiting import AXE, NewContext, Visitor, visitor

PASSWORD = "only-for-this-test"
# What unfold's own templates break inside the part of the page that is ours: the column of bins
# of an inline table has no heading, and every table that scrolls has the same name.
UNFOLDS = {"empty-table-header", "landmark-unique"}


def log_in(site: str, new_context: NewContext, viewport: dict[str, int]) -> Visitor:
    """A visitor who is logged in at the desk as a superuser."""
    from django.contrib.auth.models import User

    User.objects.create_superuser("researcher", password=PASSWORD)
    person = visitor(new_context, f"{site}/admin/", viewport=viewport).open()
    person.page.get_by_label("Username").fill("researcher")
    person.page.get_by_label("Password").fill(PASSWORD)
    person.page.get_by_role("button", name="Log in").click()
    expect(person.page.get_by_text("There is no study yet.")).to_be_visible()
    return person


def imported(person: Visitor, study: str = "coproduction") -> None:
    """Imports a study file that ships by the desk's form."""
    page = person.page
    page.get_by_role("link", name="Import a study file").click()
    page.get_by_label("Study file").set_input_files(ROOT / "studies" / f"{study}.yaml")
    page.get_by_role("button", name="Show what it changes").click()
    page.get_by_role("button", name="Make the study").click()
    expect(page.get_by_text("Nothing keeps it from being launched.")).to_be_visible()


def barriers(page: Page) -> list[str]:
    """What axe finds in the part of the page that is ours, and a page wider than the screen."""
    # A click has waited for the page to begin.
    page.wait_for_load_state()
    context: Any = {"include": [["#content-main"]]}
    found = AXE.run(page, context=context).response["violations"]
    rules = [
        f"{page.url}: {rule['id']}: {rule['nodes'][0]['html']}"
        for rule in found
        if rule["id"] not in UNFOLDS
    ]
    width = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return [*rules, f"{page.url}: {width} px too wide"] if width > 0 else rules
