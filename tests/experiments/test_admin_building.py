"""A study is built at the desk from nothing, by the links and forms of its own pages."""

from typing import Any

import pytest
from django.test import Client
from lxml import html

from experiments.models import Item, Option, Page, Plan, Scale, Study
from tests.desk import desk, form_of, text_of
from tests.factories import LiveStudyFactory, StudyFactory

pytestmark = pytest.mark.django_db


def way(client: Client, address: str, words: str) -> str:
    """Where the link of these words on that page leads."""
    tree = html.fromstring(client.get(address).content.decode())
    (found,) = [each for each in tree.iter("a") if " ".join(each.text_content().split()) == words]
    return str(found.get("href"))


def filled(client: Client, address: str, part: str, **typed: Any) -> None:
    """Opens the page, types that into its form and saves it."""
    sent = form_of(client.get(address), f"{part}_form")
    response = client.post(address, sent | typed)
    assert response.status_code == 302, text_of(response)


def rows(prefix: str, *values: dict[str, str]) -> dict[str, Any]:
    """What the browser's script adds to a form for new rows of an inline."""
    typed = {
        f"{prefix}-{at}-{name}": value
        for at, row in enumerate(values)
        for name, value in row.items()
    }
    return {f"{prefix}-TOTAL_FORMS": str(len(values)), **typed}


def test_every_part_is_added_by_the_links_of_an_empty_study() -> None:
    client = desk()
    start = {"slug": "garden", "languages": "en", "title_en": "A garden"}
    home = client.post("/admin/experiments/study/add/", start)["Location"]
    levels = rows(
        "levels",
        *({"code": code, "label_en": code, "text_en": code} for code in ("low", "high")),
    )
    options = rows("options", *({"code": str(at), "label_en": str(at)} for at in (1, 2, 3)))
    label = {"label_en": "A label"}
    filled(client, way(client, home, "Add a factor"), "factor", code="voice", **label, **levels)
    filled(
        client,
        way(client, home, "Add a randomisation"),
        "randomisation",
        factors=["voice"],
        block_sizes="2, 4",
    )
    filled(client, way(client, home, "Add a scale"), "scale", code="will", **label, **options)
    filled(client, way(client, home, "Add a page"), "page", code="opinion", title_en="Opinion")
    likert = {"code": "will1", "kind": "likert", "scale": "will", "text_en": "I would."}
    filled(client, way(client, home, "Add an item to opinion"), "item", **likert)
    plan = {"outcome": "will", "sample_size": "40", "looks": "0.5, 1"}
    filled(client, way(client, home, "Add the plan"), "plan", **plan)
    page = text_of(client.get(home))
    for told in ("voice", "low", "will1", "I would.", "0.5, 1"):
        assert told in page
    assert list(Option.objects.values_list("scale__code", "code")) == [
        ("will", "1"),
        ("will", "2"),
        ("will", "3"),
    ]


def test_new_scale_keeps_what_was_typed_when_an_option_is_wrong() -> None:
    client, study = desk(), StudyFactory()
    address = f"/admin/experiments/scale/add/?study={study.pk}"
    options = rows(
        "options", {"code": "one!", "label_en": "Never"}, {"code": "2", "label_en": "Often"}
    )
    sent = form_of(client.get(address), "scale_form") | {"code": "trust", "label_en": "Trust"}
    response = client.post(address, sent | options)
    assert response.status_code == 200
    assert "Use a whole number, or a lower-case letter" in text_of(response)
    assert 'value="Often"' in response.content.decode()
    assert not Scale.objects.filter(code="trust").exists()


def test_new_item_comes_with_its_options() -> None:
    client, page = desk(), Page.objects.get(study=StudyFactory(), code="opinion")
    options = rows("options", *({"code": code, "label_en": code} for code in ("yes", "no")))
    address = f"/admin/experiments/item/add/?page={page.pk}"
    filled(client, address, "item", code="again", text_en="Again?", **options)
    assert [option.code for option in Item.objects.get(code="again").options.all()] == ["yes", "no"]


def test_second_plan_leads_to_the_first() -> None:
    client, study = desk(), StudyFactory(slug="park")
    address = f"/admin/experiments/plan/add/?study={study.pk}"
    response = client.get(address, follow=True)
    assert response.redirect_chain == [(f"/admin/experiments/plan/{study.plan.pk}/change/", 302)]
    assert "park has this plan already: a study has one." in text_of(response)


def test_plan_of_a_second_window_is_refused_with_words() -> None:
    client, study = desk(), StudyFactory()
    address = f"/admin/experiments/plan/add/?study={study.pk}"
    kept = study.plan
    Plan.objects.filter(study=study).delete()
    sent = form_of(client.get(address), "plan_form") | {"outcome": "will", "sample_size": "77"}
    kept.save()
    response = client.post(address, sent | {"looks": "1"})
    assert response.status_code == 200
    assert "This study has a plan already, saved in another window." in text_of(response)
    assert 'value="77"' in response.content.decode()


def test_part_of_a_wrong_parent_is_not_found() -> None:
    client, study = desk(), StudyFactory()
    page = Page.objects.filter(study=study)[0]
    unknown = 10**20
    for asked in (
        f"item/add/?study={study.pk}",
        f"item/add/?study={study.pk}&page={page.pk}",
        f"factor/add/?page={page.pk}",
        f"factor/add/?study={study.pk}&page={page.pk}",
        f"plan/add/?page={page.pk}",
        f"page/add/?study={study.pk + 1}",
        f"scale/add/?study={unknown}",
        f"item/add/?page={unknown}",
        "factor/99999/change/",
    ):
        address = f"/admin/experiments/{asked}"
        assert [client.get(address).status_code, client.post(address).status_code] == [404, 404]
    assert Study.objects.count() == 1


