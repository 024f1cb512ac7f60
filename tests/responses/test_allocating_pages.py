"""The page before the vignette: its answers and the position of the list are stored together."""

from contextlib import suppress
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.test import Client

from experiments.models import Status, Study
from experiments.seed import seed_of
from responses import person, submission
from responses.allocation import allocate
from responses.ledger.ahead import WINDOW, ahead_of, keep
from responses.models import Allocation, AllocationHead, Participant, Submission
from responses.tallies import wrong_tallies
from responses.verification import verify
from tests.responses.arriving import at_once
from tests.responses.ledger import holder_of, list_of, people
from tests.responses.studies import ABOUT, entered, launched, sent


def about(client: Client, **answers: str) -> str:
    """Sends the page before the vignette; the code of the page that it leads to."""
    return sent(client, "about", {**ABOUT, **answers})


def positions() -> dict[str, int]:
    """The next position of each list that has a head."""
    return dict(AllocationHead.objects.values_list("stratum", "next_position"))


@pytest.mark.django_db(transaction=True)
def test_page_that_can_not_be_stored_takes_no_position(client: Client) -> None:
    study = launched()
    entered(client)
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE responses_submission ADD CONSTRAINT broken CHECK (page <> 'about')"
        )
        with suppress(IntegrityError):
            about(client)
        cursor.execute("ALTER TABLE responses_submission DROP CONSTRAINT broken")
    assert positions() == {"gender=woman": 0}
    assert Participant.objects.get().assignments == {}
    assert about(client) == "story"
    assert positions() == {"gender=woman": 1}
    assert verify(study, seed_of(study)).holds
    assert wrong_tallies(study) == ()


@pytest.mark.django_db
def test_page_is_stored_though_the_list_was_overrun(client: Client) -> None:
    study = launched()
    entered(client)
    name = list_of(study)
    stale = ahead_of(name)
    for other in people(study, 2 * WINDOW + 1):
        allocate(holder=holder_of(other), name=name)
    keep(stale)
    assert about(client) == "story"
    first = Participant.objects.earliest("id")
    assert first.assignments["main"]["position"] == 2 * WINDOW + 1
    assert (first.revision, Submission.objects.filter(page="about").count()) == (2, 1)
    assert verify(study, seed_of(study)).holds


@pytest.mark.django_db
def test_who_was_allocated_before_keeps_that_and_has_the_page_stored(client: Client) -> None:
    study = launched()
    entered(client)
    held = allocate(holder=holder_of(Participant.objects.get()), name=list_of(study))
    assert about(client, gender="man") == "story"
    assert Participant.objects.get().assignments == held
    assert (Allocation.objects.count(), Submission.objects.count()) == (1, 2)


@pytest.mark.django_db
def test_draft_of_the_page_goes_as_it_is_stored(client: Client) -> None:
    launched()
    entered(client)
    client.post("/s/park/about/draft/", {"education": "3", "number": "1"})
    assert about(client) == "story"
    found = Participant.objects.get()
    assert (found.drafts.count(), list(found.assignments)) == (0, ["main"])


@pytest.mark.django_db(transaction=True)
def test_tabs_that_send_other_answers_at_once_take_one_position_of_what_is_stored(
    client: Client,
) -> None:
    study = launched()
    token = entered(client)

    def act(number: int) -> Any:
        tab = Client()
        tab.cookies["coprod_park"] = token
        return about(tab, gender=("woman", "man")[number % 2])

    assert set(at_once(12, act)) == {"story"}
    found = Participant.objects.get()
    gender = found.answers["gender"]
    assert found.assignments["main"]["stratum"] == f"gender={gender}"
    assert {stratum: end for stratum, end in positions().items() if end} == {f"gender={gender}": 1}
    assert (Allocation.objects.count(), found.revision) == (1, 2)
    assert wrong_tallies(study) == ()


@pytest.mark.django_db
def test_page_read_before_the_study_closed_takes_no_position(client: Client) -> None:
    study = launched()
    found = person.read("park", entered(client))
    assert found
    Study.objects.filter(pk=study.pk).update(status=Status.CLOSED)
    assert submission.store(participant=found, answers=ABOUT) is None
    assert positions() == {"gender=woman": 0}
