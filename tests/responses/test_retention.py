"""Who people are is erased once their study is over; what they answered stays."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from experiments.design import Design, Parameter
from experiments.launch import close
from experiments.models import Study
from experiments.seed import seed_of
from responses.guests import Guest
from responses.invitations import invite
from responses.models import Draft, Erasure, Invitation, PanelIdentity, Participant
from responses.quality import refresh_flags
from responses.retention import erase_due_identities
from responses.tallies import wrong_tallies
from responses.verification import verify
from tests.responses.arriving import FROM_PANEL
from tests.responses.studies import entered, launched, walked
from tests.responses.ways import of_a_panel

pytestmark = pytest.mark.django_db

ALL_GONE = {"panel_id": 2, "invitation": 1, "drafts": 1, "participants": 3}


def design(days: int | None = 30) -> Design:
    """A panel's design, with a parameter whose values it lists."""
    listed = Parameter("source", "src", values=("mail", "web"))
    panel = of_a_panel()
    return replace(panel, parameters=(*panel.parameters, listed), identities_kept_days=days)


def ran(days: int | None = 30) -> Study:
    """A closed study: one completed, one is in the middle with a draft, one came by invitation."""
    study = launched(design(days))
    walked(Client(), link=f"{FROM_PANEL}&src=mail")
    middle = Client()
    entered(middle, link=FROM_PANEL.replace("pid1", "pid2"))
    person = Participant.objects.latest("id")
    Draft.objects.create(participant=person, page="about", fields={"motive1": ["1"]})
    (invited,) = invite(study_id=study.pk, guests=[Guest("Kim")])
    entered(Client(), link=invited.address)
    return close(study=study)


def closed_ago(study: Study, **ago: float) -> None:
    Study.objects.filter(pk=study.pk).update(closed_at=timezone.now() - timedelta(**ago))


def test_identities_are_erased_when_their_time_has_come_and_not_before() -> None:
    study = ran()
    closed_ago(study, days=29, hours=23)
    assert erase_due_identities() == []
    closed_ago(study, days=30, hours=1)
    live, pilot = erase_due_identities()
    assert (live.mode, live.rows, live.actor) == ("live", ALL_GONE, "retention")
    assert (pilot.mode, set(pilot.rows.values())) == ("pilot", {0})
    assert erase_due_identities() == []
    assert Erasure.objects.filter(kind="retention").count() == 2


def test_what_identifies_is_gone_and_what_was_answered_stays() -> None:
    study = ran()
    before = answered()
    prints = fingerprints()
    closed_ago(study, days=31)
    erase_due_identities()

    assert PanelIdentity.objects.count() == 0
    guest = Invitation.objects.get()
    assert (guest.label, guest.participant) == ("", None)
    assert Draft.objects.count() == 0
    people = Participant.objects.order_by("id")
    assert list(people.values_list("parameters", flat=True)) == [{"source": "mail"}, {}, {}]
    assert set(people.values_list("completion_code", flat=True)) == {""}
    assert answered() == before
    assert verify(study, seed_of(study)).holds
    assert wrong_tallies(study) == ()
    # Whoever shared a device still does, under a hash that nobody can make.
    assert not set(fingerprints()) & set(prints)
    assert [prints.index(each) for each in prints] == [
        fingerprints().index(each) for each in fingerprints()
    ]


def answered() -> list[Any]:
    names = ("reference", "state", "answers", "assignments", "completed_at", "listed")
    return list(Participant.objects.order_by("id").values_list(*names))


def fingerprints() -> list[bytes]:
    found = Participant.objects.order_by("id").values_list("fingerprint", flat=True)
    return [bytes(each) for each in found if each is not None]


def test_flags_of_duplicates_stay_as_they_were() -> None:
    study = ran()
    refresh_flags(study_id=study.pk, mode="live")
    flags = list(Participant.objects.order_by("id").values_list("flags", flat=True))
    closed_ago(study, days=31)
    erase_due_identities()
    Participant.objects.update(flagged_revision=None)
    refresh_flags(study_id=study.pk, mode="live")
    assert list(Participant.objects.order_by("id").values_list("flags", flat=True)) == flags


def test_study_that_says_nothing_keeps_them_until_somebody_says_so(capsys: Any) -> None:
    study = ran(days=None)
    closed_ago(study, days=4000)
    assert erase_due_identities() == []
    call_command("erase_identities", study.slug)
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "live: panel_id 2, invitation 1, drafts 1, participants 3"
    assert PanelIdentity.objects.count() == 0


def test_study_that_is_not_closed_keeps_them_even_if_somebody_says_so() -> None:
    launched(design())
    entered(Client(), link=FROM_PANEL)
    with pytest.raises(CommandError, match="park is not closed"):
        call_command("erase_identities", "park")
    assert PanelIdentity.objects.exclude(value="").count() == 1


def test_who_comes_back_afterwards_is_told_that_the_study_is_over() -> None:
    client = Client()
    launched(design())
    walked(client, link=FROM_PANEL)
    study = close(study=Study.objects.get())
    closed_ago(study, days=31)
    erase_due_identities()
    page = client.get("/s/park/thanks/")
    assert page.status_code == 200
    assert '<code id="completion-code">—</code>' in page.content.decode()
    assert Client().get(FROM_PANEL).status_code == 410