def test_field_without_choices_leads_to_what_comes_first() -> None:
    client = desk()
    start = {"slug": "garden", "languages": "en", "title_en": "A garden"}
    client.post("/admin/experiments/study/add/", start)
    study = Study.objects.get()
    for part, first in (("randomisation", "factor"), ("plan", "scale")):
        page = f"/admin/experiments/{part}/add/?study={study.pk}"
        asked = f"/admin/experiments/{first}/add/?study={study.pk}"
        assert way(client, page, f"Add a {first} first") == asked
    StudyFactory(slug="park")
    full = Study.objects.get(slug="park")
    complete = client.get(f"/admin/experiments/randomisation/add/?study={full.pk}")
    assert "Add a factor first" not in text_of(complete)


@pytest.mark.parametrize(
    ("part", "field", "typed", "told"),
    [
        ("plan", "alpha", "0.7", "Give 0.0001 or more, and below 0.5."),
        ("plan", "alpha", "0", "Give 0.0001 or more, and below 0.5."),
        ("plan", "sample_size", "1", "Plan 2 to 10000000."),
        ("plan", "sample_size", "100000000", "Plan 2 to 10000000."),
        ("plan", "looks", "0.5", "Write fractions that rise from above 0 to 1"),
        ("plan", "looks", "0.8, 0.5, 1", "Write fractions that rise from above 0 to 1"),
        ("plan", "looks", "0, 1", "Write fractions that rise from above 0 to 1"),
        ("plan", "smallest_effect", "-1", "Give a size above 0, or leave it empty."),
        ("randomisation", "block_sizes", "0, 4", "Give sizes from 1 to 10000."),
        ("randomisation", "block_sizes", "20000", "Give sizes from 1 to 10000."),
        ("randomisation", "block_sizes", ",", "This field is required."),
    ],
)
def test_number_that_cannot_be_is_told_in_the_form(
    part: str, field: str, typed: str, told: str
) -> None:
    client, study = desk(), StudyFactory()
    row = study.plan if part == "plan" else study.randomisations.all()[0]
    address = f"/admin/experiments/{part}/{row.pk}/change/"
    sent = form_of(client.get(address), f"{part}_form")
    response = client.post(address, sent | {field: typed})
    assert response.status_code == 200
    assert told in text_of(response)


def test_forms_say_what_a_field_takes() -> None:
    client, study = desk(), StudyFactory()
    item = Item.objects.filter(page__study=study)[0]
    scale = study.scales.all()[0]
    plan, randomisation = study.plan, study.randomisations.all()[0]
    for row, told in (
        (item, "Nominal: names."),
        (item, "Empty unless the item checks attention"),
        (item, "A lower-case letter, then letters, digits or _."),
        (scale, "A whole number such as 1 or -9"),
        (scale, "counts as not having answered"),
        (plan, "The chance of a false alarm"),
        (plan, "How alpha is shared out"),
        (plan, "goes along with the outcome"),
        (randomisation, "multiples of the sum of the arms"),
        (randomisation, "Items with options that are asked before the vignette, and required"),
    ):
        page = client.get(f"/admin/experiments/{row._meta.model_name}/{row.pk}/change/")
        assert told in page.content.decode()


def test_texts_of_one_language_stand_together() -> None:
    client, study = desk(), StudyFactory(slug="park")
    page = text_of(client.get(f"/admin/experiments/study/{study.pk}/change/"))
    assert "English Low The office decided. Korean 낮음 구청이 정했습니다." in page
    assert "English About you Hello. Korean 나에 관해 안녕." in page
    arms = client.get("/admin/responses/participant/arms/park/").content.decode()
    assert arms.count('<td data-label="Korean">') == 4


def test_study_is_deleted_at_the_end_of_its_page_and_not_beside_save() -> None:
    client, study = desk(), StudyFactory()
    home = f"/admin/experiments/study/{study.pk}/"
    page = html.fromstring(client.get(f"{home}change/").content.decode())
    links = [(each.text_content().strip(), each.get("href")) for each in page.iter("a")]
    assert [link for link in links if "Delete" in link[0]] == [
        ("Delete this study", f"{home}delete/")
    ]
    live = LiveStudyFactory()
    kept = client.get(f"/admin/experiments/study/{live.pk}/change/")
    assert "Delete this study" not in text_of(kept)


def test_item_moves_to_another_page_and_what_then_asks_too_early_is_told() -> None:
    client, study = desk(), StudyFactory(slug="park")
    about, opinion = study.pages.get(code="about"), study.pages.get(code="opinion")
    about.items.filter(code="education").update(shown_if='gender == "man"')
    home = f"/admin/experiments/study/{study.pk}/change/"
    assert "Nothing keeps it from being launched." in text_of(client.get(home))
    address = f"/admin/experiments/item/{about.items.get(code='gender').pk}/change/"
    others = list(about.items.exclude(code="gender").values_list("code", flat=True))
    codes = list(opinion.items.values_list("code", flat=True))
    sent = form_of(client.get(address), "item_form")
    # Pages that ask nothing are not offered, and a page of another study is none.
    elsewhere = StudyFactory().pages.get(code="opinion")
    assert client.post(address, sent | {"page": elsewhere.pk}).status_code == 200
    filled(client, address, "item", page=opinion.pk)
    assert [*about.items.values_list("code", flat=True)] == others
    assert [*opinion.items.values_list("code", flat=True)] == [*codes, "gender"]
    assert "education" in (told := text_of(client.get(home)))
    assert "Nothing keeps it from being launched." not in told
    # Back again, at the place that is typed.
    filled(client, address, "item", page=about.pk, order="0")
    assert "Nothing keeps it from being launched." in text_of(client.get(home))
