"""Study files at the desk: import and download."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from coprod_site.embedded import ROOT
from experiments.models import Study
from experiments.studyfile import dump, parse
from experiments.studyrows import read_rows
from tests.designs import small
from tests.desk import desk, text_of
from tests.factories import StudyFactory

pytestmark = pytest.mark.django_db

ADDRESS = "/admin/experiments/study/import/"


def sent(client: Client, content: str | bytes, **fields: str) -> Any:
    data = content.encode() if isinstance(content, str) else content
    return client.post(ADDRESS, {"file": SimpleUploadedFile("study.yaml", data), **fields})


def test_study_that_ships_comes_in_and_goes_out_as_it_is() -> None:
    client = desk()
    file = (ROOT / "studies" / "coproduction.yaml").read_bytes()
    response = sent(client, file)
    study = Study.objects.get()
    assert response["Location"] == f"/admin/experiments/study/{study.pk}/change/"
    out = client.get(f"/admin/experiments/study/{study.pk}/file/")
    assert out.content.decode() == dump(read_rows(study))
    assert out["Content-Disposition"] == 'attachment; filename="coproduction.yaml"'
    sent(client, out.content, replace="on")
    assert client.get(f"/admin/experiments/study/{study.pk}/file/").content == out.content


def test_every_problem_of_a_file_is_listed_by_line() -> None:
    file = dump(small()).replace("study: park", "study: Park") + "nonsense: 1\n"
    response = sent(desk(), file)
    page = text_of(response)
    assert response.status_code == 422
    problems = parse(file).problems
    assert f"The file was not read: {len(problems)} problems" in page
    assert len(problems) >= 2
    # On a narrow screen, where the head of the table is hidden, each cell says what it is.
    assert response.content.decode().count('data-label="What to do"') == len(problems)
    for problem in problems:
        assert f"{problem.line} {problem.path} {problem.message} {problem.remedy}" in page
    assert not Study.objects.exists()


@pytest.mark.parametrize("content", [b"\xff\xfe", b"", b"a: [", b"x" * 1_100_000])
def test_file_that_is_none_is_told_and_nothing_breaks(content: bytes) -> None:
    response = sent(desk(), content)
    assert response.status_code == 422
    assert not Study.objects.exists()


def test_study_that_is_there_is_replaced_only_when_asked() -> None:
    client = desk()
    StudyFactory(slug="park")
    file = dump(small(rewards=3))
    response = sent(client, file)
    assert "There is a study park already." in text_of(response)
    assert read_rows(Study.objects.get()) == small()
    sent(client, file, replace="on")
    assert read_rows(Study.objects.get()) == small(rewards=3)


def test_draft_with_problems_comes_in_with_a_list_of_them() -> None:
    client = desk()
    file = dump(small()).replace("A story", '" "')
    response = client.post(
        ADDRESS, {"file": SimpleUploadedFile("park.yaml", file.encode())}, follow=True
    )
    page = text_of(response)
    assert "1 problem keeps it from being launched; it is listed below." in page
    assert "The text in en is blank." in page


def test_import_needs_the_right_to_add_and_change() -> None:
    client = desk("view_study", "add_study")
    assert client.get(ADDRESS).status_code == 403
    assert sent(client, dump(small())).status_code == 403
