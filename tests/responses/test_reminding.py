"""Inviting again: whom a list holds, by which links, and how often."""

import csv
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import F
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from experiments.launch import close
from experiments.models import Study
from responses.guests import Guest
from responses.invitations import PersonalLink, invite, links_file
from responses.models import Invitation, Participant, Reminding, State
from responses.withdrawal import withdraw
from tests.desk import desk, text_of
from tests.responses.studies import launched, walked
from tests.responses.ways import arrives, by_invitation

pytestmark = pytest.mark.django_db

PAGE = "/admin/responses/participant/remind/park/"
NAMES = ("Open", "Begun", "Done", "Refused", "Gone", "Full")


def invited() -> tuple[Study, dict[str, PersonalLink]]:
    """A study with somebody invited who came to each end, by what they are called."""
    study = launched(by_invitation())
    links = invite(study_id=study.pk, guests=[Guest(name) for name in NAMES])
    of = {link.label: link for link in links}
    walked(Client(), link=of["Begun"].address, until="opinion")
    walked(Client(), link=of["Done"].address)
    arrives(Client(), of["Refused"].address, {"consent": "decline"})
    for name in ("Gone", "Full"):
        walked(Client(), link=of[name].address, until="opinion")
    gone, full = Participant.objects.order_by("-id")[1], Participant.objects.latest("id")
    withdraw(participant_id=gone.pk)
    Participant.objects.filter(pk=full.pk).update(
        state=State.QUOTA_FULL, ended_at=F("last_seen_at")
    )
    return study, of


def asked(whom: str, links: str = "labels", kept: bytes = b"") -> dict[str, Any]:
    file = {"file": SimpleUploadedFile("links.csv", kept, "text/csv")} if kept else {}
    return {"whom": whom, "links": links, **file}


def told(response: Any) -> list[tuple[str, ...]]:
    assert response.status_code == 200, text_of(response)
    return [*map(tuple, csv.reader(StringIO(response.content.decode("utf-8-sig"))))][1:]


def rested() -> None:
    Invitation.objects.update(reminded_at=F("reminded_at") - timedelta(hours=24))


def test_lists_hold_who_is_waited_for_and_nobody_too_often(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    study, of = invited()
    client = desk()
    page = text_of(client.get(PAGE))
    assert "invited, and not begun 1 of these 1 may be reminded now" in page
    assert "begun, and not finished 1 of these 1 may be reminded now" in page
    # Session, account, study; savepoint, lock, whom, that they were reminded, the list, its end;
    # that it is read.
    with django_assert_num_queries(10):
        found = told(client.post(PAGE, asked("not_finished")))
    assert found == [("Begun", "1", "", "")]
    assert client.post(PAGE, asked("not_finished")).status_code == 422
    kept = links_file([of[name] for name in ("Open", "Begun", "Done")])
    assert told(client.post(PAGE, asked("not_begun", "kept", kept))) == [
        ("Open", "1", of["Open"].token, f"http://testserver{of['Open'].address}")
    ]
    for times in ("2", "3"):
        rested()
        assert told(client.post(PAGE, asked("not_finished"))) == [("Begun", times, "", "")]
    rested()
    assert "Nobody is left" in text_of(client.post(PAGE, asked("not_finished")))
    assert list(Reminding.objects.order_by("pk").values_list("whom", "links", "people")) == [
        ("not_finished", "labels", 1),
        ("not_begun", "kept", 1),
        ("not_finished", "labels", 1),
        ("not_finished", "labels", 1),
    ]
    begun = Participant.objects.get(invitation__label="Begun")
    shown = text_of(client.get(f"/admin/responses/participant/{begun.pk}/change/"))
    assert "Invited again" in shown
    assert "Begun" not in shown
    close(study=study)
    assert "The study is closed" in text_of(client.post(PAGE, asked("not_begun")))


def test_new_links_take_the_place_of_those_that_were_sent() -> None:
    _study, of = invited()
    client = desk()
    ((label, _times, token, link),) = told(client.post(PAGE, asked("not_begun", "new")))
    assert (label, link) == ("Open", f"http://testserver/s/park/?i={token}")
    assert token != of["Open"].token
    old = Client().get(of["Open"].address)
    assert 'name="consent"' not in old.content.decode()
    assert arrives(Client(), link.removeprefix("http://testserver")).status_code == 302
    assert Invitation.objects.get(label="Open").used_at is not None


def test_page_refuses_what_can_not_be_done_and_whom_it_is_not_for() -> None:
    invited()
    client = desk()
    for wrong in (
        asked("not_finished", "new"),
        asked("not_begun", "kept"),
        asked("not_begun", "kept", b"label\nOpen\n"),
        asked("not_begun", "kept", b"token\nsomething-else-12\n"),
        asked("completed"),
    ):
        assert client.post(PAGE, wrong).status_code == 422, wrong
    assert not Reminding.objects.exists()
    assert desk("view_invitation").post(PAGE, asked("not_begun")).status_code == 403
    assert desk("view_participant").get(PAGE).status_code == 403
