"""Pay lists: who stands in them, once, and the same file again."""

import csv
from dataclasses import replace
from io import StringIO
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from experiments.design import Parameter
from experiments.models import Study
from responses import pay_lists
from responses.arrival import entry_link
from responses.models import Mode, Participant, PayList
from responses.pay_lists import Panel, make_pay_list, pay_sheet
from responses.withdrawal import withdraw
from tests.designs import small
from tests.desk import desk, text_of
from tests.responses.arriving import at_once
from tests.responses.studies import launched, walked

pytestmark = pytest.mark.django_db

PAGE = "/admin/responses/participant/pay/park/"


def of_two_panels() -> Study:
    parameters = (
        Parameter("pid", "PID", identifies=True),
        Parameter("panel", "panel", values=("north", "south & west")),
    )
    return launched(replace(small(), parameters=parameters))


def test_everybody_who_waits_is_counted_however_few_a_list_holds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    study = launched()
    client = desk()
    monkeypatch.setattr(pay_lists, "MOST", 2)
    for shown in ("1", "2", "3"):
        walked(Client())
        assert f"Completed and in no list: live {shown} " in text_of(client.get(PAGE))
    make_pay_list(study=study, mode=Mode.LIVE, actor="a")
    listed, _, waits = Participant.objects.order_by("id")
    counted = [pay_lists.waiting(study_id=study.pk, mode=Mode.LIVE)]
    # In a list or not, who withdraws waits no more.
    for each in (listed, waits):
        withdraw(participant_id=each.pk)
        counted.append(pay_lists.waiting(study_id=study.pk, mode=Mode.LIVE))
    assert counted == [1, 1, 0]


def told(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(content.decode("utf-8-sig"))))


def test_list_holds_who_completed_once_and_can_be_had_again(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    of_two_panels()
    walked(Client(), link="/s/park/?PID=p1&panel=north")
    walked(Client(), link="/s/park/?PID=%3Dp2&panel=south+%26+west")
    walked(Client(), link="/s/park/?PID=p3&panel=north", until="opinion")
    walked(Client(), link=entry_link("park", Mode.REHEARSAL))
    one, two, unfinished, _rehearsal = Participant.objects.order_by("id")
    client = desk()
    page = text_of(client.get(PAGE))
    assert "Completed and in no list: live 2" in page
    assert "everybody panel = north panel = south & west" in page
    # Session, account, study; savepoint, lock, whom, the number, the list, its people, its end.
    with django_assert_num_queries(10):
        sent = {"mode": "live", "panel": "1", "amount": "1.50 GBP"}
        assert client.post(PAGE, sent).status_code == 302
    assert client.post(PAGE, {"mode": "live", "panel": "0"}).status_code == 302
    again = client.post(PAGE, {"mode": "live", "panel": "0"})
    assert again.status_code == 422
    assert "Nobody has completed who is not in a list already." in text_of(again)
    # Session, account, study, the list, that it is read, its people.
    with django_assert_num_queries(6):
        file = client.post(f"{PAGE}live/1/")
    assert file["Content-Disposition"].startswith('attachment; filename="park_pay_live_1_')
    assert told(file.content) == [
        {
            "participant": str(one.reference),
            "panel_id": "p1",
            "completion_code": one.completion_code,
            "state": "completed",
            "completed_at": f"{one.completed_at:%Y-%m-%dT%H:%M:%SZ}",
            "amount": "1.50 GBP",
        }
    ]
    assert client.post(f"{PAGE}live/1/").content == file.content
    (other,) = told(client.post(f"{PAGE}live/2/").content)
    assert (other["panel_id"], other["completion_code"]) == ("'=p2", two.completion_code)
    assert not hasattr(unfinished, "payment")
    assert "Put into pay list 1" in text_of(
        client.get(f"/admin/responses/participant/{one.pk}/change/")
    )
    withdraw(participant_id=one.pk)
    (left,) = told(client.post(f"{PAGE}live/1/").content)
    assert (left["panel_id"], left["completion_code"], left["state"]) == ("", "", "withdrawn")
    shown = text_of(client.get(PAGE))
    assert "live 1 1 panel = north 1.50 GBP" in shown


@pytest.mark.parametrize("change", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_lists_are_never_changed_and_refuse_what_makes_no_sense(change: str) -> None:
    study = of_two_panels()
    walked(Client(), link="/s/park/?PID=p1&panel=north")
    make_pay_list(study=study, mode=Mode.LIVE, actor="fieldwork")
    for table in ("responses_paylist", "responses_payment"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            connection.cursor().execute(change.format(table))
    client = desk()
    for wrong in ({"mode": "rehearsal"}, {"panel": "9"}, {"amount": "x" * 41}, {"amount": "a\nb"}):
        sent: dict[str, Any] = {"mode": "live", "panel": "0", "amount": "", **wrong}
        assert client.post(PAGE, sent).status_code == 422, wrong
    assert client.post(f"{PAGE}live/2/").status_code == 404
    assert client.get(f"{PAGE}live/1/").status_code == 405
    reader = desk("view_participant", "add_paylist")
    assert [reader.get(PAGE).status_code, reader.post(f"{PAGE}live/1/").status_code] == [403] * 2


@pytest.mark.django_db(transaction=True)
def test_lists_that_are_made_at_once_hold_nobody_twice() -> None:
    study = of_two_panels()
    for number in range(4):
        walked(Client(), link=f"/s/park/?PID=p{number}&panel=north")

    def make(number: int) -> str:
        try:
            panel = Panel("panel", "north") if number % 2 else Panel()
            make_pay_list(study=study, mode=Mode.LIVE, actor=f"{number}", panel=panel)
        except Exception as error:
            return type(error).__name__
        return "made"

    assert sorted(at_once(4, make)) == ["Refused"] * 3 + ["made"]
    assert len(told(pay_sheet(PayList.objects.get()))) == 4
