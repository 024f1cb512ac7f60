"""The way in by a personal link: it enters one person, once, into its own study."""

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from experiments.design import Access
from experiments.models import Study
from responses.models import Invitation, PanelIdentity, Participant
from tests.responses.arriving import at_once, invitation, rows
from tests.responses.studies import launched
from tests.responses.ways import arrives, of_a_panel

pytestmark = pytest.mark.django_db


def invited_only() -> Any:
    return replace(of_a_panel(), access=Access.INVITATION)


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
