"""Positions of participants who never saw the vignette are given again, where a study wants it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import F
from django.test import Client

from experiments.design import Design
from experiments.models import Study
from experiments.seed import seed_of
from responses import tokens
from responses.ledger.lists import ListName, draws
from responses.ledger.reuse import mark_who_waits
from responses.models import Allocation, AllocationHead, Participant
from responses.verification import Verdict, verify
from responses.withdrawal import withdraw
from tests.changed import changed
from tests.designs import small
from tests.responses.ledger import tampered
from tests.responses.locks import until_one_waits
from tests.responses.studies import ABOUT, OPINION, entered, launched, sent

pytestmark = pytest.mark.django_db


def reusing() -> Design:
    """`small()` without strata that gives positions again after an hour."""
    values = {"strata": (), "block_sizes": (4, 8), "reuse_after_minutes": 60}
    return changed(small(), {f"randomisations[0].{name}": each for name, each in values.items()})


def arrived(*, exposed: bool) -> tuple[Client, Participant]:
    """Somebody who was allocated, and saw the vignette or didn't."""
    client = Client()
    token = entered(client)
    assert sent(client, "about", ABOUT) == "story"
    if exposed:
        client.get("/s/park/story/")
    return client, Participant.objects.get(token_hash=tokens.token_hash(token))


def age(person: Participant, minutes: int = 61) -> None:
    """Makes it so long ago that they, and their row, came."""
    ago = timedelta(minutes=minutes)
    Participant.objects.filter(pk=person.pk).update(last_seen_at=F("last_seen_at") - ago)
    tampered(
        "UPDATE responses_allocation SET allocated_at = allocated_at - %s WHERE key = %s",
        [ago, person.assignments["main"]["key"]],
    )


def made_young_again() -> None:
    """Puts the time of every row back, so that the chain of digests holds."""
    tampered(
        "UPDATE responses_allocation SET allocated_at = allocated_at + interval '61 min'"
        " WHERE allocated_at < now() - interval '1 hour'"
    )


def rows(study: Study) -> list[tuple[int, int | None, str]]:
    found = Allocation.objects.filter(version__study=study).order_by("position")
    return list(found.values_list("position", "releases", "arm"))


def listed(study: Study, number: int) -> list[str]:
    version = study.live_version
    assert version
    step = version.written.randomisations[0]
    ahead = draws(ListName(version, step, "live", ""), seed_of(study))
    return [step.arms[next(ahead).arm].code for _ in range(number)]


@pytest.mark.django_db(transaction=True)
def test_position_of_one_who_never_saw_the_vignette_is_given_again() -> None:
    study = launched(reusing())
    arms = listed(study, 3)
    arrived(exposed=True)
    gone, left = arrived(exposed=False)
    age(left)
    _, second = arrived(exposed=True)
    assert second.assignments["main"]["arm"] == arms[1]
    arrived(exposed=True)
    # The row that took over used no draw of the list: the one after it got the third.
    assert rows(study) == [
        (0, None, arms[0]),
        (1, None, arms[1]),
        (2, 1, arms[1]),
        (3, None, arms[2]),
    ]
    assert [head.reused for head in AllocationHead.objects.all()] == [1]
    left.refresh_from_db()
    assert (left.page, left.assignments, left.awaits_exposure) == ("about", {}, False)
    # One who comes back answers the page before the vignette again, and gets a new allocation.
    assert gone.get("/s/park/story/")["Location"] == "/s/park/about/"
    assert sent(gone, "about", ABOUT) == "story"
    gone.get("/s/park/story/")
    sent(gone, "story", {})
    gone.get("/s/park/opinion/")
    assert sent(gone, "opinion", OPINION) == "thanks"
    left.refresh_from_db()
    assert left.assignments["main"]["position"] == 4
    made_young_again()
    line = "5 allocations in 1 lists replay; 4 are linked to participants, 1 were released."
    assert verify(study, seed_of(study)) == Verdict(True, line)


@pytest.mark.django_db(transaction=True)
def test_position_that_was_given_again_can_be_given_again() -> None:
    study = launched(reusing())
    (arm,) = listed(study, 1)
    for _ in range(3):
        _, person = arrived(exposed=False)
        age(person)
    assert rows(study) == [(0, None, arm), (1, 0, arm), (2, 1, arm)]
    made_young_again()
    line = "3 allocations in 1 lists replay; 1 are linked to participants, 2 were released."
    assert verify(study, seed_of(study)) == Verdict(True, line)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("exposed", "minutes"), [(True, 61), (False, 59)])
