"""Withdrawals beside other requests of the same person: nobody waits in a ring, nothing is left."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.test import Client

from responses import quota
from responses.models import (
    Draft,
    Erasure,
    Mode,
    Participant,
    QuotaPlace,
    State,
    Submission,
    WithdrawnCode,
)
from responses.withdrawal import withdraw
from tests.responses.locks import until_one_waits
from tests.responses.studies import OPINION, launched
from tests.responses.ways import few
from tests.responses.withdrawing import SECRET, everything, goes, person, verdict, withdraws


@pytest.mark.django_db(transaction=True)
def test_page_and_withdrawal_at_once_leave_no_answer() -> None:
    launched(few(9))
    for _ in range(4):
        token = goes(Client(), until="opinion")

        def act(number: int, token: str = token) -> int:
            client = Client()
            client.cookies["coprod_park"] = token
            try:
                if number == 3:
                    return int(withdraws(client).status_code)
                fields = {**OPINION, "comment": SECRET, "move": "next"}
                address = "/s/park/opinion/" + ("draft/" if number % 2 else "")
                return client.post(address, fields).status_code
            finally:
                connection.close()

        with ThreadPoolExecutor(6) as pool:
            assert set(pool.map(act, range(6))) <= {200, 204, 302, 403, 409, 410}
        assert (person().state, person().answers) == (State.WITHDRAWN, {})
    assert Submission.objects.count() == Draft.objects.count() == QuotaPlace.objects.count() == 0
    assert Erasure.objects.count() == 4
    assert SECRET not in everything()
    verdict()


@pytest.mark.django_db(transaction=True)
def test_two_withdrawals_at_once_are_one() -> None:
    launched()
    token = goes(Client())

    def act(_: int) -> int:
        try:
            return int(withdraws(Client(), code=token).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert 200 in set(pool.map(act, range(6)))
    assert Erasure.objects.count() == 1
    assert WithdrawnCode.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_withdrawal_waits_for_a_page_that_has_its_place_and_not_yet_its_row() -> None:
    """Each had waited for what the other held until Postgres stopped one of them."""
    study = launched(few(9))
    goes(Client(), until="opinion")
    who, version = person(), study.live_version
    assert version

    def withdrawn() -> str:
        try:
            return withdraw(participant_id=who.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            assert quota.claim(
                participant_id=who.pk,
                study_id=study.pk,
                mode=Mode.LIVE,
                design=version.design,
                answers=who.answers,
            )
            beside = pool.submit(withdrawn)
            until_one_waits()
            assert Participant.objects.filter(pk=who.pk).update(page="opinion") == 1
        assert beside.result()
    assert (person().state, QuotaPlace.objects.count()) == (State.WITHDRAWN, 0)
