"""The door of a study: open, shut or full; odd links; fingerprints; looking writes nothing."""

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client, RequestFactory
from lxml import html
from pytest_django import DjangoAssertNumQueries, Settings

from experiments.design import Outcome
from experiments.models import Status
from responses import tokens
from responses.device import address_of
from responses.models import Invitation, Participant, State
from tests.designs import small
from tests.responses.arriving import FROM_PANEL, invitation, rows
from tests.responses.studies import ABOUT, entered, launched, sent, walked
from tests.responses.ways import PANEL, arrives, ending_in, few, form_of, of_a_panel, screened

pytestmark = pytest.mark.django_db


def test_form_at_the_door_carries_what_the_link_brought(client: Client) -> None:
    launched(of_a_panel())
    link = f"{FROM_PANEL}&junk={'x' * 10_000}"
    form = form_of(client.get(link).content, link)
    assert parse_qs(urlsplit(form.address).query) == {
        "lang": ["en"],
        "PROLIFIC_PID": ["pid1"],
        "STUDY_ID": ["st1"],
        "SESSION_ID": ["se1"],
    }


def test_language_at_the_door_is_changed_without_losing_answers(client: Client) -> None:
    launched(screened())
    form = form_of(client.get("/s/park/").content, "/s/park/")
    typed = {**form.fields, "adult": "yes", "town": "Suwon"}
    response = client.post(form.address, {**typed, "move": "language:ko"})
    assert response.status_code == 200
    assert '<html lang="ko"' in response.content.decode()
    korean = form_of(response.content, "/s/park/")
    assert (korean.fields["town"], korean.fields["adult"]) == (["Suwon"], ["yes"])
    assert korean.fields["nonce"] == form.fields["nonce"]
    assert set(rows().values()) == {0}
    client.post(korean.address, {**korean.fields, "move": "next"})
    assert Participant.objects.get().language == "ko"


@pytest.mark.parametrize(
    ("status", "outcome", "code"),
    [(Status.PAUSED, Outcome.PAUSED, 503), (Status.CLOSED, Outcome.CLOSED, 410)],
)
def test_shut_study_sends_people_back_to_their_panel(
    client: Client, status: Status, outcome: Outcome, code: int
) -> None:
    launched(ending_in(outcome, more="&pid={prolific_pid}"), status=status)
    link = FROM_PANEL.replace("pid1", "a%26b%2F")
    for response in (client.get(link), client.post(link, {"consent": "agree", "nonce": "n"})):
        assert response.status_code == code
        page = html.fromstring(response.content)
        assert page.get_element_by_id("redirect").get("href") == (
            f"{PANEL}?end={outcome}&cc=&pid=a%26b%2F"
        )
    assert set(rows().values()) == {0}


def test_full_study_says_so_at_the_door(client: Client) -> None:
    launched(few(1, design=ending_in(Outcome.FULL)))
    walked(Client())
    response = client.get("/s/park/")
    assert response.status_code == 410
    assert "The end: full" in response.content.decode()
    assert Participant.objects.count() == 1


def test_who_comes_as_the_last_place_goes_is_counted_as_quota_full(client: Client) -> None:
    launched(few(1))
    form = form_of(client.get("/s/park/").content, "/s/park/")
    first = Client()
    entered(first)
    response = client.post(form.address, {**form.fields, "consent": "agree"})
    assert response["Location"] == "/s/park/welcome/"
    page = client.get("/s/park/welcome/").content.decode()
    person = Participant.objects.latest("id")
    assert (person.state, person.completion_code in page) == (State.QUOTA_FULL, True)
    again = {"consent": "agree", "nonce": "n" * 22}
    second = Client()
    assert [second.post("/s/park/", again)["Location"] for _ in range(2)] == [
        "/s/park/welcome/"
    ] * 2


def test_double_click_on_the_last_place_goes_on() -> None:
    launched(few(1))
    form = {"consent": "agree", "nonce": "n" * 22}
    answers = [Client().post(FROM_PANEL, form)["Location"] for _ in range(2)]
    assert answers == ["/s/park/about/"] * 2
    assert Participant.objects.count() == 1


def test_looking_writes_nothing(client: Client) -> None:
    link = invitation(launched(screened()))
    known = Client()
    arrives(known, FROM_PANEL, {"adult": "yes"})
    before = rows(), Participant.objects.values().get()
    for address in (FROM_PANEL, link, "/s/park/", "/s/park/screen/", "/s/park/resume/"):
        for browser in (client, known):
            browser.head(address)
            browser.get(address)
    assert "coprod_park" not in client.cookies
    assert (rows(), Participant.objects.values().get()) == before
    assert Invitation.objects.get().used_at is None


def test_head_of_the_vignette_is_no_exposure(client: Client) -> None:
    launched(of_a_panel())
    entered(client)
    sent(client, "about", ABOUT)
    assert client.head("/s/park/story/").status_code == 200
    assert Participant.objects.get().exposed_at is None


