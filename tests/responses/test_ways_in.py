"""The ways into a study: panels, invitations, screening, the shut door; one person, one row."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import IntegrityError, connection
from django.test import Client
from lxml import html
from pytest_django import DjangoAssertNumQueries

from experiments.design import Access, Outcome, Parameter
from experiments.models import Status, Study
from responses import tokens
from responses.arrival import entry_link
from responses.models import (
    Allocation,
    Draft,
    Invitation,
    Mode,
    PanelIdentity,
    Paradata,
    Participant,
    State,
    Submission,
)
from tests.designs import small
from tests.responses.studies import ABOUT, entered, launched, sent, walked
from tests.responses.ways import PANEL, arrives, ending_in, few, form_of, of_a_panel, screened

pytestmark = pytest.mark.django_db

FROM_PANEL = "/s/park/?PROLIFIC_PID=pid1&STUDY_ID=st1&SESSION_ID=se1"
ALREADY = "You have started this survey before"
EVERYTHING = (Participant, Submission, PanelIdentity, Paradata, Draft, Allocation)


def panel_only() -> Any:
    return replace(of_a_panel(), access=Access.PANEL)


def invited_only() -> Any:
    return replace(of_a_panel(), access=Access.INVITATION)


def invitation(study: Study, token: str = "") -> str:
    """A personal link to the study."""
    token = token or tokens.new_invitation()
    Invitation.objects.create(study=study, token_hash=tokens.invitation_hash(token))
    return f"/s/park/?i={token}"


def rows() -> dict[str, int]:
    return {model.__name__: model._default_manager.count() for model in EVERYTHING}


def at_once(count: int, act: Callable[[int], Any]) -> list[Any]:
    """What `count` people get who act at the same time."""

    def run(number: int) -> Any:
        try:
            return act(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def test_panel_parameters_are_kept_and_the_id_apart(client: Client) -> None:
    launched(of_a_panel())
    assert arrives(client, FROM_PANEL)["Location"] == "/s/park/about/"
    person = Participant.objects.get()
    assert person.parameters == {"prolific_study": "st1", "prolific_session": "se1"}
    identity = PanelIdentity.objects.get()
    assert (identity.value, identity.participant, identity.mode) == ("pid1", person, Mode.LIVE)


def test_parameter_that_the_design_does_not_map_or_that_is_too_long_is_left_out(
    client: Client,
) -> None:
    mapped = (Parameter("source", "src"), Parameter("wave", "w"))
    launched(replace(small(), parameters=mapped))
    arrives(client, f"/s/park/?src=%EA%B3%B5+1&w={'x' * 201}&secret=1&mode=&PROLIFIC_PID=p")
    assert Participant.objects.get().parameters == {"source": "공 1"}
    assert PanelIdentity.objects.count() == 0


def test_second_arrival_in_another_browser_meets_a_polite_page(client: Client) -> None:
    launched(of_a_panel())
    token = entered(client, link=FROM_PANEL)
    other = Client()
    form = {"consent": "agree", "nonce": "o" * 22}
    for response in (other.get(FROM_PANEL), other.post(FROM_PANEL, form)):
        page = response.content.decode()
        assert response.status_code == 403
        assert ALREADY in page
        assert 'name="code"' in page
    assert Participant.objects.count() == 1
    assert other.post("/s/park/resume/", {"code": token})["Location"] == "/s/park/about/"


def test_second_arrival_in_the_same_browser_goes_on(client: Client) -> None:
    launched(of_a_panel())
    entered(client, link=FROM_PANEL)
    sent(client, "about", ABOUT)
    assert client.get(FROM_PANEL)["Location"] == "/s/park/story/"
    assert client.get("/s/park/")["Location"] == "/s/park/story/"
    assert client.post(FROM_PANEL, {"consent": "agree"})["Location"] == "/s/park/story/"


def test_somebody_else_of_the_panel_in_the_same_browser_is_somebody_else(client: Client) -> None:
    launched(of_a_panel())
    first = entered(client, link=FROM_PANEL)
    second = entered(client, link=FROM_PANEL.replace("pid1", "pid2"))
    assert first != second
    values = PanelIdentity.objects.order_by("id").values_list("value", flat=True)
    assert list(values) == ["pid1", "pid2"]


def test_same_id_in_the_pilot_and_live_is_two_people(client: Client) -> None:
    study = launched(of_a_panel(), status=Status.PILOT)
    link = entry_link("park", Mode.PILOT)
    entered(client, link=f"{link}&PROLIFIC_PID=pid1")
    Study.objects.filter(pk=study.pk).update(status=Status.LIVE, live_version=study.pilot_version)
    entered(Client(), link=FROM_PANEL)
    assert set(PanelIdentity.objects.values_list("mode", "value")) == {
        ("pilot", "pid1"),
        ("live", "pid1"),
    }


@pytest.mark.django_db(transaction=True)
def test_id_that_arrives_twenty_times_at_once_makes_one_row() -> None:
    launched(of_a_panel())

    def act(number: int) -> int:
        nonce = f"{number:022}"
        return Client().post(FROM_PANEL, {"consent": "agree", "nonce": nonce}).status_code

    assert sorted(at_once(20, act)) == [302] + [403] * 19
    assert (Participant.objects.count(), PanelIdentity.objects.count()) == (1, 1)
    assert Submission.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("address", [FROM_PANEL, "/s/park/"])
def test_form_that_is_sent_twelve_times_at_once_enters_one_who_goes_on(address: str) -> None:
    launched(of_a_panel())
    form = {"consent": "agree", "nonce": "n" * 22}
    answers = at_once(12, lambda _: Client().post(address, form).headers.get("Location"))
    assert answers == ["/s/park/about/"] * 12
    assert (Participant.objects.count(), Submission.objects.count()) == (1, 1)


@contextmanager
def nothing_can_be_stored() -> Iterator[None]:
    """Has the database refuse every submission meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE responses_submission ADD CONSTRAINT broken CHECK (false) NOT VALID"
        )
        try:
            yield
        finally:
            cursor.execute("ALTER TABLE responses_submission DROP CONSTRAINT broken")


