"""A researcher's work at the desk in a real browser, from a study file to the data."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from coprod_site.embedded import ROOT
from tests.browser.visiting import AXE, DESK, PHONE, NewContext, Visitor, visitor

PASSWORD = "only-for-this-test"
# What unfold's own templates break inside the part of the page that is ours: the column of bins
# of an inline table has no heading, and every table that scrolls has the same name.
UNFOLDS = {"empty-table-header", "landmark-unique"}


@pytest.fixture(autouse=True)
def steady_content_types(transactional_db: None) -> None:
    """Gives content types the same ids in every test, since the running site remembers them.

    Emptying the tables after a test makes them anew, under other ids.
    """
    from django.contrib.contenttypes.models import ContentType

    named = sorted(ContentType.objects.values_list("app_label", "model"))
    ContentType.objects.all().delete()
    ContentType.objects.bulk_create(
        ContentType(pk=1000 + number, app_label=app, model=model)
        for number, (app, model) in enumerate(named)
    )


@pytest.fixture
def researcher(live_site: str, new_context: NewContext) -> Iterator[Visitor]:
    """A researcher who is logged in at the desk; at the end nothing must have gone wrong."""
    person = _log_in(live_site, new_context, DESK)
    yield person
    assert person.wrong == []


def _log_in(site: str, new_context: NewContext, viewport: dict[str, int]) -> Visitor:
    from django.contrib.auth.models import User

    User.objects.create_superuser("researcher", password=PASSWORD)
    person = visitor(new_context, f"{site}/admin/", viewport=viewport).open()
    person.page.get_by_label("Username").fill("researcher")
    person.page.get_by_label("Password").fill(PASSWORD)
    person.page.get_by_role("button", name="Log in").click()
    expect(person.page.get_by_text("There is no study yet.")).to_be_visible()
    return person


def _imported(person: Visitor) -> None:
    page = person.page
    page.get_by_role("link", name="Import a study file").click()
    page.get_by_label("Study file").set_input_files(ROOT / "studies" / "coproduction.yaml")
    page.get_by_role("button", name="Import").click()
    expect(page.get_by_text("Nothing keeps it from being launched.")).to_be_visible()


def _barriers(page: Page) -> list[str]:
    """What axe finds in the part of the page that is ours, and a page wider than the screen."""
    context: Any = {"include": [["#content-main"]]}
    found = AXE.run(page, context=context).response["violations"]
    rules = [
        f"{page.url}: {rule['id']}: {rule['nodes'][0]['html']}"
        for rule in found
        if rule["id"] not in UNFOLDS
    ]
    width = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return [*rules, f"{page.url}: {width} px too wide"] if width > 0 else rules


def test_researcher_does_the_whole_job(
    researcher: Visitor, live_site: str, new_context: NewContext, tmp_path: Path
) -> None:
    page = researcher.page
    _imported(researcher)
    page.get_by_role("link", name="Edit wtc1", exact=True).click()
    page.get_by_role("textbox", name="Text, English").fill("I would walk along.")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("navigation", name="Way back").get_by_role("link", name="coproduction").click()
    expect(page.get_by_text("I would walk along.")).to_be_visible()
    page.get_by_role("link", name="Preview").click()
    expect(page.locator(".desk-vignette")).to_have_count(12)
    expect(page.locator(".desk-vignette mark")).to_have_count(24)
    page.get_by_role("link", name="See monetary.high in ko as a participant").click()
    expect(page.get_by_text("Preview: nothing is stored.")).to_be_visible()
    page.get_by_role("link", name="Back to the desk").click()
    page.get_by_role("link", name="coproduction").click()
    page.get_by_role("link", name="Launch", exact=True).click()
    expect(page.get_by_text("A seed for the randomisation is drawn")).to_be_visible()
    page.get_by_role("button", name="Launch").click()
    expect(page.get_by_text("coproduction is launched, on version 1.")).to_be_visible()
    link = page.get_by_role("link", name="/s/coproduction/").get_attribute("href")
    assert link == f"{live_site}/s/coproduction/"
    citizen = visitor(new_context, link).enter().answer().next()
    # The counts come by themselves, without a reload.
    entered = page.locator("dl.desk-counts div", has_text="Entered").locator("dd")
    expect(entered).to_have_text("1", timeout=15_000)
    expect(page.locator("dl.desk-facts")).to_contain_text("motivation_1")
    page.get_by_role("link", name="Download the data").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the live data").click()
    download.value.save_as(tmp_path / "live.csv")
    header, row = (tmp_path / "live.csv").read_text().splitlines()
    assert "wtc1" in header
    assert "motivation_1" in row
    assert citizen.wrong == []


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["1280", "360"])
def test_pages_of_the_desk_have_no_barriers(
    live_site: str, new_context: NewContext, viewport: dict[str, int]
) -> None:
    from experiments.models import Study

    person = _log_in(live_site, new_context, viewport)
    _imported(person)
    study = Study.objects.get()
    home = f"experiments/study/{study.pk}"
    of_study = "responses/participant"
    addresses = ["", "experiments/study/", f"{home}/change/", f"{home}/do/launch/"]
    addresses += ["experiments/study/import/", "experiments/study/add/"]
    for part in ("factors", "randomisations", "scales", "pages"):
        row = getattr(study, part).first()
        addresses.append(f"experiments/{row._meta.model_name}/{row.pk}/change/")
    item = study.pages.get(code="about_you").items.first()
    addresses += [f"experiments/plan/{study.plan.pk}/change/"]
    addresses += [f"experiments/item/{item.pk}/change/"] if item else []
    addresses += [f"{of_study}/preview/{study.slug}/", f"{of_study}/watch/{study.slug}/"]
    found: list[str] = []
    for address in addresses:
        person.open(address)
        found += _barriers(person.page)
    assert (found, person.wrong) == ([], [])


def test_scale_is_added_by_the_links_of_the_page(researcher: Visitor) -> None:
    from experiments.models import Option

    page = researcher.page
    page.get_by_role("link", name="Add a study", exact=True).click()
    page.locator("#id_slug").fill("garden")
    page.get_by_role("textbox", name="Title, English").fill("A garden")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("link", name="Add a scale", exact=True).click()
    page.locator("#id_code").fill("trust")
    page.locator("#id_label_en").fill("Trust")
    for at, label in enumerate(("Never", "Always")):
        page.get_by_text("Add another Option").click()
        page.locator(f"#id_options-{at}-code").fill(str(at + 1))
        page.locator(f"#id_options-{at}-label_en").fill(label)
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("2 options").click()
    expect(page.get_by_text("Always")).to_be_visible()
    assert list(Option.objects.values_list("scale__code", "code", "label")) == [
        ("trust", "1", {"en": "Never"}),
        ("trust", "2", {"en": "Always"}),
    ]


def test_part_is_added_by_the_inline_form(researcher: Visitor) -> None:
    """The one thing at the desk that scripts alone do works under the desk's policy."""
    from experiments.models import Level

    _imported(researcher)
    page = researcher.page
    page.get_by_role("link", name="Edit reward", exact=True).click()
    page.get_by_text("Add another Level").click()
    page.locator("#id_levels-3-code").fill("raffle")
    page.locator("#id_levels-3-label_en").fill("A raffle")
    page.locator("#id_levels-3-label_ko").fill("추첨")
    page.locator("#id_levels-3-text_en").fill("Residents take part in a raffle.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("No arm has the level raffle of reward.")).to_be_visible()
    assert list(Level.objects.filter(code="raffle").values_list("order", "label", "text")) == [
        (3, {"en": "A raffle", "ko": "추첨"}, {"en": "Residents take part in a raffle."})
    ]
