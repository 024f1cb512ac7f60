"""Everything that a design can say has a field at the desk, and saving a form loses nothing."""

from dataclasses import fields, is_dataclass
from typing import Any, get_args

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from coprod_site.embedded import ROOT
from experiments import design, models
from experiments.desk import (
    contrast_form,
    entry_forms,
    image_form,
    instrument_forms,
    item_form,
    plan_form,
    randomisation_form,
    study_form,
    treatment_forms,
)
from experiments.models import Study
from experiments.rowwriting import TOP_PARTS
from experiments.studyfile import dump, parse
from experiments.studyrows import read_rows
from tests.desk import desk, form_of, text_of

pytestmark = pytest.mark.django_db

FORMS: dict[Any, Any] = {
    design.Design: study_form.StudyForm,
    design.Factor: treatment_forms.FactorForm,
    design.Level: treatment_forms.LevelForm,
    design.Randomisation: randomisation_form.RandomisationForm,
    design.Arm: treatment_forms.ArmForm,
    design.Scale: instrument_forms.ScaleForm,
    design.Subscale: instrument_forms.SubscaleForm,
    design.Option: instrument_forms.ItemOptionForm,
    design.Block: instrument_forms.BlockForm,
    design.Image: image_form.ImageForm,
    design.Page: instrument_forms.PageForm,
    design.Item: item_form.ItemForm,
    design.Parameter: entry_forms.ParameterForm,
    design.Quota: entry_forms.QuotaForm,
    design.Limit: entry_forms.LimitForm,
    design.Ending: entry_forms.EndingForm,
    design.Plan: plan_form.PlanForm,
    design.Contrast: contrast_form.ContrastForm,
}
# What a design names otherwise than its row, and what no form asks for: a picture's file says what
# it is, and there is one format.
OTHERWISE = {"study": "slug"}
NOT_ASKED = {(design.Image, "media_type"), (design.Design, "format")}
PARTS: tuple[Any, ...] = (*TOP_PARTS, models.Item)


def kitchen_sink() -> Study:
    """The study that uses everything, imported at the desk."""
    file = (ROOT / "studies" / "kitchen_sink.yaml").read_bytes()
    upload = {"file": SimpleUploadedFile("kitchen_sink.yaml", file)}
    client, address = desk(), "/admin/experiments/study/import/"
    shown = client.post(address, upload)
    assert shown.status_code == 200, text_of(shown)
    said = shown.context["shown"]
    client.post(address, {"content": said.content, "seen": said.seen})
    return Study.objects.get()


def children(thing: Any) -> set[str]:
    """The fields that hold parts with a form of their own."""
    return {
        field.name for field in fields(thing) if FORMS.keys() & {field.type, *get_args(field.type)}
    }


def test_every_dataclass_of_the_design_has_a_form() -> None:
    found = {
        thing
        for name in design.__all__
        if isinstance(thing := getattr(design, name), type) and is_dataclass(thing)
    }
    assert found == set(FORMS)


@pytest.mark.parametrize("thing", FORMS, ids=lambda thing: thing.__name__)
def test_every_field_of_the_design_has_a_field_at_the_desk(thing: Any) -> None:
    wanted = {OTHERWISE.get(field.name, field.name) for field in fields(thing)} - children(thing)
    not_asked = {name for part, name in NOT_ASKED if part is thing}
    assert wanted - FORMS[thing].base_fields.keys() == not_asked


@pytest.mark.parametrize("thing", FORMS, ids=lambda thing: thing.__name__)
def test_every_field_of_a_form_is_on_its_page(thing: Any) -> None:
    form = FORMS[thing]
    grouped = [name for _, group in form.groups for name in group["fields"]] if form.groups else []
    assert not grouped or sorted(grouped) == sorted(form.base_fields)


@pytest.mark.slow
def test_every_form_saved_as_it_is_changes_nothing() -> None:
    study, client = kitchen_sink(), desk()
    before = dump(read_rows(study))
    rows: list[Any] = [study]
    for part in PARTS:
        parent = "page__study" if part is models.Item else "study"
        rows += part._default_manager.filter(**{parent: study})
    for row in rows:
        name = row._meta.model_name
        address = f"/admin/experiments/{name}/{row.pk}/change/"
        sent = form_of(client.get(address), f"{name}_form")
        # What a browser sends for a file that nobody chose, the test's client can't.
        sent.pop("data", None)
        response = client.post(address, sent)
        assert response.status_code == 302, f"{row}: {text_of(response)}"
    assert dump(read_rows(Study.objects.get())) == before
    assert parse(before).problems == ()


def test_study_page_shows_what_everything_says() -> None:
    study, client = kitchen_sink(), desk()
    page = text_of(client.get(f"/admin/experiments/study/{study.pk}/change/"))
    for told in (
        "Nothing keeps it from being launched.",
        'screened out if age_group == 0 or near == "no"',
        "shown if answered(source)",
        "block views",
        "can go back",
        "3 s at least",
        "600 s at most",
        "asked for once",
        "Items: random. Options: flipped.",
        "PROLIFIC_PID in the link",
        "age_group × gender, a place held for 20 minutes",
        "1 × woman",
        "80 places",
        "https://panel.example/full",
    ):
        assert told in page
