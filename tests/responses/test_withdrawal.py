"""Withdrawal: what it erases, what stays, and that it is for good."""

from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from experiments.design import Ending, Outcome
from experiments.models import Status, Study
from responses.models import (
    Allocation,
    Draft,
    Erasure,
    Invitation,
    PanelIdentity,
    Paradata,
    Participant,
    State,
    Submission,
)
from responses.withdrawal import withdraw
from tests.desk import desk, text_of
from tests.responses.export.reading import export, rows
from tests.responses.studies import ABOUT, OPINION, entered, launched, sent, walked
from tests.responses.ways import PANEL, arrives, few, screened
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

ERASED: dict[str, Any] = {
    **{"answers": {}, "parameters": {}, "orders": {}, "not_shown": [], "tries": {}},
    **{"flags": None, "assignments": {}, "first_look": None, "fingerprint": None},
    **{"known_browser": False, "listed": {}, "device": ""},
}


@pytest.mark.parametrize("until", ["about", "story", "opinion", "thanks"])
def test_withdrawal_at_any_page_erases_everything(client: Client, until: str) -> None:
    study = launched(identified())
    walked(Client(), until=until)
    goes(client, link_of(study), until)
    client.post(f"/s/park/{until}/draft/", {"comment": SECRET})
    before, ledger = person(), list(Allocation.objects.order_by("pk").values())

    response = withdraws(client)

    assert response.status_code == 200
    assert client.cookies["coprod_park"].value == ""
    after = person()
    assert {name: getattr(after, name) for name in ERASED} == ERASED
    assert (after.state, after.completed_at) == (State.WITHDRAWN, None)
    assert after.ended_at is not None
    assert after.token_hash != before.token_hash
    assert (after.reference != before.reference, after.completion_code) == (True, "")
    for model in (Submission, Paradata, Draft):
        assert not model._default_manager.filter(participant=after).exists()
    # What stays: somebody entered, consented, may have seen the vignette, and withdrew.
    kept = ("entered_at", "consented_at", "exposed_at", "page", "language")
    assert [getattr(after, name) for name in kept] == [getattr(before, name) for name in kept]
    for mark in (SECRET, "person-7", "visit-9", "ann@example.org", str(before.reference)):
        assert mark not in everything()
    assert list(Allocation.objects.order_by("pk").values()) == ledger
    verdict()
    # Nothing of anybody else went.
    assert Submission.objects.filter(participant_id=before.pk - 1).exists()


def test_withdrawal_is_recorded_with_how_much_it_erased(client: Client) -> None:
    study = launched(few(3, design=identified()))
    goes(client, link_of(study), "opinion")
    client.post("/s/park/opinion/draft/", {"comment": SECRET})
    withdraws(client)
    record = Erasure.objects.get()
    assert (record.study, record.mode, record.kind) == (study, "live", "withdrawal")
    assert (record.actor, record.kept) == ("participant", False)
    assert record.rows == {
        **{"panel_id": 1, "invitation": 1, "drafts": 1, "places": 1},
        **{"submissions": 3, "paradata": 3, "marks": 0, "corrections": 0},
    }


@pytest.mark.django_db(transaction=True)
def test_record_of_an_erasure_and_the_ledger_cannot_be_changed(client: Client) -> None:
    from django.db import DatabaseError, transaction

    launched()
    goes(client)
    withdraws(client)
    for table in ("responses_erasure", "responses_allocation"):
        for change in (f"DELETE FROM {table}", f"UPDATE {table} SET mode = 'pilot'"):
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
                connection.cursor().execute(change)


def test_nobody_enters_again_with_the_id_or_the_invitation(client: Client) -> None:
    study = launched(identified())
    link = link_of(study)
    goes(client, link, "story")
    withdraws(client)
    identity, invitation = PanelIdentity.objects.get(), Invitation.objects.get()
    assert (identity.value, identity.participant) == ("", None)
    assert (invitation.label, invitation.participant) == ("", None)
    for address in (link, "/s/park/?PID=person-7", "/s/park/?i=ANN-ANN-ANN-1"):
        for browser in (client, Client()):
            assert browser.get(address).status_code == 403
            form = {"consent": "agree", "nonce": f"{hash(address):022}"}
            assert browser.post(address, form).status_code == 403
    assert Participant.objects.count() == 1


def test_withdrawing_twice_erases_once(client: Client) -> None:
    launched()
    token = goes(client)
    withdraws(client)
    before = Participant.objects.values().get()
    assert withdraws(client).status_code in (200, 403)
    assert withdraws(Client(), code=token).status_code == 422
    assert withdraw(participant_id=person().pk) == ""
    assert Erasure.objects.count() == 1
    assert Participant.objects.values().get() == before


