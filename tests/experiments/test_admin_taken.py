"""A code, a name or a cell that stands already is told beside its field, with what to do."""

from typing import Any

import pytest
from lxml import html

from experiments.models import Factor, Scale
from tests.desk import desk, form_of, text_of
from tests.factories import StudyFactory

pytestmark = pytest.mark.django_db

TAKEN = "There is one of these already. Choose another, or edit the one that is there."
BELOW = "A row below has this. Change that one first, and save."
TWICE = "This is there twice. Change one of the two, or delete it."


def beside(response: Any, field: str) -> str:
    """The words of what is around a field's input."""
    (found,) = html.fromstring(response.content.decode()).xpath(f"//*[@id='id_{field}']")
    return " ".join(found.getparent().getparent().text_content().split())


@pytest.mark.parametrize("part", ["factor", "randomisation", "scale", "page"])
def test_code_of_another_part_is_told_beside_it(part: str) -> None:
    client, study = desk(), StudyFactory()
    address = f"/admin/experiments/{part}/add/?study={study.pk}"
    sent = form_of(client.get(address), f"{part}_form")
    code = getattr(study, f"{part}s").first().code
    response = client.post(address, sent | {"code": code})
    assert TAKEN in beside(response, "code")
    assert "already exists" not in text_of(response)


def test_short_name_of_another_study_is_told_as_the_copy_tells_it() -> None:
    client, _study = desk(), StudyFactory(slug="park")
    start = {"slug": "park", "languages": "en", "title_en": "A park"}
    response = client.post("/admin/experiments/study/add/", start)
    assert "There is a study park already; take another name." in beside(response, "slug")


@pytest.mark.parametrize(
    ("model", "rows"), [(Factor, "levels"), (Scale, "options"), (Scale, "subscales")]
)
def test_code_that_two_rows_have_is_told_beside_the_second(model: Any, rows: str) -> None:
    client, study = desk(), StudyFactory()
    row = model.objects.filter(study=study).first()
    if rows == "subscales":
        for code in ("one", "two"):
            row.subscales.create(code=code, label={"en": code, "ko": code})
    address = f"/admin/experiments/{model._meta.model_name}/{row.pk}/change/"
    sent = form_of(client.get(address), f"{model._meta.model_name}_form")
    response = client.post(address, sent | {f"{rows}-1-code": sent[f"{rows}-0-code"]})
    assert TWICE in beside(response, f"{rows}-1-code")
    assert "duplicate" not in text_of(response)


@pytest.mark.parametrize(("model", "rows"), [(Factor, "levels"), (Scale, "options")])
def test_codes_that_change_places_are_told(model: Any, rows: str) -> None:
    client, study = desk(), StudyFactory()
    row = model.objects.filter(study=study).first()
    address = f"/admin/experiments/{model._meta.model_name}/{row.pk}/change/"
    sent = form_of(client.get(address), f"{model._meta.model_name}_form")
    names = [f"{rows}-{at}-code" for at in (0, 1)]
    response = client.post(address, sent | {names[0]: sent[names[1]], names[1]: sent[names[0]]})
    assert BELOW in beside(response, names[0])
    # As it says: first the one below, then the other.
    for typed in ({names[1]: "third"}, {names[0]: sent[names[1]]}, {names[1]: sent[names[0]]}):
        sent_now = form_of(client.get(address), f"{model._meta.model_name}_form")
        assert client.post(address, sent_now | typed).status_code == 302
    swapped = getattr(model.objects.get(pk=row.pk), rows).values_list("code", flat=True)
    assert list(swapped)[:2] == [*sent[names[1]], *sent[names[0]]]