@pytest.mark.parametrize(
    "query",
    [
        "PROLIFIC_PID=%ff%fe&lang=%c3",
        "STUDY_ID=a%00b",
        f"lang={'y' * 10_240}&i={'z' * 10_240}",
        "PROLIFIC_PID=a&PROLIFIC_PID=b&lang=en&lang=ko&i=1&i=2",
        "mode=&key=&i=%ff",
        "%ff=%ff&&&===&lang",
    ],
)
def test_odd_link_is_answered(client: Client, query: str) -> None:
    launched(of_a_panel())
    assert client.get(f"/s/park/?{query}").status_code == 200
    form = {"consent": "agree", "nonce": "n" * 22}
    assert client.post(f"/s/park/?{query}", form).status_code == 302
    assert Participant.objects.count() == 1


@pytest.mark.parametrize("pid", ["%00", "x" * 201, "a%0Ab"])
def test_panel_id_that_can_not_be_stored_lets_nobody_in_without_one(
    client: Client, pid: str
) -> None:
    launched(of_a_panel())
    form = {"consent": "agree", "nonce": "n" * 22}
    for response in (
        client.get(f"/s/park/?PROLIFIC_PID={pid}"),
        client.post(f"/s/park/?PROLIFIC_PID={pid}", form),
    ):
        assert response.status_code == 403
        assert "This link is not complete" in response.content.decode()
    assert Participant.objects.count() == 0


@pytest.mark.parametrize("query", ["mode=%ff&key=%ff", f"mode=pilot&key={'x' * 10_240}"])
def test_odd_key_is_refused(client: Client, query: str) -> None:
    launched(of_a_panel())
    assert client.get(f"/s/park/?{query}").status_code == 403


def test_fingerprint_finds_the_same_address_and_browser_of_a_day() -> None:
    launched(of_a_panel())
    for agent, address in (("one", "10.0.0.1"), ("one", "10.0.0.1"), ("two", "10.0.0.1")):
        entered(Client(headers={"user-agent": agent}, REMOTE_ADDR=address))
    entered(Client(headers={"user-agent": "one"}, REMOTE_ADDR="10.0.0.2"))
    found = [bytes(p.fingerprint or b"") for p in Participant.objects.order_by("id")]
    assert found[0] == found[1]
    assert len(set(found)) == 3
    assert tokens.fingerprint("2026-11-23", "a", "b") != tokens.fingerprint("2026-11-24", "a", "b")


@pytest.mark.parametrize(
    ("behind", "told", "address"),
    [
        (False, "203.0.113.7", "10.0.0.1"),
        (True, "203.0.113.7", "203.0.113.7"),
        # What the browser claims stands before what the proxy adds.
        (True, "198.51.100.1, 203.0.113.7", "203.0.113.7"),
        (True, "", "10.0.0.1"),
    ],
)
def test_address_behind_a_proxy_is_the_one_that_the_proxy_wrote(
    settings: Settings, behind: bool, told: str, address: str
) -> None:
    settings.BEHIND_PROXY = behind
    headers = {"X-Forwarded-For": told} if told else {}
    request = RequestFactory().get("/s/park/", headers=headers, REMOTE_ADDR="10.0.0.1")
    assert address_of(request) == address


def test_fingerprint_can_be_switched_off(client: Client) -> None:
    launched(replace(small(), fingerprint=False))
    entered(client)
    assert Participant.objects.get().fingerprint is None


@pytest.mark.parametrize("people", [1, 3])
def test_ways_in_cost_literal_numbers_of_statements(
    people: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    study = launched(of_a_panel())
    for number in range(people):
        walked(Client(), link=FROM_PANEL.replace("pid1", f"person{number}"))
    form = {"consent": "agree"}
    with django_assert_num_queries(2):  # the door, the id
        Client().get(FROM_PANEL)
    link = invitation(study)
    with django_assert_num_queries(1):
        Client().get(link)
    # The door; the row with its first page, and the id or the invitation.
    with django_assert_num_queries(2):
        Client().post(FROM_PANEL, {**form, "nonce": "a" * 22})
    with django_assert_num_queries(2):
        Client().post(link, {**form, "nonce": "b" * 22})
    with django_assert_num_queries(2):
        Client().post("/s/park/", {"consent": "decline", "nonce": "c" * 22})


def test_quotas_cost_literal_numbers_of_statements(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    launched(few(9))
    walked(Client())
    with django_assert_num_queries(2):  # the door, the places
        Client().get("/s/park/")
    # The door, the row, its read, its first page, the cell's lock and its place; in the tests a
    # transaction is a savepoint.
    client = Client()
    with django_assert_num_queries(10):
        client.post("/s/park/", {"consent": "agree", "nonce": "n" * 22})
