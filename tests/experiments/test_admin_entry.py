"""The ways in and out, blocks and pictures of a study, added and mended at the desk."""

import base64
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from lxml import html

from experiments.launch import launch
from experiments.models import Block, Ending, Image, Limit, Page, Parameter, Quota, Study
from experiments.studyrows import read_rows
from tests.desk import desk, form_of, text_of
from tests.experiments.pictures import JPEG, PNG, WEBP
from tests.experiments.test_admin_fields import kitchen_sink
from tests.factories import StudyFactory

pytestmark = pytest.mark.django_db


def page_of(row: Any) -> str:
    return f"/admin/experiments/{row._meta.model_name}/{row.pk}/change/"


def added(client: Client, study: Study, part: str, **typed: Any) -> Any:
    """Fills in the form that adds a part to the study, and sends it."""
    address = f"/admin/experiments/{part}/add/?study={study.pk}"
    sent = form_of(client.get(address), f"{part}_form")
    return client.post(address, {name: v for name, v in (sent | typed).items() if v != [""]})


def changed(client: Client, row: Any, **typed: Any) -> Any:
    """Changes that in the form of a part, and sends it."""
    sent = form_of(client.get(page_of(row)), f"{row._meta.model_name}_form")
    sent.pop("data", None)
    return client.post(page_of(row), sent | typed)


