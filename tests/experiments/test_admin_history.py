"""The history of a study and its copy, at the desk."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from experiments.loading import load
from experiments.models import Study
from experiments.studyfile import dump
from experiments.studyrows import read_rows
from tests.changed import changed
from tests.designs import small
from tests.desk import desk, text_of
from tests.factories import LiveStudyFactory

pytestmark = pytest.mark.django_db


def edited(times: int = 1) -> Study:
    """The small study, loaded and changed so often."""
    study = load(design=small(), by="ada").study
    for number in range(times):
        later = changed(small(), {"title.en": f"A park {number}"})
        load(design=later, by="bo")
    return study


def history(study: Study, rest: str = "") -> str:
    return f"/admin/experiments/study/{study.pk}/edits/{rest}"


@pytest.mark.parametrize("times", [1, 3])
def test_history_lists_who_changed_what_in_seven_statements(
    times: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    study = edited(times)
    client = desk("view_study")
    client.get(history(study))
    with django_assert_num_queries(7):
        page = text_of(client.get(history(study)))
    assert f"{times + 1} " in page
    assert "bo, by load_study" in page
    assert "changed title (en) A park" in page
    assert "The study as it began here." in page


def test_long_history_is_paged() -> None:
    study = edited(12)
    assert "Older" in text_of(desk().get(history(study)))
    last = text_of(desk().get(history(study, "?page=2")))
    assert "ada, by load_study" in last
    assert "Newer" in last


def test_going_back_is_shown_and_then_made() -> None:
    client, study = desk(), edited()
    response = client.get(history(study, "1/"))
    assert "What going back to it would change now changed title (en)" in text_of(response)
    seen = response.context["seen"]
    done = text_of(client.post(history(study, "1/"), {"seen": seen}, follow=True))
    assert "park is again as it was after change 1." in done
    assert read_rows(Study.objects.get()) == small()
    assert "researcher, taken back to change 1" in text_of(client.get(history(study)))
    again = client.post(history(study, "2/"), {"seen": seen})
    assert again.status_code == 409
    assert "Somebody changed park meanwhile" in text_of(again)
    assert client.get(history(study, "1/file/")).content.decode() == dump(small())


def test_going_back_needs_the_right_to_change_and_a_draft() -> None:
    study = edited()
    reader = desk("view_study")
    assert "Take back to this" not in text_of(reader.get(history(study, "1/")))
    assert reader.post(history(study, "1/")).status_code == 403
    assert desk("view_look").get(history(study)).status_code == 403
    forged = Client(enforce_csrf_checks=True)
    forged.force_login(User.objects.create_superuser("other"))
    assert forged.post(history(study, "1/")).status_code == 403
    Study.objects.update(status="live")
    page = text_of(desk().get(history(study, "1/")))
    assert "download the study file of this moment instead" in page
    assert "Take back to this" not in page
    for missing in ("9/", "99999999999999/"):
        assert desk().get(history(study, missing)).status_code == 404


def test_copy_is_a_draft_that_asks_the_same() -> None:
    client, study = desk(), LiveStudyFactory(slug="park")
    address = f"/admin/experiments/study/{study.pk}/copy/"
    page = text_of(client.post(address, {"slug": "garden"}, follow=True))
    assert "garden is a copy of park." in page
    copy = Study.objects.get(slug="garden")
    assert read_rows(copy) == changed(small(), {"study": "garden"})
    assert (copy.status, copy.versions.count(), copy.seed_sha256) == ("draft", 0, "")
    assert list(copy.history.values_list("made_by", "way", "source")) == [
        ("researcher", "copy", "park")
    ]


@pytest.mark.parametrize(
    ("slug", "why"),
    [
        ("park", "There is a study park already; take another name."),
        ("A park", "A lower-case letter"),
        ("", "This field is required."),
    ],
)
def test_copy_under_a_name_that_cant_be_is_told_why(slug: str, why: str) -> None:
    study = edited()
    response = desk().post(f"/admin/experiments/study/{study.pk}/copy/", {"slug": slug})
    assert response.status_code == 422
    assert why.lower() in text_of(response).lower()
    assert Study.objects.count() == 1


def test_copy_needs_the_right_to_add_and_change() -> None:
    study = edited()
    address = f"/admin/experiments/study/{study.pk}/copy/"
    assert desk("view_study", "change_study").get(address).status_code == 403
    assert desk("view_study", "add_study", "change_study").get(address).status_code == 200