@pytest.mark.django_db(transaction=True)
def test_fault_between_entering_and_storing_does_not_use_up_the_id(client: Client) -> None:
    launched(of_a_panel())
    with nothing_can_be_stored(), pytest.raises(IntegrityError):
        arrives(client, FROM_PANEL)
    assert set(rows().values()) == {0}
    assert arrives(client, FROM_PANEL)["Location"] == "/s/park/about/"


@pytest.mark.parametrize("query", ["", "?PROLIFIC_PID=", "?PROLIFIC_PID={{%25PROLIFIC_PID%25}}"])
def test_panel_study_needs_the_id(client: Client, query: str) -> None:
    launched(panel_only())
    for response in (
        client.get(f"/s/park/{query}"),
        client.post(f"/s/park/{query}", {"consent": "agree", "nonce": "n" * 22}),
    ):
        assert response.status_code == 403
        assert "It lacks what tells us who invited you." in response.content.decode()
    assert set(rows().values()) == {0}
    assert arrives(client, FROM_PANEL).status_code == 302


def test_required_parameter_is_required(client: Client) -> None:
    launched(replace(small(), parameters=(Parameter("source", "src", required=True),)))
    assert client.get("/s/park/").status_code == 403
    assert client.get("/s/park/?src=x").status_code == 200


def test_test_run_of_a_panel_study_needs_no_id(client: Client) -> None:
    launched(panel_only(), status=Status.PILOT)
    entered(client, link=entry_link("park", Mode.PILOT))
    assert Participant.objects.get().mode == Mode.PILOT


def test_invitation_enters_once(client: Client) -> None:
    link = invitation(launched(invited_only()))
    assert arrives(client, link)["Location"] == "/s/park/about/"
    used = Invitation.objects.get()
    assert (used.participant, used.used_at is not None) == (Participant.objects.get(), True)
    assert client.get(link)["Location"] == "/s/park/about/"
    other = Client()
    for response in (other.get(link), other.post(link, {"consent": "agree", "nonce": "o" * 22})):
        assert response.status_code == 403
        assert "This invitation was used" in response.content.decode()
    assert Participant.objects.count() == 1


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("", "This survey is by invitation"),
        ("?i=", "This survey is by invitation"),
        ("?i=AAAA", "This link is not complete"),
    ],
)
def test_study_by_invitation_refuses_who_has_none(client: Client, query: str, told: str) -> None:
    launched(invited_only())
    for response in (
        client.get(f"/s/park/{query}"),
        client.post(f"/s/park/{query}", {"consent": "agree", "nonce": "n" * 22}),
    ):
        assert response.status_code == 403
        assert told in response.content.decode()
    assert set(rows().values()) == {0}


def test_invitation_to_another_study_is_none(client: Client) -> None:
    launched(replace(invited_only(), study="other"))
    link = invitation(Study.objects.get())
    launched(invited_only())
    assert client.get(link).status_code == 403
    assert client.get(link.replace("park", "other")).status_code == 200


