"""Personal links at the desk: a list goes in, the links come back, each fault is named."""

import csv
from io import StringIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from responses.invitations import sent
from responses.models import Invitation
from tests.desk import desk, text_of
from tests.responses.studies import launched
from tests.responses.ways import arrives, by_invitation

pytestmark = pytest.mark.django_db

PAGE = "/admin/responses/participant/invitations/park/"


def uploaded(text: str | bytes) -> dict[str, Any]:
    content = text if isinstance(text, bytes) else text.encode()
    return {"file": SimpleUploadedFile("people.csv", content, "text/csv")}


def told(response: Any) -> list[dict[str, str]]:
    """The rows of a file that came back."""
    return list(csv.DictReader(StringIO(response.content.decode("utf-8-sig"))))


def test_desk_takes_a_list_and_gives_the_links(client: Client) -> None:
    launched(by_invitation())
    response = desk().post(PAGE, uploaded("label\nAnn\nBob 안\n"))
    assert response["Content-Type"].startswith("text/csv")
    assert response["Content-Disposition"].startswith('attachment; filename="park_links_')
    rows = told(response)
    assert [row["label"] for row in rows] == ["Ann", "Bob 안"]
    assert rows[0]["link"] == f"http://testserver/s/park/?i={rows[0]['token']}"
    assert arrives(client, rows[0]["link"].removeprefix("http://testserver")).status_code == 302
    page = text_of(desk().get(PAGE))
    assert "Made 2 Used 1 Not used yet 1" in page
    assert "does not ask for an invitation" not in page


def test_desk_says_which_lines_are_wrong() -> None:
    launched()
    response = desk().post(PAGE, uploaded("label,token\nAnn,short\nAnn,\n<b>x</b>,short\n"))
    assert response.status_code == 422
    page = text_of(response)
    assert "Nobody was invited: mend these lines first" in page
    assert "Line 2: a token has 12 to 64" in page
    assert "Line 3: the label Ann stands on line 2 already." in page
    assert Invitation.objects.count() == 0
    assert "its open link lets in whoever has none" in page


def test_desk_lists_fifty_faults_and_counts_the_rest() -> None:
    launched()
    page = text_of(desk().post(PAGE, uploaded("label\n" + "Ann\n" * 60)))
    assert page.count("stands on line 2 already") == 50
    assert "And 9 more." in page


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\xff", b"PK\x03\x04\x00", b'a\n"b', b"\0"])
def test_desk_refuses_what_is_no_list(content: bytes) -> None:
    launched()
    response = desk().post(PAGE, uploaded(content))
    assert response.status_code == 422
    assert 'class="errorlist"' in response.content.decode()
    assert Invitation.objects.count() == 0


def test_desk_shows_the_page_only_to_whom_it_is_for(client: Client) -> None:
    launched()
    assert client.get(PAGE).status_code == 302
    assert desk("view_participant").get(PAGE).status_code == 403
    reader = desk("view_invitation")
    assert "Make the links" not in text_of(reader.get(PAGE))
    assert reader.post(PAGE, uploaded("Ann\n")).status_code == 403
    assert desk().get(PAGE.replace("park", "nonesuch")).status_code == 404
    inviter = desk("view_invitation", "add_invitation")
    assert inviter.post(PAGE, uploaded("Ann\n")).status_code == 200


@pytest.mark.parametrize("guests", [1, 3])
def test_invitations_cost_literal_numbers_of_statements(
    guests: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    study = launched()
    client = desk()
    client.get(PAGE)
    rows = "".join(f"Guest {number},guest-token-{number}\n" for number in range(guests))
    # Session, account, study; a savepoint here, the lock, labels, tokens, the rows.
    with django_assert_num_queries(9):
        assert client.post(PAGE, uploaded(rows)).status_code == 200
    assert sent(study).made == guests
    # Session, account, study, counts.
    with django_assert_num_queries(4):
        client.get(PAGE)
