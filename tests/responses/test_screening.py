"""Screening before consent: who passes, who declines, who is screened out, and for good."""

import pytest
from django.test import Client

from responses.models import Participant, State
from tests.responses.arriving import rows
from tests.responses.studies import launched, sent
from tests.responses.ways import arrives, form_of, screened

pytestmark = pytest.mark.django_db


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