def test_invitation_to_an_open_study_is_used_if_there_is_one(client: Client) -> None:
    study = launched(of_a_panel())
    assert arrives(Client(), "/s/park/?i=NONESUCH").status_code == 302
    assert arrives(client, invitation(study)).status_code == 302
    assert Invitation.objects.get().participant is not None
    assert Participant.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_invitation_that_is_used_twenty_times_at_once_enters_one() -> None:
    link = invitation(launched(invited_only()))

    def act(number: int) -> int:
        return Client().post(link, {"consent": "agree", "nonce": f"{number:022}"}).status_code

    assert sorted(at_once(20, act)) == [302] + [403] * 19
    assert Participant.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_new_id_with_a_used_invitation_leaves_neither() -> None:
    link = invitation(launched(of_a_panel()))
    arrives(Client(), link)
    response = Client().post(f"{link}&PROLIFIC_PID=pid9", {"consent": "agree", "nonce": "o" * 22})
    assert response.status_code == 403
    assert (Participant.objects.count(), PanelIdentity.objects.count()) == (1, 0)


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


def test_screening_makes_the_participant_and_consent_is_a_page_of_theirs(client: Client) -> None:
    launched(screened())
    assert arrives(client, "/s/park/", {"adult": "yes"})["Location"] == "/s/park/welcome/"
    person = Participant.objects.get()
    assert (person.state, person.consented_at, person.answers) == (
        State.ANSWERING,
        None,
        {"adult": "yes", "town": None},
    )
    assert 'name="consent"' in client.get("/s/park/welcome/").content.decode()
    refused = client.post("/s/park/welcome/", {"move": "next"})
    assert refused.status_code == 422
    assert "Please choose one of the answers." in refused.content.decode()
    assert sent(client, "welcome", {"consent": "agree"}) == "about"
    assert Participant.objects.get().consented_at is not None


def test_decline_after_screening_is_a_refusal_that_stays(client: Client) -> None:
    launched(screened())
    arrives(client, "/s/park/", {"adult": "yes"})
    assert sent(client, "welcome", {"consent": "decline"}) == "welcome"
    person = Participant.objects.get()
    assert (person.state, person.consented_at) == (State.REFUSED, None)
    assert person.completion_code in client.get("/s/park/welcome/").content.decode()
    assert client.get("/s/park/")["Location"] == "/s/park/welcome/"


def test_who_is_screened_out_cannot_simply_try_again(client: Client) -> None:
    launched(screened())
    assert arrives(client, "/s/park/", {"adult": "no"})["Location"] == "/s/park/screen/"
    person = Participant.objects.get()
    assert (person.state, person.consented_at) == (State.SCREENED_OUT, None)
    assert client.get("/s/park/")["Location"] == "/s/park/screen/"
    page = client.get("/s/park/screen/").content.decode()
    assert "This survey is for other people" in page
    assert person.completion_code in page
    assert client.post("/s/park/", {"adult": "yes", "nonce": "n" * 22})["Location"] == (
        "/s/park/screen/"
    )
    assert Participant.objects.get().answers["adult"] == "no"


def test_screening_that_cannot_be_taken_keeps_what_was_typed_and_writes_nothing(
    client: Client,
) -> None:
    launched(screened())
    response = arrives(client, "/s/park/", {"town": "Suwon <3"})
    assert response.status_code == 422
    form = form_of(response.content, "/s/park/")
    assert form.fields["town"] == ["Suwon <3"]
    assert set(rows().values()) == {0}


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
        "PROLIFIC_PID=%00&STUDY_ID=a%00b",
        f"PROLIFIC_PID={'x' * 10_240}&lang={'y' * 10_240}&i={'z' * 10_240}",
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
    # The door, the row, its read, its first page; in the tests a transaction is a savepoint.
    with django_assert_num_queries(6):
        Client().post(FROM_PANEL, {**form, "nonce": "a" * 22})
    with django_assert_num_queries(6):
        Client().post(link, {**form, "nonce": "b" * 22})
    with django_assert_num_queries(4):
        Client().post("/s/park/", {"consent": "decline", "nonce": "c" * 22})


def test_quotas_cost_literal_numbers_of_statements(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    launched(few(9))
    walked(Client())
    with django_assert_num_queries(2):  # the door, the places
        Client().get("/s/park/")
    # The four, and the cell's lock and its place; in the tests a transaction is a savepoint.
    client = Client()
    with django_assert_num_queries(10):
        client.post("/s/park/", {"consent": "agree", "nonce": "n" * 22})
