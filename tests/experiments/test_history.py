"""Every change to a study's rows is kept, and can be taken back."""

import pytest
from django.db import IntegrityError, transaction

from experiments.design import digest
from experiments.history import recorded, take_back
from experiments.launch import launch
from experiments.loading import load
from experiments.models import Edit, Study, Way
from experiments.refusals import Refused
from experiments.studyrows import read_rows
from tests.changed import changed, drop
from tests.designs import small
from tests.desk import desk, form_of
from tests.factories import LiveStudyFactory, StudyFactory

pytestmark = pytest.mark.django_db


def told(study: Study) -> list[tuple[int, str, str, str]]:
    return list(study.history.values_list("number", "made_by", "way", "source"))


def test_loading_keeps_what_changed_once() -> None:
    study = load(design=small(), by="ada (shell)").study
    load(design=small(), by="ada (shell)")
    later = changed(small(), {"plan.alpha": 0.01})
    load(design=later, by="bo (shell)")
    assert told(study) == [(2, "bo (shell)", "load", ""), (1, "ada (shell)", "load", "")]
    assert [edit.design for edit in study.history.all()] == [later, small()]


def test_rows_changed_past_the_history_are_kept_as_found() -> None:
    study = StudyFactory(slug="park")
    with recorded(study=study, by="ada", way=Way.FORM):
        study.scales.update(source="Elsewhere")
    study.scales.update(source="Nowhere")
    with recorded(study=study, by="bo", way=Way.FORM):
        study.images.all().delete()
    assert told(study) == [(2, "ada", "form", ""), (1, "", "found", "")]
    with recorded(study=study, by="bo", way=Way.FORM):
        study.scales.update(source="Here")
    assert told(study)[:2] == [(4, "bo", "form", ""), (3, "", "found", "")]


def test_forms_of_the_desk_are_kept_with_who_sent_them() -> None:
    client, study = desk(), StudyFactory(slug="park")
    page = study.pages.get(code="story")
    address = f"/admin/experiments/page/{page.pk}/change/"
    form = form_of(client.get(address), "page_form")
    client.post(address, form)
    assert told(study) == []
    client.post(address, form | {"min_seconds": "5"})
    client.post(f"/admin/experiments/study/{study.pk}/order/", {"model": "page", "row": page.pk})
    client.post(f"/admin/experiments/page/{page.pk}/delete/", {"post": "yes"})
    assert told(study) == [
        *((number, "researcher", "form", "") for number in (4, 3, 2)),
        (1, "", "found", ""),
    ]
    codes = [[page.code for page in edit.design.pages] for edit in study.history.all()[:2]]
    assert "story" not in codes[0]
    assert codes[1].index("story") == 3


def test_taking_back_is_a_new_change_and_keeps_the_short_name() -> None:
    study = load(design=small(), by="ada").study
    draft = changed(small(), {"pages": drop(2), "plan.outcome": "", "title": {}})
    load(design=draft, by="ada")
    Study.objects.update(slug="garden")
    now = read_rows(Study.objects.get())
    take_back(study=study, number=1, by="bo", seen=digest(now))
    assert read_rows(Study.objects.get()) == changed(small(), {"study": "garden"})
    assert told(study)[0] == (4, "bo", "back", "1")
    take_back(study=study, number=2, by="bo", seen=digest(read_rows(Study.objects.get())))
    assert read_rows(Study.objects.get()) == changed(draft, {"study": "garden"})


@pytest.mark.parametrize(
    ("status", "number", "seen", "why"),
    [
        ("live", 1, "", "park is live"),
        ("draft", 1, "", "Somebody changed park meanwhile"),
        ("pilot", 2, "now", "is as it was after change 2 already"),
    ],
)
def test_taking_back_is_refused(status: str, number: int, seen: str, why: str) -> None:
    study = load(design=small(), by="ada").study
    load(design=changed(small(), {"plan.alpha": 0.01}), by="ada")
    Study.objects.update(status=status)
    seen = digest(read_rows(study)) if seen else ""
    with pytest.raises(Refused, match=why):
        take_back(study=study, number=number, by="bo", seen=seen)
    assert study.history.count() == 2


def test_taking_back_leaves_the_pilots_version_alone() -> None:
    study = load(design=small(), by="ada").study
    load(design=changed(small(), {"plan.alpha": 0.01}), by="ada")
    version = launch(study=study, pilot=True)
    take_back(study=study, number=1, by="bo", seen=digest(read_rows(study)))
    assert (read_rows(study), version.design.plan.alpha) == (small(), 0.01)
    assert study.versions.count() == 1


def test_history_is_append_only_and_outlives_its_draft() -> None:
    study = load(design=small(), by="ada").study
    for change in (Edit.objects.all().delete, lambda: Edit.objects.update(made_by="bo")):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            change()
    desk().post(f"/admin/experiments/study/{study.pk}/delete/", {"post": "yes"})
    assert (Study.objects.count(), Edit.objects.get().made_by) == (0, "ada")


def test_change_of_a_live_studys_rows_is_kept() -> None:
    study = LiveStudyFactory(slug="park")
    load(design=changed(small(), {"plan.alpha": 0.01}), by="ada")
    assert told(study) == [(2, "ada", "load", ""), (1, "", "found", "")]