def test_position_of_who_saw_it_or_was_here_just_now_is_theirs(exposed: bool, minutes: int) -> None:
    study = launched(reusing())
    _, person = arrived(exposed=exposed)
    age(person, minutes)
    arrived(exposed=True)
    assert [(position, releases) for position, releases, _ in rows(study)] == [(0, None), (1, None)]


@pytest.mark.django_db(transaction=True)
def test_index_of_positions_to_give_again_holds_who_never_saw_the_vignette() -> None:
    launched(reusing())
    _, saw = arrived(exposed=True)
    _, gone = arrived(exposed=False)
    _, here = arrived(exposed=False)
    waits = Participant.objects.filter(may_be_released=True).order_by("pk")
    assert list(waits.all()) == [gone, here]
    age(gone)
    _, follows = arrived(exposed=False)
    assert list(waits.all()) == [here, follows]
    withdraw(participant_id=here.pk)
    assert list(waits.all()) == [follows]
    assert saw.exposed_at


@pytest.mark.django_db(transaction=True)
def test_update_marks_who_was_allocated_by_a_release_that_knew_no_mark() -> None:
    study = launched(reusing())
    arrived(exposed=True)
    _, gone = arrived(exposed=False)
    age(gone)
    Participant.objects.update(may_be_released=False)
    arrived(exposed=True)
    assert [releases for _, releases, _ in rows(study)] == [None, None, None]
    call_command("migrate", verbosity=0)
    assert list(Participant.objects.filter(may_be_released=True)) == [gone]
    arrived(exposed=True)
    assert [releases for _, releases, _ in rows(study)] == [None, None, None, 1]


def test_update_marks_nobody_where_no_position_is_given_again() -> None:
    launched(changed(reusing(), {"randomisations[0].reuse_after_minutes": 0}))
    arrived(exposed=False)
    assert mark_who_waits() == 0


def test_study_that_did_not_opt_in_leaves_its_list_alone() -> None:
    study = launched(changed(reusing(), {"randomisations[0].reuse_after_minutes": 0}))
    _, person = arrived(exposed=False)
    Participant.objects.filter(pk=person.pk).update(last_seen_at="2020-01-01T00:00:00Z")
    arrived(exposed=True)
    assert [(position, releases) for position, releases, _ in rows(study)] == [(0, None), (1, None)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("value", "line"),
    [
        ("NULL", "the ledger says"),
        ("0", "it takes over position 0, which was not free"),
        ("7", "it takes over position 7, which was not free"),
    ],
)
def test_forged_release_is_found(value: str, line: str) -> None:
    study = launched(reusing())
    for _ in range(2):
        _, person = arrived(exposed=False)
        age(person)
    arrived(exposed=True)
    assert [each[1] for each in rows(study)] == [None, 0, 1]
    made_young_again()
    tampered(f"UPDATE responses_allocation SET releases = {value} WHERE position = 2")
    verdict = verify(study, seed_of(study))
    expected = line if listed(study, 2)[0] != listed(study, 2)[1] or value != "NULL" else ""
    assert (verdict.holds, expected in verdict.line) == (False, True), verdict.line


@pytest.mark.django_db(transaction=True)
def test_head_knows_how_many_positions_were_given_again() -> None:
    study = launched(reusing())
    _, person = arrived(exposed=False)
    age(person)
    arrived(exposed=True)
    made_young_again()
    tampered("UPDATE responses_allocationhead SET reused = 2")
    line = "Version 1, main, live: the head says that 2 positions were given again, the rows 1."
    assert verify(study, seed_of(study)) == Verdict(False, line)


@pytest.mark.django_db(transaction=True)
def test_who_comes_back_as_their_position_is_given_again_sees_no_arm() -> None:
    study = launched(reusing())
    back, gone = arrived(exposed=False)
    age(gone)

    def come_back() -> str:
        try:
            return back.get("/s/park/story/").get("Location", "the vignette")
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            arrived(exposed=False)
            answer = pool.submit(come_back)
            until_one_waits()
        assert answer.result() == "/s/park/about/"
    gone.refresh_from_db()
    assert (gone.exposed_at, gone.assignments) == (None, {})
    assert [(position, releases) for position, releases, _ in rows(study)] == [(0, None), (1, 0)]


@pytest.mark.django_db(transaction=True)
def test_position_that_was_given_again_and_is_held_still_is_found() -> None:
    study = launched(reusing())
    _, left = arrived(exposed=False)
    held = left.assignments
    age(left)
    arrived(exposed=True)
    made_young_again()
    Participant.objects.filter(pk=left.pk).update(assignments=held, page="story")
    told = "Position 0 of main was given again, and a participant holds it still."
    assert verify(study, seed_of(study)) == Verdict(False, told)
