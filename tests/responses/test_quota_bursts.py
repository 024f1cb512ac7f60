"""The last places of a quota: exact however many come at once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import httpx
import pytest
from django.db import connection
from django.test import Client

from experiments.design import Limit, Outcome, Quota
from responses import person, submission
from responses.models import Allocation, Participant, QuotaPlace, State, Submission
from responses.quota import Count
from tests.designs import small
from tests.responses.places import about, at_about, counted, states
from tests.responses.studies import ABOUT, entered, launched
from tests.responses.ways import ending_in, few, form_of

pytestmark = pytest.mark.django_db

ARRIVALS = 200
LAST = 10


@pytest.mark.timeout(300)
def test_burst_of_arrivals_on_the_last_places_admits_exactly_as_many(live_site: str) -> None:
    """Over HTTP, through the server that the site runs on: 200 people at once, 10 places."""
    launched(few(LAST, design=ending_in(Outcome.QUOTA_FULL)))
    page = httpx.get(f"{live_site}/s/park/", timeout=60)
    fields = form_of(page.content, "/s/park/").fields

    def arrive(number: int) -> str:
        form = {**fields, "nonce": f"{number:022}", "consent": "agree", "move": "next"}
        with httpx.Client(timeout=120, cookies=page.cookies) as person:
            response = person.post(
                f"{live_site}/s/park/?lang=en",
                data=form,
                headers={"Referer": f"{live_site}/s/park/"},
            )
        assert response.status_code == 302, response.text
        return response.headers["Location"]

    with ThreadPoolExecutor(ARRIVALS) as pool:
        led = list(pool.map(arrive, range(ARRIVALS)))

    assert led.count("/s/park/about/") == LAST
    assert led.count("/s/park/welcome/") == ARRIVALS - LAST
    assert states() == {State.ANSWERING: LAST, State.QUOTA_FULL: ARRIVALS - LAST}
    assert QuotaPlace.objects.count() == LAST
    assert counted() == [Count("few", (), LAST, kept=0, held=LAST)]
    assert Submission.objects.count() == ARRIVALS
    codes = Participant.objects.exclude(completion_code="").values("completion_code").distinct()
    assert codes.count() == ARRIVALS - LAST
    assert httpx.get(f"{live_site}/s/park/", timeout=60).status_code == 410


@pytest.mark.timeout(300)
@pytest.mark.django_db(transaction=True)
def test_burst_on_the_last_places_of_a_cell_admits_exactly_as_many() -> None:
    launched(few(3, "gender", cell=("woman",)))
    women = [at_about() for _ in range(24)]

    def send(client: Client) -> str:
        try:
            return about(client, "woman", "2")
        finally:
            connection.close()

    with ThreadPoolExecutor(24) as pool:
        led = list(pool.map(send, women))

    assert sorted(led) == ["about"] * 21 + ["story"] * 3
    assert states() == {State.ANSWERING: 3, State.QUOTA_FULL: 21}
    # Who found no place was drawn no arm.
    assert Allocation.objects.count() == 3
    assert counted() == [Count("few", ("woman",), 3, kept=0, held=3)]


@pytest.mark.timeout(300)
@pytest.mark.django_db(transaction=True)
def test_tabs_that_send_other_answers_at_once_hold_one_place() -> None:
    limits = (Limit(("woman",), 99), Limit(("man",), 99))
    launched(replace(small(), quotas=(Quota("sex", ("gender",), limits),)))
    for _ in range(5):
        token = entered(Client())
        barrier = Barrier(6)

        def send(number: int, token: str = token, barrier: Barrier = barrier) -> bool:
            found = person.read("park", token)
            assert found
            answers = {**found.answers, **ABOUT, "gender": ("woman", "man")[number % 2]}
            barrier.wait(30)
            try:
                # Under the pages, which would try again after a deadlock.
                return submission.store(participant=found, answers=answers) is not None
            finally:
                connection.close()

        with ThreadPoolExecutor(6) as pool:
            assert sorted(pool.map(send, range(6))) == [False] * 5 + [True]
        row = Participant.objects.latest("id")
        places = QuotaPlace.objects.filter(participant=row)
        assert [place.cell.cell for place in places] == [row.answers["gender"]]
