"""What is typed and not sent: kept at once, on any device, gone once it is sent or withdrawn."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from responses import drafts
from responses.drafts import Saved
from responses.models import Draft, Participant, Submission
from responses.withdrawal import withdraw
from tests.changed import changed
from tests.designs import small
from tests.responses.drafting import kept, typed, with_token
from tests.responses.export.reading import export, rows
from tests.responses.locks import until_one_waits
from tests.responses.studies import ABOUT, OPINION, entered, launched, sent, walked
from tests.responses.ways import form_of, with_way_back

pytestmark = pytest.mark.django_db


def fields_of(client: Client, page: str) -> dict[str, Any]:
    return form_of(client.get(f"/s/park/{page}/").content, "").fields


def test_draft_is_shown_again_after_the_tab_was_closed(client: Client) -> None:
    launched()
    token = walked(client, until="opinion")
    assert typed(client, "opinion", {"will1": "3", "comment": "half a <sent>\r\nence 반쯤"}) == 204
    fields = fields_of(with_token(token), "opinion")
    assert (fields["will1"], fields["comment"]) == (["3"], ["half a <sent>\nence 반쯤"])
    assert Submission.objects.filter(page="opinion").count() == 0


def test_resume_code_on_another_device_brings_the_draft(client: Client) -> None:
    launched()
    token = walked(client, until="opinion")
    typed(client, "opinion", {"comment": "on the phone"})
    laptop = Client()
    response = laptop.post(
        "/s/park/resume/", {"code": f" {token[:4]}-{token[4:8].lower()} {token[8:]}"}
    )
    assert response["Location"] == "/s/park/opinion/"
    assert fields_of(laptop, "opinion")["comment"] == ["on the phone"]


def test_newest_draft_takes_the_place_of_the_older(client: Client) -> None:
    launched()
    entered(client)
    typed(client, "about", {"gender": "woman", "motive1": "1"})
    typed(client, "about", {"motive1": "5"})
    assert kept() == {"motive1": ["5"]}
    assert fields_of(client, "about").get("gender") is None


def test_draft_keeps_every_value_of_a_field_and_none_of_the_pages_own(client: Client) -> None:
    launched()
    entered(client)
    own = dict.fromkeys(drafts.OWN_FIELDS, "x")
    typed(client, "about", {**own, "uses": ["park", "pool"], "no_item": ""})
    assert kept() == {"uses": ["park", "pool"], "no_item": [""]}
    # What the page has no field for is not shown.
    assert client.get("/s/park/about/").status_code == 200


def test_page_that_was_sent_beats_an_older_draft(client: Client) -> None:
    launched()
    walked(client, until="opinion")
    typed(client, "opinion", {"will1": "1", "comment": "old"})
    sent(client, "opinion", OPINION)
    assert Draft.objects.count() == 0
    assert Participant.objects.get().answers["will1"] == "6"


def test_draft_that_comes_after_its_page_was_sent_is_dropped(client: Client) -> None:
    """A request in the background may be overtaken by the page itself."""
    launched()
    walked(client, until="story")
    assert typed(client, "about", {"motive1": "1"}) == Saved.MOVED_ON.value == 409
    assert Draft.objects.count() == 0
    assert Participant.objects.get().answers["motive1"] == "4"


def test_refused_page_keeps_what_was_typed_before(client: Client) -> None:
    launched()
    entered(client)
    typed(client, "about", {"motive1": "5"})
    assert client.post("/s/park/about/", {"gender": "woman", "move": "next"}).status_code == 422
    assert kept() == {"motive1": ["5"]}


def test_draft_of_one_is_nobody_elses(client: Client) -> None:
    launched()
    entered(client)
    other = Client()
    entered(other)
    typed(client, "about", {"motive1": "5"})
    typed(other, "about", {"motive1": "2"})
    assert fields_of(client, "about")["motive1"] == ["5"]
    assert fields_of(other, "about")["motive1"] == ["2"]


def test_end_of_any_kind_leaves_no_draft(client: Client) -> None:
    launched(changed(small(), {"pages[1].screen_out_if": 'gender == "man"'}))
    entered(client)
    typed(client, "about", {"motive1": "5"})
    sent(client, "about", {**ABOUT, "gender": "man"})
    assert Draft.objects.count() == 0


def test_withdrawal_erases_drafts(client: Client) -> None:
    launched()
    walked(client, until="opinion")
    typed(client, "opinion", {"comment": "my secret"})
    withdraw(participant_id=Participant.objects.get().pk, keep=True)
    assert Draft.objects.count() == 0
    assert typed(client, "opinion", {"comment": "my secret"}) == 403
    assert Draft.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_drafts_are_in_no_export(client: Client) -> None:
    study = launched()
    walked(client, until="opinion")
    typed(client, "opinion", {"comment": "my secret", "will1": "3"})
    (row,) = rows(export(study))
    assert "my secret" not in row.values()
    assert row["will1"] is None


@pytest.mark.django_db(transaction=True)
def test_drafts_and_the_page_at_once_leave_the_page_and_no_draft() -> None:
    launched()
    token = walked(Client(), until="opinion")

    def act(number: int) -> int:
        client = with_token(token)
        try:
            if number == 5:
                return client.post("/s/park/opinion/", {**OPINION, "move": "next"}).status_code
            return typed(client, "opinion", {"comment": f"draft {number}"})
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        found = list(pool.map(act, range(10)))

    assert found[5] == 302
    assert set(found) <= {204, 302, 409, 410}
    assert Submission.objects.get(page="opinion").answers["comment"] == "Fine.\nReally."
    assert Participant.objects.get().state == "completed"


@pytest.mark.django_db(transaction=True)
def test_draft_that_is_saved_as_its_page_is_stored_is_not_shown() -> None:
    """The page waits for the draft's lock, so it can't see the draft, and does not delete it."""
    launched(with_way_back())
    token = entered(Client())
    client = with_token(token)

    def send() -> str:
        try:
            return sent(with_token(token), "about", ABOUT)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            assert typed(client, "about", {"motive1": "1"}) == 204
            stored = pool.submit(send)
            until_one_waits()
        assert stored.result() == "town"
    assert client.post("/s/park/town/", {"move": "back"})["Location"] == "/s/park/about/"
    assert fields_of(client, "about")["motive1"] == [ABOUT["motive1"]]
    typed(client, "about", {"motive1": "5"})
    assert fields_of(client, "about")["motive1"] == ["5"]


@pytest.mark.django_db(transaction=True)
def test_draft_that_comes_during_a_withdrawal_is_not_kept() -> None:
    launched()
    token = walked(Client(), until="opinion")

    def keep() -> int:
        try:
            return typed(with_token(token), "opinion", {"comment": "my secret"})
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            withdraw(participant_id=Participant.objects.get().pk)
            saved = pool.submit(keep)
            until_one_waits()
        assert saved.result() == 403
    assert Draft.objects.count() == 0


@pytest.mark.parametrize("people", [1, 3])
def test_draft_costs_one_statement(
    client: Client, people: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    launched()
    for _ in range(people):
        typed_by = Client()
        entered(typed_by)
        typed(typed_by, "about", {"motive1": "1"})
    entered(client)
    for _ in range(2):
        with django_assert_num_queries(1):
            assert typed(client, "about", {"motive1": "5"}) == 204
    with django_assert_num_queries(1):
        assert typed(client, "story", {"motive1": "5"}) == 409