def test_old_cookie_and_resume_code_lead_nowhere(client: Client) -> None:
    launched()
    token = goes(client, until="opinion")
    stale = Client()
    stale.cookies["coprod_park"] = token
    withdraws(client)
    for address in ("/s/park/opinion/", "/s/park/about/", "/s/park/thanks/"):
        assert stale.get(address).status_code == 403
        assert stale.post(address, {**OPINION, "move": "next"}).status_code == 403
        assert stale.post(f"{address}draft/", {"comment": SECRET}).status_code == 403
    resumed = Client().post("/s/park/resume/", {"code": token})
    assert resumed.status_code == 422
    assert Submission.objects.count() == Draft.objects.count() == 0


def test_withdrawn_may_take_part_anew_where_nothing_identifies_them(client: Client) -> None:
    launched()
    goes(client, until="opinion")
    withdraws(client)
    entered(client)
    assert list(Participant.objects.order_by("id").values_list("state", flat=True)) == [
        State.WITHDRAWN,
        State.ANSWERING,
    ]
    verdict()


@pytest.mark.parametrize("end", ["screened_out", "refused", "quota_full"])
def test_who_came_to_another_end_may_withdraw_too(client: Client, end: str) -> None:
    full = few(0, "adult", cell=("yes",), design=screened())
    launched(full if end == "quota_full" else screened())
    arrives(client, "/s/park/", {"adult": "no" if end == "screened_out" else "yes"})
    if end == "refused":
        sent(client, "welcome", {"consent": "decline"})
    assert person().state == end
    withdraws(client)
    assert (person().state, person().answers) == (State.WITHDRAWN, {})


def test_withdrawal_is_possible_in_a_paused_and_in_a_closed_study(client: Client) -> None:
    study = launched()
    other = Client()
    goes(client, until="opinion")
    goes(other)
    Study.objects.filter(pk=study.pk).update(status=Status.PAUSED)
    assert withdraws(client).status_code == 200
    Study.objects.filter(pk=study.pk).update(status=Status.CLOSED)
    assert withdraws(other).status_code == 200
    assert set(Participant.objects.values_list("state", flat=True)) == {State.WITHDRAWN}


@pytest.mark.django_db(transaction=True)
def test_export_shows_that_somebody_withdrew_and_nothing_of_them(client: Client) -> None:
    study = launched(identified())
    goes(Client())
    goes(client, link_of(study))
    withdraws(client)
    Study.objects.filter(pk=study.pk).update(status=Status.CLOSED)
    text = export(Study.objects.get())
    assert text.count(SECRET) == 1
    assert "visit-9" not in text
    stayed, gone = rows(text)
    assert (stayed["state"], gone["state"]) == ("completed", "withdrawn")
    asked = [*ABOUT, *OPINION, "arm", "probability", "reward", "voice", "stratum", "position"]
    assert {name: gone[name] for name in asked} == dict.fromkeys(asked)
    assert all(gone[name] in (None, "0") for name in gone if name.startswith("flag_"))
    assert gone["completed_at"] is None
    assert gone["consented_at"]


@pytest.mark.parametrize("people", [1, 3])
def test_withdrawing_costs_literal_numbers_of_statements(
    client: Client, people: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    launched(replace(asking(), endings=(Ending(Outcome.WITHDRAWN, redirect=PANEL),)))
    for _ in range(people):
        goes(Client())
    goes(client)
    with django_assert_num_queries(1):
        client.get(WITHDRAW)
    # The row; then, in a savepoint here, the declaration, the lock, what is cut off and erased,
    # the row emptied and marked, the code's hash, and the record.
    with django_assert_num_queries(11):
        withdraws(client, answers="erase")


@pytest.mark.parametrize("people", [1, 3])
def test_desk_lists_erasures_and_changes_none(
    people: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    launched()
    for _ in range(people):
        client = Client()
        goes(client)
        withdraws(client)
    researcher, address = desk(), "/admin/responses/erasure/"
    researcher.get(address)
    with django_assert_num_queries(5):
        page = text_of(researcher.get(address))
    assert page.count("park live withdrawal participant") == people
    row = f"{address}{Erasure.objects.latest('id').pk}"
    assert "participant" in text_of(researcher.get(f"{row}/change/"))
    assert researcher.post(f"{row}/delete/", {"post": "yes"}).status_code == 403
    assert Erasure.objects.count() == people
