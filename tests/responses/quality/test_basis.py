"""Flags are computed anew for those alone for whom something changed."""

from dataclasses import replace

import pytest
from django.test import Client

from experiments.models import Status, Study
from responses.models import FlagsBasis, Participant
from responses.pacing import Pace
from responses.quality import refresh_flags
from responses.quality.basis import Basis, Known, Standing, medians_of, read_basis, rules
from responses.withdrawal import withdraw
from tests.responses.studies import ABOUT, entered, launched, sent, walked

RUBBISH = {"duplicate": 0, "pasted": 7}


def found() -> list[dict[str, int] | None]:
    return list(Participant.objects.order_by("id").values_list("flags", flat=True))


def refreshed(study: Study, pace: Pace | None = None) -> list[dict[str, int] | None]:
    refresh_flags(study_id=study.pk, mode="live", pace=pace)
    return found()


def patient() -> Pace:
    """A pace that asks for little at a time, and does not wait."""
    return Pace(lambda: True, sleep=lambda _seconds: None)


@pytest.mark.parametrize(
    ("revisions", "collects", "has_medians"),
    [(10_000, False, True), (10_100, True, True), (10_101, True, False), (10_100, False, False)],
)
def test_medians_hold_while_a_study_collects_until_one_page_in_a_hundred_is_new(
    revisions: int, collects: bool, has_medians: bool
) -> None:
    then = Standing(1_000, 1, 10_000)
    now = replace(then, revisions=revisions)
    known = Known(Basis("rules", then, {}, then), collects, 2_000, now, changed=0)
    assert (known.has_medians, known.is_current) == (has_medians, revisions == 10_000)
    # Who sent something while they were looked at is looked at the next time.
    assert not replace(known, changed=1).is_current
    assert not replace(known, kept=None).has_medians


@pytest.mark.django_db
def test_basis_of_other_rules_is_none() -> None:
    standing = Standing(3, 1, 12)
    basis = Basis(rules(), standing, {7: {"about": 1.5}}, standing)
    assert read_basis(basis.as_text()) == basis
    assert read_basis(replace(basis, rules="older").as_text()) is None
    assert read_basis("as it was 12 34") is None


@pytest.mark.django_db
@pytest.mark.parametrize("paced", [False, True])
def test_only_those_are_looked_at_who_sent_something(paced: bool) -> None:
    study = launched()
    clients = [Client() for _ in range(3)]
    for client in clients:
        entered(client)
    refreshed(study)
    Participant.objects.update(flags=RUBBISH)
    sent(clients[1], "about", {**ABOUT, "attention": "1"})
    first, second, third = refreshed(study, patient() if paced else None)
    assert (first, third) == (RUBBISH, RUBBISH)
    assert second is not None
    assert (second["failed_attention"], second["duplicate"]) == (1, 1)
    # Who came later from the same device has one less before them.
    Participant.objects.filter(flags=RUBBISH).update(flags={"duplicate": 2})
    withdraw(participant_id=Participant.objects.earliest("id").pk)
    withdrew, *others = refreshed(study, patient() if paced else None)
    assert withdrew is None
    assert [each and each["duplicate"] for each in others] == [0, 1]


@pytest.mark.django_db
def test_median_that_changed_has_everybody_looked_at_and_is_the_same_at_a_pace() -> None:
    study = launched()
    for _ in range(10):
        walked(Client(), until="story")
    expected = refreshed(study)
    last = Participant.objects.latest("id").pk
    medians = medians_of(study_id=study.pk, mode="live", last=last, pace=None)
    assert medians == medians_of(study_id=study.pk, mode="live", last=last, pace=patient())
    basis = read_basis(FlagsBasis.objects.get().basis)
    assert basis is not None
    assert basis.medians == medians
    assert all(medians.values())
    Participant.objects.update(flags=RUBBISH)
    older = replace(basis, medians={}, taken=Standing(0, 0, 0))
    FlagsBasis.objects.update(basis=older.as_text())
    Study.objects.update(status=Status.CLOSED)
    assert refreshed(study, patient()) == expected
