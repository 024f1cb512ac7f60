"""Whom to pay, at the desk: a list goes in and comes back with the verdicts."""

import csv
from io import StringIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.desk import desk, text_of
from tests.responses.panels import as_csv, code_of, link, panel
from tests.responses.studies import launched, walked

PAGE = "/admin/responses/participant/codes/park/"


def upload(content: bytes, **fields: str) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("panel.csv", content, "text/csv"), **fields}


@pytest.mark.django_db
def test_desk_sends_the_list_back_with_the_verdicts() -> None:
    launched(panel())
    walked(Client(), link=link("pid1"))
    client = desk()
    response = client.post(PAGE, upload(as_csv(("s1", "pid1", "DONE", code_of("pid1")))))
    assert response["Content-Type"].startswith("text/csv")
    assert response["Content-Disposition"].startswith('attachment; filename="park_codes_')
    (row,) = csv.DictReader(StringIO(response.content.decode("utf-8-sig")))
    assert row == {
        "Submission id": "s1",
        "Participant id": "pid1",
        "Status": "DONE",
        "Completion code": code_of("pid1"),
        "coprod_pay": "yes",
        "coprod_why": "Completed.",
        "coprod_state": "completed",
    }
    named = upload(b"who\npid1\n", panel_id="who")
    assert b"pid1,yes" in client.post(PAGE, named).content


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, "This field is required."),
        (upload(b""), "This file is empty. Choose another, or save it anew and choose it again."),
        (upload(b"a,b\n1,2\n"), "Name it; the columns are: a, b."),
        (upload(b"code\n1\n", code="x"), "There is no column x; the columns are: code."),
        (upload(b"\xff\xff"), "The file is not in UTF-8."),
    ],
)
def test_desk_says_what_is_wrong_with_the_file(fields: dict[str, Any], told: str) -> None:
    launched()
    response = desk().post(PAGE, fields)
    assert response.status_code == 422
    assert told in text_of(response)


@pytest.mark.django_db
def test_desk_shows_the_page_only_to_whom_it_is_for(client: Client) -> None:
    launched()
    assert client.get(PAGE).status_code == 302
    assert desk("view_study").get(PAGE).status_code == 403
    assert "Who is to be paid?" in text_of(desk("view_participant").get(PAGE))
    assert desk().get(PAGE.replace("park", "nonesuch")).status_code == 404


@pytest.mark.django_db
def test_pages_are_linked_from_the_study_and_from_its_counts() -> None:
    study = launched()
    watch = "/admin/responses/participant/watch/park/"
    for address in (f"/admin/experiments/study/{study.pk}/change/", watch):
        page = desk().get(address).content.decode()
        for name in ("codes", "invitations"):
            assert f'href="/admin/responses/participant/{name}/park/"' in page
    page = desk("view_participant").get(watch).content.decode()
    assert "participant/codes/park/" in page
    assert "participant/invitations/park/" not in page


@pytest.mark.django_db
@pytest.mark.parametrize("people", [1, 3])
def test_checking_costs_literal_numbers_of_statements(
    people: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    launched(panel())
    for number in range(people):
        walked(Client(), link=link(f"pid{number}"))
    rows = [("s", f"pid{number}", "", code_of(f"pid{number}")) for number in range(people)]
    client = desk()
    # Session, account, study.
    with django_assert_num_queries(3):
        client.get(PAGE)
    # The line in the log, the people, the codes and the ids that withdrew.
    with django_assert_num_queries(7):
        assert client.post(PAGE, upload(as_csv(*rows))).content.count(b",yes,") == people