def upload(content: bytes, name: str = "park.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def links(client: Client, study: Study) -> list[str]:
    """Where the study's page links to."""
    tree = html.fromstring(client.get(page_of(study)).content.decode())
    return [str(link.get("href")) for link in tree.iter("a")]


def test_quota_gets_its_limits_from_the_cells_that_it_offers() -> None:
    client, study = desk(), StudyFactory()
    first = added(client, study, "quota", code="gender_quota", items=["gender"])
    quota = Quota.objects.get()
    assert first["Location"] == page_of(quota)
    sent = form_of(client.get(page_of(quota)), "quota_form")
    cells = [sent[f"limits-{at}-cell"] for at in range(int(sent["limits-TOTAL_FORMS"][0]))]
    options = [option.code for option in read_rows(study).item("gender").options]
    assert cells == [[code] for code in options]
    response = client.post(page_of(quota), sent | {"limits-1-places": "50"})
    assert response["Location"] == page_of(study)
    assert list(Limit.objects.values_list("cell", "places")) == [([options[1]], 50)]
    again = form_of(client.get(page_of(quota)), "quota_form")
    offered = [again[f"limits-{at}-cell"] for at in range(len(options))]
    assert offered == [[options[1]], *([code] for code in options if code != options[1])]
    assert f"{options[1]} 50 places" in text_of(client.get(page_of(study)))


def test_quota_without_items_limits_the_whole_study() -> None:
    client, study = desk(), StudyFactory()
    added(client, study, "quota", code="everybody", lease_minutes="")
    quota = Quota.objects.get()
    assert "The whole study" in text_of(client.get(page_of(quota)))
    changed(client, quota, **{"limits-0-places": "600"})
    assert list(Limit.objects.values_list("cell", "places")) == [([], 600)]
    assert (quota.lease_minutes, "Nothing keeps it" in text_of(client.get(page_of(study)))) == (
        30,
        True,
    )


def test_limit_whose_cell_is_gone_is_kept_and_told() -> None:
    client, study = desk(), StudyFactory()
    quota = Quota.objects.create(study=study, code="gender_quota", items=["gender"])
    Limit.objects.create(quota=quota, cell=["nobody"], places=3)
    assert "nobody – not offered any more" in text_of(client.get(page_of(quota)))
    assert changed(client, quota).status_code == 302
    assert f"{page_of(quota)}#limits-group" in links(client, study)


def test_cell_with_two_limits_is_told() -> None:
    client, study = desk(), StudyFactory()
    quota = Quota.objects.create(study=study, code="everybody", items=[])
    for places in (1, 2):
        Limit.objects.create(quota=quota, cell=[], places=places)
    assert "This is there twice. Change one of the two, or delete it." in text_of(
        changed(client, quota)
    )


def test_new_study_has_the_parameters_of_a_file_that_names_none() -> None:
    client = desk()
    start = {"slug": "garden", "languages": "en", "title_en": "A garden"}
    client.post("/admin/experiments/study/add/", start)
    study = Study.objects.get()
    assert [row.name for row in study.parameters.all()] == [
        "PROLIFIC_PID",
        "STUDY_ID",
        "SESSION_ID",
    ]
    added(client, study, "parameter", code="source", name="source")
    assert [row.order for row in study.parameters.all()] == [0, 1, 2, 3]


def test_ending_is_added_named_and_moved() -> None:
    client, study = desk(), StudyFactory()
    for outcome in ("refused", "full"):
        words = {"title_en": "Thank you", "title_ko": "감사", "body_en": "Bye.", "body_ko": "안녕."}
        redirect = "https://panel.example/done?cc={code}"
        added(client, study, "ending", outcome=outcome, redirect=redirect, **words)
    full = Ending.objects.get(outcome="full")
    page = client.get(page_of(study)).content.decode()
    assert 'aria-label="Move full up"' in page
    order = {"model": "ending", "row": full.pk, "to": "up"}
    client.post(f"/admin/experiments/study/{study.pk}/order/", order)
    assert [ending.outcome for ending in study.endings.all()] == ["full", "refused"]
    again = added(client, study, "ending", outcome="full")
    assert (
        "There is one of these already. Choose another, or edit the one that is there."
        in text_of(again)
    )


def test_block_takes_pages_and_is_moved() -> None:
    client, study = desk(), StudyFactory()
    for code in ("views", "other"):
        added(client, study, "block", code=code, order="random")
    opinion = Page.objects.get(code="opinion")
    assert changed(client, opinion, block="views").status_code == 302
    first = Block.objects.get(code="views")
    order = {"model": "block", "row": first.pk, "to": "down"}
    client.post(f"/admin/experiments/study/{study.pk}/order/", order)
    blocks = [(block.code, block.position, block.order) for block in study.blocks.all()]
    assert blocks == [("other", 0, "random"), ("views", 1, "random")]
    assert "block views" in text_of(client.get(page_of(study)))


@pytest.mark.parametrize(
    ("content", "media_type"), [(PNG, "image/png"), (JPEG, "image/jpeg"), (WEBP, "image/webp")]
)
def test_picture_is_stored_as_what_its_bytes_say(content: bytes, media_type: str) -> None:
    client, study = desk(), StudyFactory()
    response = added(client, study, "image", code="park", data=upload(content, "park.txt"))
    assert response.status_code == 302, text_of(response)
    image = Image.objects.get()
    assert (image.media_type, base64.b64decode(image.data)) == (media_type, content)
    address = f"data:{media_type};base64,{base64.b64encode(content).decode()}"
    for shown in (page_of(image), page_of(study)):
        assert address in client.get(shown).content.decode()
    assert f"{page_of(image)}" in links(client, study)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"<svg/>", "This is no picture. Choose a PNG, JPEG or WebP file."),
        (PNG + b"\0" * 400 * 1024, "The file has 400 KB. Make it 300 KB or smaller."),
        (b"", "This file is empty. Choose another, or save it anew and choose it again."),
        (None, "This field is required."),
    ],
)
def test_file_that_is_no_picture_is_told(content: bytes | None, told: str) -> None:
    client, study = desk(), StudyFactory()
    file = {} if content is None else {"data": upload(content)}
    response = added(client, study, "image", code="park", **file)
    assert (response.status_code, Image.objects.count()) == (200, 0)
    assert told in text_of(response)


def test_picture_stays_until_another_is_chosen() -> None:
    client, study = desk(), StudyFactory()
    added(client, study, "image", code="park", data=upload(PNG))
    image = Image.objects.get()
    changed(client, image, code="garden")
    kept = Image.objects.get()
    assert (kept.code, kept.data, kept.media_type) == ("garden", image.data, "image/png")
    wrong = changed(client, image, data=upload(b"GIF89a"))
    assert "This is no picture." in text_of(wrong)
    assert "data:image/png;base64," in wrong.content.decode()
    changed(client, image, data=upload(JPEG))
    assert Image.objects.get().media_type == "image/jpeg"


