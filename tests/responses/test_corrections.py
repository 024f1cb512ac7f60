"""Corrections of answers: who notes them, who sees them, and that what was sent stays."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from experiments.launch import close
from experiments.refusals import Refused
from responses.corrections import LONGEST, correct, corrections_of
from responses.models import Correction, Participant, State
from responses.withdrawal import withdraw
from tests.desk import desk, form_of, text_of
from tests.responses.export.reading import export, rows
from tests.responses.studies import ABOUT, launched, walked

pytestmark = pytest.mark.django_db

STATED, REASON = "a man", "A slip of the finger, by letter."


def person() -> Participant:
    return Participant.objects.select_related("study").latest("id")


def corrected(item: str = "gender", **changed: Any) -> Correction:
    said = {"stated": STATED, "reason": REASON, "actor": "kim", **changed}
    return correct(participant=person(), item=item, **said)


def address() -> str:
    return f"/admin/responses/participant/correct/{person().pk}/"


def page() -> str:
    return f"/admin/responses/participant/{person().pk}/change/"


def row() -> list[tuple[Any, ...]]:
    """What the tables hold of what was sent."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT p::text FROM responses_participant p ORDER BY id")
        people = cursor.fetchall()
        cursor.execute("SELECT s::text FROM responses_submission s ORDER BY id")
        return [*people, *cursor.fetchall()]


@pytest.mark.django_db(transaction=True)  # an export has a connection of its own
def test_correction_stands_beside_the_answer_which_stays() -> None:
    study = launched()
    walked(Client())
    walked(Client())
    close(study=study)
    before = row()
    corrected("will1")
    corrected()
    corrected(stated="a woman after all")
    assert row() == before
    exported = rows(export(study))
    assert [each["corrections_asked"] for each in exported] == [None, "gender will1"]
    assert [each["gender"] for each in exported] == [ABOUT["gender"]] * 2
    said = [(each.item, each.stated, each.actor) for each in corrections_of(person())]
    again = ("gender", "a woman after all", "kim")
    assert said == [("will1", STATED, "kim"), ("gender", STATED, "kim"), again]


@pytest.mark.django_db(transaction=True)
def test_correction_tells_no_arm_while_it_is_secret(tmp_path: Path) -> None:
    study = launched()
    token = walked(Client())
    corrected()
    corrected("noticed", stated="Yes, the money.")
    assert [each["corrections_asked"] for each in rows(export(study))] == [None]
    assert [each.item for each in corrections_of(person())] == ["gender"]
    assert "Yes, the money." not in text_of(desk().get(page()))
    call_command("own_data", "park", token, output=tmp_path / "blind.json")
    close(study=study)
    assert [each["corrections_asked"] for each in rows(export(study))] == ["gender noticed"]
    assert "Yes, the money." in text_of(desk().get(page()))
    call_command("own_data", "park", token, output=tmp_path / "open.json")
    told = [
        [each["item"] for each in json.loads((tmp_path / name).read_text())["corrections"]]
        for name in ("blind.json", "open.json")
    ]
    assert told == [["gender"], ["gender", "noticed"]]


def test_correction_without_words_of_no_item_or_of_who_withdrew_is_refused() -> None:
    launched()
    walked(Client())
    for item, changed in (
        ("nothing", {}),
        ("gender", {"stated": " "}),
        ("gender", {"reason": ""}),
        ("gender", {"stated": "x" * (LONGEST + 1)}),
    ):
        with pytest.raises(Refused):
            corrected(item, **changed)
    withdraw(participant_id=person().pk)
    with pytest.raises(Refused, match="withdrew before"):
        corrected()
    assert Correction.objects.count() == 0


@pytest.mark.parametrize(("keep", "left"), [(True, 1), (False, 0)])
def test_corrections_are_never_edited_and_go_with_the_answers_alone(keep: bool, left: int) -> None:
    launched()
    walked(Client())
    corrected()
    for change in ("UPDATE {} SET stated = 'x'", "DELETE FROM {}"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            connection.cursor().execute(change.format("responses_correction"))
    withdraw(participant_id=person().pk, keep=keep)
    assert Correction.objects.count() == left


def test_desk_notes_a_correction_in_the_name_of_who_is_logged_in(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    launched()
    walked(Client())
    client, here = desk(), address()
    assert here in client.get(page()).content.decode()
    with django_assert_num_queries(3):  # session, account, participant
        asked = client.get(here)
    sent = {**form_of(asked, "correcting"), "stated": STATED, "reason": REASON}
    assert client.post(here, {**sent, "item": ""}).status_code == 422
    assert client.post(here, {**sent, "item": "nothing"}).status_code == 422
    assert client.post(here, {**sent, "item": "gender", "stated": " "}).status_code == 422
    # Session, account, participant; savepoint, participant, the correction, its end.
    with django_assert_num_queries(7):
        response = client.post(here, {**sent, "item": "gender"})
    assert response["Location"] == page()
    noted = Correction.objects.get()
    assert (noted.item, noted.stated, noted.reason) == ("gender", STATED, REASON)
    assert noted.actor == "researcher"
    told = text_of(client.get(page()))
    for words in ("The correction of gender is noted.", "Corrected an answer", STATED, REASON):
        assert words in told
    # Who may not read answers sees that there was one.
    told = text_of(desk("view_participant").get(page()))
    assert "Corrected an answer" in told
    assert STATED not in told
    assert REASON not in told


def test_correction_at_the_desk_needs_the_right_and_somebody_who_is_there() -> None:
    launched()
    walked(Client())
    asked = {"item": "gender", "stated": STATED, "reason": REASON}
    viewer = desk("view_participant")
    assert "Correct an answer" not in text_of(viewer.get(page()))
    assert viewer.post(address(), asked).status_code == 403
    assert desk().get("/admin/responses/participant/correct/999999/").status_code == 404
    withdraw(participant_id=person().pk)
    late = desk()
    assert "Correct an answer" not in text_of(late.get(page()))
    assert "withdrew before" in text_of(late.post(address(), asked))
    assert (Correction.objects.count(), person().state) == (0, State.WITHDRAWN)


def test_command_notes_a_correction(capsys: pytest.CaptureFixture[str]) -> None:
    launched()
    token = walked(Client())
    call_command("correct", "park", token, "gender", STATED, reason=REASON)
    said = f"The correction of gender by {person()} is noted; the answer stays.\n"
    assert capsys.readouterr().out == said
    assert Correction.objects.get().stated == STATED
    with pytest.raises(CommandError, match="asks them no item nothing"):
        call_command("correct", "park", token, "nothing", STATED, reason=REASON)
