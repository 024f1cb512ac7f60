"""The way in from a panel: its parameters, its id, and one person, one row."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.test import Client

from experiments.design import Access, Parameter
from experiments.models import Status, Study
from responses.arrival import entry_link
from responses.identities import opened
from responses.models import Mode, PanelIdentity, Participant, Submission
from tests.designs import small
from tests.responses.arriving import FROM_PANEL, at_once, rows
from tests.responses.studies import ABOUT, entered, launched, sent
from tests.responses.ways import arrives, of_a_panel

pytestmark = pytest.mark.django_db

ALREADY = "You have started this survey before"


def panel_only() -> Any:
    return replace(of_a_panel(), access=Access.PANEL)


def test_panel_parameters_are_kept_and_the_id_apart(client: Client) -> None:
    launched(of_a_panel())
    assert arrives(client, FROM_PANEL)["Location"] == "/s/park/about/"
    person = Participant.objects.get()
    assert person.parameters == {"prolific_study": "st1", "prolific_session": "se1"}
    identity = PanelIdentity.objects.get()
    assert opened(identity.value) == "pid1"
    assert (identity.participant, identity.mode) == (person, Mode.LIVE)


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
    values = [opened(each.value) for each in PanelIdentity.objects.order_by("id")]
    assert values == ["pid1", "pid2"]
    known = Participant.objects.order_by("id").values_list("known_browser", flat=True)
    assert list(known) == [False, True]


def test_browser_is_no_acquaintance_where_no_fingerprint_is_wanted(client: Client) -> None:
    launched(replace(of_a_panel(), fingerprint=False))
    for person in ("pid1", "pid2"):
        arrives(client, FROM_PANEL.replace("pid1", person))
    assert list(Participant.objects.values_list("known_browser", flat=True)) == [False, False]


def test_same_id_in_the_pilot_and_live_is_two_people(client: Client) -> None:
    study = launched(of_a_panel(), status=Status.PILOT)
    link = entry_link("park", Mode.PILOT)
    entered(client, link=f"{link}&PROLIFIC_PID=pid1")
    Study.objects.filter(pk=study.pk).update(status=Status.LIVE, live_version=study.pilot_version)
    entered(Client(), link=FROM_PANEL)
    assert {(each.mode, opened(each.value)) for each in PanelIdentity.objects.all()} == {
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
