"""Who enters is stored with their first page by one statement, or by two where that must be."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Barrier
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.test import Client

from experiments.design import Design, Outcome
from experiments.models import Status, Study
from responses.door import READ_DOOR, READ_STUDY
from responses.models import Allocation, Paradata, Participant, Submission
from responses.tallies import wrong_tallies
from responses.withdrawal import withdraw
from tests.changed import changed
from tests.days import begin_within_a_day
from tests.responses.arriving import FROM_PANEL, at_once, invitation, rows
from tests.responses.studies import launched, sent
from tests.responses.ways import arrives, ending_in, few, of_a_panel, screened

AGREES: dict[str, Any] = {"consent": "agree"}
DECLINES: dict[str, Any] = {"consent": "decline"}
PERSON = ("id", "reference", "study_id", "version_id", "token_hash", "completion_code")
TIMES = ("entered_at", "consented_at", "last_seen_at", "ended_at", "completed_at")


def stored() -> list[Any]:
    """The only participant and what was sent, as far as it can be the same of two people."""
    person = dict(Participant.objects.values().get())
    told = {name: bool(person.pop(name)) for name in ("completion_code", *TIMES)}
    for name in PERSON:
        person.pop(name, None)
    pages = list(Submission.objects.values("revision", "page", "language", "answers"))
    facts = list(Paradata.objects.values("revision", "page", "facts"))
    return [person, told, pages, facts]


@contextmanager
def closed_once_the_door_was_read(study: Study) -> Iterator[None]:
    """Closes the study between the read of its door and what is sent to Postgres next."""
    door: list[str] = []

    def watch(execute: Callable[..., Any], sql: str, *given: Any) -> Any:
        done = execute(sql, *given)
        if sql in (READ_DOOR, READ_STUDY) and not door:
            door.append(sql)
            Study.objects.filter(pk=study.pk).update(status=Status.CLOSED)
        return done

    with connection.execute_wrapper(watch):
        yield
    assert door


def vignette_first() -> Design:
    """`of_a_panel()` without the page between its welcome page and the vignette."""
    pages = {"pages": lambda pages: (pages[0], *pages[2:]), "scales": lambda scales: scales[1:]}
    plan = {"plan.covariates": (), "plan.associations": (), "plan.exclusions": ()}
    plan |= {"randomisations[0].strata": ()}
    return changed(of_a_panel(), pages | plan)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("design", "fields"),
    [
        (of_a_panel(), AGREES),
        (of_a_panel(), DECLINES),
        (screened(), {"adult": "yes", "town": "Suwon"}),
        (screened(), {"adult": "no"}),
    ],
    ids=["agrees", "declines", "screened", "screened out"],
)
def test_one_statement_stores_what_two_do(design: Design, fields: dict[str, Any]) -> None:
    # A fingerprint is another one tomorrow.
    begin_within_a_day(10)
    study = launched(design)
    arrives(Client(), FROM_PANEL, fields)
    by_one = stored()
    assert wrong_tallies(study) == ()
    study.slug = "first"
    study.save()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL coprod.erasure = 'declared'")
    for model in (Submission, Paradata):
        model._default_manager.all().delete()
    Participant.objects.all().delete()

    other = launched(few(9, design=design))
    arrives(Client(), FROM_PANEL, fields)
    assert stored() == by_one
    assert wrong_tallies(other) == ()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("link", [FROM_PANEL, "/s/park/"])
def test_who_comes_to_the_vignette_at_once_is_allocated(link: str) -> None:
    study = launched(vignette_first())
    client = Client()
    response = client.post(link, {**AGREES, "nonce": "n" * 22})
    assert response["Location"] == "/s/park/story/"
    person = Participant.objects.get()
    assert (person.revision, person.awaits_exposure) == (1, True)
    assert list(person.assignments) == ["main"]
    assert Allocation.objects.count() == 1
    assert wrong_tallies(study) == ()
    client.get("/s/park/story/")
    assert sent(client, "story", {}) == "opinion"


@pytest.mark.django_db(transaction=True)
def test_form_that_brings_another_id_each_time_at_once_enters_one() -> None:
    study = launched(of_a_panel())

    def act(number: int) -> Any:
        address = FROM_PANEL.replace("pid1", f"pid{number}")
        return Client().post(address, {**AGREES, "nonce": "n" * 22}).headers.get("Location")

    assert at_once(12, act) == ["/s/park/about/"] * 12
    found = rows()
    assert (found["Participant"], found["PanelIdentity"], found["Submission"]) == (1, 1, 1)
    assert wrong_tallies(study) == ()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_double_clicks_on_the_first_page_enter_one_each_and_lead_on() -> None:
    """Which of the row's unique columns meets the other click is a matter of microseconds."""
    study = launched()
    together = Barrier(6)

    def act(_number: int) -> set[tuple[int, str]]:
        client, led = Client(raise_request_exception=False), set()
        for click in range(150):
            together.wait()
            client.cookies.clear()
            response = client.post("/s/park/", {**AGREES, "nonce": f"{click:022d}"})
            led.add((response.status_code, response.headers.get("Location", "")))
        return led

    assert at_once(6, act) == [{(302, "/s/park/about/")}] * 6
    assert (Participant.objects.count(), Submission.objects.count()) == (150, 150)
    assert wrong_tallies(study) == ()


@pytest.mark.django_db
@pytest.mark.parametrize("keep", [True, False])
def test_first_form_of_who_withdrew_is_no_error(keep: bool) -> None:
    """Sent again by Back, say: who took their answers along may come in anew."""
    launched()
    form = {**AGREES, "nonce": "n" * 22}
    Client().post("/s/park/", form)
    withdraw(participant_id=Participant.objects.get().pk, keep=keep)
    again = Client().post("/s/park/", form)
    assert again.status_code == (403 if keep else 302)
    assert ("You have withdrawn" in again.content.decode()) == keep
    assert Participant.objects.count() == (1 if keep else 2)


@pytest.mark.django_db
def test_number_that_is_given_twice_is_an_error_and_no_notice_that_they_took_part() -> None:
    launched()
    Client().post("/s/park/", {**AGREES, "nonce": "n" * 22})
    taken = Participant.objects.get().pk
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence('responses_participant', 'id'), %s, false)",
            [taken],
        )
    with pytest.raises(IntegrityError, match="numbers of participants are given twice"):
        Client().post("/s/park/", {**AGREES, "nonce": "m" * 22})
    assert Participant.objects.count() == Submission.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("more", ["", "&PROLIFIC_PID=pid1"])
def test_study_that_is_closed_as_somebody_enters_says_so_and_writes_nothing(more: str) -> None:
    study = launched(ending_in(Outcome.CLOSED))
    link = invitation(study) + more
    for address in ("/s/park/", FROM_PANEL, link):
        Study.objects.filter(pk=study.pk).update(status=Status.LIVE)
        with closed_once_the_door_was_read(study):
            response = Client().post(address, {**AGREES, "nonce": "n" * 22})
        assert response.status_code == 410
        assert "The end: closed" in response.content.decode()
    assert set(rows().values()) == {0}
    assert study.invitations.get().used_at is None
