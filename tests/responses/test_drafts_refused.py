"""Drafts that are refused, of others or too large, and odd ones that harm nobody."""

from dataclasses import replace

import pytest
from django.test import Client

from experiments.models import Status, Study
from responses import drafts
from responses.drafts import Saved
from responses.models import Draft
from tests.changed import changed
from tests.designs import small
from tests.responses.drafting import kept, typed, with_token
from tests.responses.studies import ABOUT, OPINION, entered, launched, sent, walked
from tests.responses.ways import arrives, screened, yes_or_no

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("page", "status"),
    [("story", 409), ("thanks", 409), ("nonesuch", 409), ("about\0", 404), ("x" * 500, 409)],
)
def test_draft_of_a_page_that_they_are_not_on_is_refused(
    client: Client, page: str, status: int
) -> None:
    launched()
    entered(client)
    assert typed(client, page, {"motive1": "5"}) == status
    assert Draft.objects.count() == 0


@pytest.mark.parametrize("token", ["", "AAAAAAAAAAAA", "\u00e9", "x" * 5000, "0" * 12])
def test_draft_of_nobody_is_refused(token: str) -> None:
    launched()
    entered(Client())
    assert drafts.save(study="park", token=token, page="about", fields={}) is Saved.UNKNOWN
    assert typed(Client(), "about", {"motive1": "5"}) == 403
    assert Draft.objects.count() == 0


def test_draft_with_another_studys_token_is_refused(client: Client) -> None:
    launched(replace(small(), study="other"))
    launched()
    token = entered(client, slug="other")
    assert typed(with_token(token), "about", {"motive1": "5"}) == 403


def test_draft_of_who_has_ended_is_refused(client: Client) -> None:
    launched(screened())
    arrives(client, "/s/park/", {"adult": "no"})
    assert typed(client, "screen", {"town": "Suwon"}) == Saved.ENDED.value == 410
    completed = Client()
    arrives(completed, "/s/park/", {"adult": "yes"})
    sent(completed, "welcome", {"consent": "agree"})
    for page, answers in (("about", ABOUT), ("story", {}), ("opinion", OPINION)):
        completed.get(f"/s/park/{page}/")
        sent(completed, page, answers)
    assert typed(completed, "thanks", {"comment": "x"}) == 410
    assert Draft.objects.count() == 0


def test_draft_of_a_closed_study_is_refused_and_of_a_paused_one_kept(client: Client) -> None:
    study = launched()
    entered(client)
    Study.objects.filter(pk=study.pk).update(status=Status.PAUSED)
    assert typed(client, "about", {"motive1": "5"}) == 204
    Study.objects.filter(pk=study.pk).update(status=Status.CLOSED)
    assert typed(client, "about", {"motive1": "1"}) == 410
    assert kept() == {"motive1": ["5"]}


def test_draft_is_as_large_as_it_may_be_and_no_larger(client: Client) -> None:
    launched()
    entered(client)
    most = drafts.LARGEST - len("comment")
    assert typed(client, "about", {"comment": "가" * most}) == 204
    assert typed(client, "about", {"comment": "x" * (most + 1)}) == 413
    assert kept()["comment"] == ["가" * most]
    assert typed(client, "about", {f"f{n}": "" for n in range(drafts.MOST_FIELDS)}) == 204
    many = {f"f{number}": "" for number in range(drafts.MOST_FIELDS + 1)}
    assert (
        drafts.save(study="park", token="x", page="about", fields=dict.fromkeys(many, ("",)))
        is Saved.TOO_LARGE
    )


def test_draft_beyond_what_the_server_reads_is_refused(client: Client) -> None:
    launched()
    entered(client)
    assert typed(client, "about", {f"f{n}": "" for n in range(5000)}) in (400, 413)
    assert typed(client, "about", {"comment": "x" * 5_000_000}) in (400, 413)
    assert Draft.objects.count() == 0


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"\xff\xfe\x00gender=\xff", "application/x-www-form-urlencoded", {204, 400}),
        (b"comment=%00", "application/x-www-form-urlencoded", {400}),
        (b"%00=1", "application/x-www-form-urlencoded", {400}),
        (b"comment=%ed%a0%80", "application/x-www-form-urlencoded", {204, 400}),
        (b'{"gender": "woman"}', "application/json", {204, 400}),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x", {204, 400}),
        (b"--x", "multipart/form-data", {400}),
        (b"", "application/x-www-form-urlencoded", {204}),
        (b"&&&===&", "application/x-www-form-urlencoded", {204}),
    ],
)
def test_rubbish_is_answered_and_harms_nobody(
    client: Client, body: bytes, content_type: str, status: set[int]
) -> None:
    launched()
    entered(client)
    typed(client, "about", {"motive1": "5"})
    response = client.generic("POST", "/s/park/about/draft/", body, content_type)
    assert response.status_code in status
    page = client.get("/s/park/about/")
    assert page.status_code == 200
    assert sent(client, "about", ABOUT) == "story"


@pytest.mark.parametrize(
    "value", ["not_an_option", "9999", "=1+1", "<script>", "{reward}", "{{ x }}", "x" * 10_000]
)
def test_draft_that_no_answer_could_be_is_shown_safely(client: Client, value: str) -> None:
    launched(
        changed(small(), {"pages[1].items": lambda i: (*i, yes_or_no("city", "City?", "도시?"))})
    )
    walked(client, until="about")
    fields = dict.fromkeys(("gender", "education", "motive1", "city"), value)
    assert typed(client, "about", fields) == 204
    page = client.get("/s/park/about/")
    assert page.status_code == 200
    assert "<script>" not in page.content.decode().replace("<script src", "")
    assert client.post("/s/park/about/", {**fields, "move": "next"}).status_code == 422


def test_drafts_are_taken_by_post_alone(client: Client) -> None:
    launched()
    entered(client)
    for method in (client.get, client.head, client.put, client.delete):
        assert method("/s/park/about/draft/").status_code == 405


def test_draft_needs_the_form_token() -> None:
    launched()
    client = Client(enforce_csrf_checks=True)
    client.cookies["coprod_park"] = entered(Client())
    assert client.post("/s/park/about/draft/", {"motive1": "5"}).status_code == 403
    assert Draft.objects.count() == 0