def test_problems_of_the_new_parts_lead_to_their_forms() -> None:
    client, study = desk(), StudyFactory()
    quota = Quota.objects.create(study=study, code="q", items=["gender"], lease_minutes=0)
    parameter = Parameter.objects.create(study=study, code="way", name="mode")
    ending = Ending.objects.create(study=study, outcome="full", redirect="nowhere")
    image = Image.objects.create(study=study, code="park", media_type="image/gif", data="!")
    block = Block.objects.create(study=study, code="views")
    page = Page.objects.get(code="opinion")
    Page.objects.filter(pk=page.pk).update(block="unknown")
    Study.objects.update(access="panel")
    Parameter.objects.update(identifies=False)
    found = links(client, study)
    for wanted in (
        f"{page_of(quota)}#limits-group",
        f"{page_of(quota)}#id_lease_minutes",
        f"{page_of(parameter)}#id_name",
        f"{page_of(ending)}#id_redirect",
        f"{page_of(image)}#id_data",
        page_of(block),
        f"{page_of(page)}#id_block",
        f"{page_of(study)}#id_access",
    ):
        assert wanted in found


def test_new_parts_of_a_live_study_are_only_read() -> None:
    client, study = desk(), launch(study=kitchen_sink()).study
    row = study.parameters.all()[0]
    for response in (client.get(page_of(row)), client.post(page_of(row), {"code": "other"})):
        assert (response.status_code, response["Location"]) == (302, page_of(study))
    page = text_of(client.get(page_of(study)))
    for told in ("PROLIFIC_PID in the link", "Access open", "Withdrawal ask", "The flower bed"):
        assert told in page


def test_values_of_a_parameter_are_typed_one_on_a_line_and_told() -> None:
    client, study = desk(), StudyFactory()
    lines = {"code": "panel", "name": "from", "required": "on"}
    added(client, study, "parameter", **lines, values="a\r\n\r\n b & c \r\n")
    row = Parameter.objects.get(code="panel")
    assert row.values == ["a", "b & c"]
    assert read_rows(study).parameters[-1].values == ("a", "b & c")
    assert "from in the link One of: a, b & c" in text_of(client.get(page_of(study)))
    for typed, told in [
        ("a\na", "This value is there twice. Give each once."),
        ("a\n" + "x" * 65, "A value of panel has 65 characters. Give it 1 to 64."),
        (
            "a\n{b}",
            "No link can bring this value of panel. "
            "Write it on one line, without blanks or braces around it.",
        ),
    ]:
        page = changed(client, row, values=typed)
        wrong = page.context["adminform"].form.errors
        assert wrong == {"values": [told]}
        assert told in text_of(page)
    identifying = changed(client, row, values="a", identifies="on")
    assert identifying.context["adminform"].form.errors == {
        "values": ["panel says who somebody is, which is not known before. Take the values out."]
    }
    row.refresh_from_db()
    assert row.values == ["a", "b & c"]


def test_parameters_with_few_values_are_offered_as_strata() -> None:
    client, study = desk(), StudyFactory()
    many, codes = [str(number) for number in range(51)], ("few", "many", "free", "left")
    for code, required, values in [
        ("few", True, ["a", "b & c"]),
        ("many", True, many),
        ("free", True, []),
        ("left", False, ["a", "b"]),
    ]:
        Parameter.objects.create(
            study=study, code=code, name=code, required=required, values=values
        )
    step = study.randomisations.get()
    form = client.get(page_of(step)).context["adminform"].form
    offered = {
        name: [code for code, _ in form.fields[name].choices if code in codes]
        for name in ("strata", "covariates")
    }
    assert offered == {"strata": ["few"], "covariates": ["few"]}
    assert changed(client, step, strata=["gender", "few"]).status_code == 302
    step.refresh_from_db()
    assert step.strata == ["gender", "few"]
