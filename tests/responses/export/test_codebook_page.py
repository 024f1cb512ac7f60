"""The desk's page of a codebook, its downloads, and `manage.py codebook`."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from experiments.models import Study
from responses.export.codebook.formats import BOOK_FORMATS
from responses.models import ExportRecord, Mode
from tests.desk import desk, text_of
from tests.factories import EmptyStudyFactory, StudyFactory
from tests.responses.export.booked import book_of
from tests.responses.export.rows import completed, enter, launched

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = "/admin/codebook/park/"


@pytest.fixture
def study() -> Study:
    study = launched()
    completed(study, 1, "money.high")
    enter(study, 2, mode=Mode.PILOT)
    return study


def recorded() -> list[tuple[object, ...]]:
    names = ("mode", "actor", "format", "unblinded")
    return list(ExportRecord.objects.values_list(*names).order_by("pk"))


def test_page_shows_the_codebook_and_reads_no_data(study: Study) -> None:
    text = text_of(desk("export_data").get(PAGE))
    assert "Nothing is counted here." in text
    assert "Your gender?" in text
    assert recorded() == []


def test_page_counts_when_asked_and_records_it(study: Study) -> None:
    response = desk("export_data").post(PAGE, {"format": "page", "mode": "pilot"})
    assert "Participants counted: 1, of the mode pilot" in text_of(response)
    assert recorded() == [("pilot", "assistant", "codebook_page", False)]


@pytest.mark.parametrize("name", BOOK_FORMATS)
def test_page_gives_each_format(study: Study, name: str) -> None:
    response = desk("export_data").post(PAGE, {"format": name, "mode": "live"})
    assert response.content == BOOK_FORMATS[name].write(book_of(study))
    assert response.headers["Content-Type"] == BOOK_FORMATS[name].content_type
    file_name = f"park_live_codebook{BOOK_FORMATS[name].suffix}"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{file_name}"'
    assert recorded()[0] == ("live", "assistant", f"codebook_{name}", False)


def test_page_leaves_the_list_of_kept_exports_alone(study: Study) -> None:
    client = desk()
    client.post(PAGE, {"format": "md", "mode": "live"})
    (record,) = ExportRecord.objects.all()
    assert client.get("/admin/export/park/").status_code == 200
    assert client.get(f"/admin/export/park/{record.pk}/").status_code == 404


def test_page_of_a_draft_gives_it_without_counts() -> None:
    StudyFactory(slug="park")
    response = desk("export_data").post(PAGE, {"format": "md"})
    assert b"Nothing is counted here." in response.content
    assert 'filename="park_draft_codebook.md"' in response.headers["Content-Disposition"]
    assert recorded() == []


def test_page_of_a_draft_with_problems_says_which() -> None:
    EmptyStudyFactory(slug="park")
    response = desk("export_data").get(PAGE)
    assert response.status_code == 409
    assert "park can't be launched" in text_of(response)


@pytest.mark.parametrize("asked", [{"format": "doc"}, {"format": "md", "mode": "all"}, {}])
def test_page_refuses_what_is_no_format_or_mode(study: Study, asked: dict[str, str]) -> None:
    assert desk("export_data").post(PAGE, asked).status_code == 400
    assert recorded() == []


def test_page_is_for_who_may_export(study: Study) -> None:
    client = desk("view_participant")
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, {"format": "md", "mode": "live"}).status_code == 403


@pytest.mark.parametrize("people", [1, 3])
def test_page_takes_as_many_queries_for_more_participants(
    study: Study, people: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(3, 2 + people):
        completed(study, number, "none.low")
    client = desk()
    with django_assert_num_queries(6, connection=connection):
        client.get(PAGE)


def test_study_page_leads_to_the_codebook(study: Study) -> None:
    for page in (f"/admin/experiments/study/{study.pk}/change/", "/admin/export/park/"):
        assert f'href="{PAGE}"' in desk().get(page).content.decode()


@pytest.mark.parametrize("name", BOOK_FORMATS)
def test_command_writes_each_format(study: Study, tmp_path: Path, name: str) -> None:
    file = tmp_path / "book"
    file.write_text("an older one")
    call_command("codebook", "park", "--format", name, "--output", str(file))
    assert file.read_bytes() == BOOK_FORMATS[name].write(book_of(study))
    assert list(tmp_path.iterdir()) == [file]
    assert recorded()[0][2] == f"codebook_{name}"


def test_command_writes_a_draft_to_standard_output(
    capsysbinary: pytest.CaptureFixture[bytes],
) -> None:
    StudyFactory(slug="park")
    call_command("codebook", "park")
    assert capsysbinary.readouterr().out.startswith(b"# Codebook: A park\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere"], "There is no study nowhere"),
        (["empty"], "empty can't be launched"),
        (["park", "--output", "/nowhere/park.md"], "/nowhere/park.md is in no folder"),
    ],
)
def test_command_refuses(study: Study, arguments: list[str], message: str) -> None:
    EmptyStudyFactory(slug="empty")
    with pytest.raises(CommandError, match=message):
        call_command("codebook", *arguments, stderr=StringIO())
    assert recorded() == []
