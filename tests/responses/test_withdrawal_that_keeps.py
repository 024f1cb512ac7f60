"""A study may ask whether the answers may be kept, and keeps them without a name."""

from dataclasses import replace

import pytest
from django.test import Client

from experiments.design import Withdrawal
from experiments.models import Status, Study
from responses.models import Erasure, PanelIdentity, Participant, State, Submission
from tests.responses.export.reading import export, rows
from tests.responses.studies import entered, launched
from tests.responses.withdrawing import (
    SECRET,
    WITHDRAW,
    asking,
    everything,
    goes,
    identified,
    link_of,
    person,
    verdict,
    withdraws,
)

pytestmark = pytest.mark.django_db


def test_study_that_asks_gets_an_answer_first(client: Client) -> None:
    launched(asking())
    goes(client, until="opinion")
    asked = client.get(WITHDRAW).content.decode()
    assert "May we keep the answers that you gave so far" in asked
    for fields in ({}, {"answers": ""}, {"answers": "both"}):
        response = withdraws(client, **fields)
        assert response.status_code == 422
        assert 'role="alert"' in response.content.decode()
    assert person().state == State.ANSWERING


def test_study_that_asks_may_keep_the_answers_without_what_identifies(client: Client) -> None:
    study = launched(replace(identified(), withdrawal=Withdrawal.ASK))
    goes(client, link_of(study), "thanks")
    Participant.objects.update(known_browser=True)
    before = person()
    withdraws(client, answers="keep")
    after = person()
    assert (after.state, after.answers) == (State.WITHDRAWN, before.answers)
    assert (after.assignments, after.orders) == (before.assignments, before.orders)
    assert (after.parameters, after.fingerprint, after.known_browser) == ({}, None, False)
    assert Submission.objects.filter(participant=after).count() == 4
    assert PanelIdentity.objects.get().value == ""
    for mark in ("person-7", "visit-9", "ann@example.org"):
        assert mark not in everything()
    record = Erasure.objects.get()
    assert (record.kept, record.rows) == (
        True,
        {"panel_id": 1, "invitation": 1, "drafts": 0, "places": 0},
    )
    verdict()


def test_study_that_asks_erases_if_that_is_the_answer(client: Client) -> None:
    launched(asking())
    goes(client)
    withdraws(client, answers="erase")
    assert person().answers == {}
    assert Erasure.objects.get().kept is False


def test_study_that_asks_does_not_ask_who_has_answered_nothing(client: Client) -> None:
    launched(asking())
    entered(client)
    assert "May we keep" not in client.get(WITHDRAW).content.decode()
    assert withdraws(client).status_code == 200
    assert Erasure.objects.get().kept is False


def test_study_that_does_not_ask_keeps_nothing_whatever_is_sent(client: Client) -> None:
    launched()
    goes(client)
    withdraws(client, answers="keep")
    assert person().answers == {}
    assert Erasure.objects.get().kept is False


@pytest.mark.django_db(transaction=True)
def test_export_shows_what_somebody_let_be_kept(client: Client) -> None:
    launched(asking())
    goes(client)
    withdraws(client, answers="keep")
    Study.objects.update(status=Status.CLOSED)
    (row,) = rows(export(Study.objects.get()))
    assert (row["state"], row["comment"], row["will1"]) == ("withdrawn", SECRET, "6")
    assert row["arm"]
