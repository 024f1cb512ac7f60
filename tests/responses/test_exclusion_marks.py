"""Marks for exclusion: who may make them, what they change, and that they change nothing else."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from analysis.deviations import deviations
from experiments.refusals import Refused
from responses.exclusion_marks import MOST, mark
from responses.models import ExclusionMark, Marking, Mode, Participant, State
from responses.withdrawal import withdraw
from tests.desk import desk, form_of, text_of
from tests.responses.export.reading import export, rows
from tests.responses.marking import WORDS, marked
from tests.responses.studies import entered, launched, walked

pytestmark = pytest.mark.django_db

LIST = "/admin/responses/participant/"
MARK = "/admin/responses/participant/mark/park/"
ARMS = ("none.low", "none.high", "money.low", "money.high")


def columns(text: str) -> list[tuple[str | None, str | None]]:
    return [(row["excluded_by_hand"], row["excluded_reason"]) for row in rows(text)]


@pytest.mark.django_db(transaction=True)  # an export has a connection of its own
def test_newest_mark_counts_and_is_exported_and_listed_as_a_deviation() -> None:
    study = launched()
    for _ in range(3):
        walked(Client())
    one, two, three = Participant.objects.order_by("id")
    before = {name: getattr(one, name) for name in ("state", "revision", "first_look")}
    marked(study, one, two)
    assert marked(study, two, three, reason="test").left == 0
    assert marked(study, one, two, reason="test").left == 1
    marked(study, three, reason="")
    assert columns(export(study)) == [("1", "test"), ("1", "test"), ("0", None)]
    one.refresh_from_db()
    assert {name: getattr(one, name) for name in before} == before
    governing = study.versions.get()
    told = deviations([governing], governing=governing, mode="live")
    assert len(told) == 4
    assert told[0].startswith("2 participants were marked for exclusion by hand ")
    assert told[0].endswith(
        f" by fieldwork, and count as before: took part before. In words: {WORDS}"
    )
    assert told[3].startswith("The mark of 1 participant was taken back ")
    assert deviations([governing], governing=governing, mode="pilot") == ()


def test_marks_that_would_change_nothing_are_refused() -> None:
    study = launched()
    walked(Client())
    walked(Client())
    one, two = Participant.objects.order_by("id")
    withdraw(participant_id=two.pk)
    for people, reason in (((one,), ""), ((two,), "test"), ((), "test")):
        with pytest.raises(Refused):
            marked(study, *people, reason=reason)
    marked(study, one)
    asked: dict[str, Any] = {"study": study, "mode": Mode.LIVE, "people": [one.pk]}
    asked |= {"reason": "duplicate"}
    for wrong in ({"mode": Mode.PILOT}, {"people": range(MOST + 1)}, {"words": " "}, {}):
        with pytest.raises(Refused):
            mark(**{**asked, "words": WORDS, "actor": "x", **wrong})
    assert (Marking.objects.count(), ExclusionMark.objects.count()) == (1, 1)


def test_marks_are_never_changed_and_go_with_a_withdrawal_alone() -> None:
    study = launched()
    walked(Client())
    person = Participant.objects.get()
    marked(study, person)
    for table in ("responses_marking", "responses_exclusionmark"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            connection.cursor().execute(f"DELETE FROM {table}")
    withdraw(participant_id=person.pk)
    assert ExclusionMark.objects.count() == 0
    assert Marking.objects.get().people == 1


def test_list_marks_those_who_are_ticked_by_a_page_that_asks_why(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    study = launched()
    walked(Client())
    walked(Client())
    one, two = Participant.objects.order_by("id")
    client = desk()
    asked = {"action": "mark_for_exclusion", "_selected_action": [one.pk, two.pk]}
    page = client.post(LIST, asked)
    said = text_of(page)
    assert "Mark 2 participants for exclusion?" in said
    assert "completed 2" in said
    assert not any(arm in said for arm in ARMS)
    sent = form_of(page, "marking")
    assert client.post(MARK, {**sent, "words": WORDS}).status_code == 422
    # Session, account, study; modes; savepoint, lock, whom, the act, their marks, its end.
    with django_assert_num_queries(10):
        response = client.post(MARK, {**sent, "reason": "fault", "words": WORDS})
    assert response["Location"] == f"{LIST}?study__id__exact={study.pk}&mode__exact=live"
    assert "2 participants are marked for exclusion; 0 stayed" in text_of(client.get(LIST))
    act = Marking.objects.get()
    assert (act.actor, act.reason, act.words, act.people) == ("researcher", "fault", WORDS, 2)
    assert "a technical fault" in text_of(client.get(f"{LIST}?marked=yes"))
    assert "0 participants" in text_of(client.get(f"{LIST}?marked=no"))
    back = form_of(client.get(f"{MARK}?people={one.pk}"), "marking")
    assert client.post(MARK, {**back, "words": "Wrong row."}).status_code == 302
    assert [act.excludes for act in Marking.objects.all()] == [True, False]


def test_marking_is_refused_without_the_right_across_modes_and_for_odd_numbers() -> None:
    study = launched()
    walked(Client())
    walked(Client(), link=f"/s/park/?{_pilot()}")
    ids = list(Participant.objects.values_list("pk", flat=True))
    asked = {"people": str(ids[0]), "excludes": "True", "reason": "test", "words": WORDS}
    reader = desk("view_participant")
    assert reader.post(MARK, asked).status_code == 403
    assert "Mark for exclusion…" not in reader.get(LIST).content.decode()
    marker = desk("view_participant", "mark_participant")
    both = {"action": "mark_for_exclusion", "_selected_action": ids}
    assert "one study and one mode" in text_of(marker.post(LIST, both, follow=True))
    for people in (",".join(map(str, ids)), "999999", "x", "1" * 40, "٣", ""):
        assert marker.post(MARK, {**asked, "people": people}).status_code == 422, people
    assert Marking.objects.count() == 0
    assert marker.post(MARK, asked).status_code == 302
    assert study.participants.filter(state=State.COMPLETED).count() == 2


def _pilot() -> str:
    from responses.arrival import entry_link

    return entry_link("park", Mode.REHEARSAL).partition("?")[2]


def test_list_refuses_more_than_can_be_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    launched()
    entered(Client())
    entered(Client())
    monkeypatch.setattr("responses.participant_list.MOST", 1)
    ids = list(Participant.objects.values_list("pk", flat=True))
    asked = {"action": "mark_for_exclusion", "_selected_action": ids}
    assert "at most so many can be marked" in text_of(desk().post(LIST, asked, follow=True))
