"""A researcher's work at the desk in a real browser, from a study file to the data."""

from base64 import b64decode
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.researching import barriers, imported, log_in
from tests.browser.visiting import DESK, PHONE, NewContext, Visitor, visitor

# A picture of one pixel.
DOT = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5E"
    "rkJggg=="
)


def test_researcher_does_the_whole_job(
    researcher: Visitor, live_site: str, new_context: NewContext, tmp_path: Path
) -> None:
    page = researcher.page
    imported(researcher)
    page.get_by_role("link", name="Edit wtc1", exact=True).click()
    page.get_by_role("textbox", name="Text, English").fill("I would walk along.")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("navigation", name="Way back").get_by_role("link", name="coproduction").click()
    expect(page.get_by_text("I would walk along.")).to_be_visible()
    page.get_by_role("link", name="Preview").click()
    frame = page.frame_locator("#frame")
    expect(frame.get_by_text("Preview: nothing is stored.")).to_be_visible()
    page.get_by_role("link", name="Every arm side by side").click()
    expect(page.locator(".desk-vignette")).to_have_count(12)
    expect(page.locator(".desk-vignette mark")).to_have_count(24)
    page.get_by_role("link", name="See monetary.high in ko as a participant").click()
    expect(frame.get_by_text("Arm monetary.high.")).to_be_visible()
    expect(frame.locator("html")).to_have_attribute("lang", "ko")
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
    expect(entered).to_have_text("1", timeout=60_000)
    expect(page.locator(".monitor-pages")).to_contain_text("motivation_1")
    page.get_by_role("link", name="Download the data").click()
    expect(page.get_by_role("button", name="Make the file")).to_be_visible()
    assert barriers(page) == []
    with page.expect_download() as download:
        page.get_by_role("button", name="Make the file").click()
    download.value.save_as(tmp_path / "live.csv")
    header, row = (tmp_path / "live.csv").read_text().splitlines()
    assert "wtc1" in header
    assert "motivation_1" in row
    assert citizen.wrong == []


@pytest.mark.slow
@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["1280", "360"])
def test_pages_of_the_desk_have_no_barriers(
    live_site: str, new_context: NewContext, viewport: dict[str, int]
) -> None:
    from experiments.models import Study

    person = log_in(live_site, new_context, viewport)
    imported(person)
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
    addresses += [f"{of_study}/arms/{study.slug}/"]
    found: list[str] = []
    for address in addresses:
        person.open(address)
        found += barriers(person.page)
    assert (found, person.wrong) == ([], [])


@pytest.mark.slow
@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["1280", "360"])
def test_forms_of_every_part_have_no_barriers(
    live_site: str, new_context: NewContext, viewport: dict[str, int]
) -> None:
    from experiments.models import Item, Study

    person = log_in(live_site, new_context, viewport)
    imported(person, "kitchen_sink")
    study = Study.objects.get()
    addresses = [f"study/{study.pk}/change/", f"plan/{study.plan.pk}/change/"]
    addresses += [f"page/{study.pages.get(code='plan').pk}/change/"]
    for part in ("blocks", "images", "parameters", "quotas", "endings", "scales"):
        row = getattr(study, part).first()
        name = row._meta.model_name
        addresses += [f"{name}/{row.pk}/change/", f"{name}/add/?study={study.pk}"]
    for kind in ("number", "slider", "multiple", "semantic_differential", "date", "allocation"):
        addresses.append(f"item/{Item.objects.filter(kind=kind)[0].pk}/change/")
    found: list[str] = []
    for address in addresses:
        person.open(f"experiments/{address}")
        found += barriers(person.page)
    assert (found, person.wrong) == ([], [])


def test_item_shows_the_fields_of_its_kind(researcher: Visitor) -> None:
    page = researcher.page
    imported(researcher)
    page.get_by_role("link", name="Add an item to about_you").click()
    unit, decimals = page.locator("#id_unit_en"), page.locator("#id_decimals")
    earliest, shown_if = page.locator("#id_earliest"), page.locator("#id_shown_if")
    expect(page.locator("#id_option_order")).to_be_visible()
    expect(unit).to_be_hidden()
    page.locator("#id_kind").select_option("number")
    for field in (unit, decimals, shown_if, page.locator("#id_minimum")):
        expect(field).to_be_visible()
    expect(earliest).to_be_hidden()
    page.locator("#id_code").fill("visits")
    page.locator("#id_text_en").fill("How often?")
    page.locator("#id_measure").select_option("interval")
    page.locator("#id_minimum").fill("9")
    page.locator("#id_maximum").fill("3")
    shown_if.fill("age >")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("The minimum of visits is not below its maximum.")).to_be_visible()
    expect(page.locator(".errorlist")).to_have_count(2)
    expect(decimals).to_be_visible()
    expect(earliest).to_be_hidden()


def test_quota_and_picture_are_made_by_clicks(researcher: Visitor, tmp_path: Path) -> None:
    from experiments.models import Image, Limit

    page = researcher.page
    imported(researcher)
    page.get_by_role("link", name="Add a quota", exact=True).click()
    page.locator("#id_code").fill("gender_quota")
    page.get_by_label("gender – ").check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Now give places to its cells.")).to_be_visible()
    page.locator("#id_limits-0-places").fill("40")
    page.locator("#id_limits-1-places").fill("50")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("50 places")).to_be_visible()
    assert list(Limit.objects.values_list("places", flat=True)) == [40, 50]
    page.get_by_role("link", name="Add an image", exact=True).click()
    page.locator("#id_code").fill("icon")
    (tmp_path / "icon.png").write_bytes(b64decode(DOT))
    page.get_by_label("File").set_input_files(tmp_path / "icon.png")
    page.get_by_role("button", name="Save", exact=True).click()
    picture = page.get_by_role("img", name="The picture icon")
    expect(picture).to_have_js_property("naturalWidth", 1)
    expect(page.get_by_text("No text shows the image icon.")).to_be_visible()
    page.get_by_role("link", name="image icon").click()
    expect(picture).to_be_visible()
    assert Image.objects.get().media_type == "image/png"


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

    imported(researcher)
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
