"""A look that fails leaves nothing but its failure, waits, and runs again when it is told to."""

import pytest
from django.db import DatabaseError, OperationalError, connection
from django.test import Client

from analysis.look import run_look
from analysis.look_lines import event_said
from analysis.look_log import verify
from analysis.models import Look, LookEvent
from analysis.replanning import replan
from analysis.schedule import due_looks
from experiments.launch import close
from experiments.models import Study
from responses.models import Participant
from tests.analysis.studies import complete, launched, spend
from tests.analysis.test_ordered_looks import desk, order
from tests.analysis.test_replanning import replanning

pytestmark = pytest.mark.django_db

LOOKS, RETRY = (f"/admin/analysis/look/study/park/looks/{part}" for part in ("", "retry/"))


def broken(code: str = "P0001", table: str = "analysis_look") -> None:
    """From now on no look can be stored: the database says why, and quotes an answer."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "RAISE EXCEPTION 'no room for ''money'' here' "
            f"USING ERRCODE = '{code}', DETAIL = 'Failing row contains (money).'; END $$"
        )
        cursor.execute(
            f"CREATE TRIGGER broken BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION broken()"
        )


def mended() -> None:
    """Looks can be stored again."""
    with connection.cursor() as cursor:
        cursor.execute("DROP FUNCTION broken CASCADE")


def failed(number: int = 1, completes: int = 20) -> Study:
    """A study whose look failed."""
    study = launched()
    complete(study, completes)
    broken()
    with pytest.raises(DatabaseError, match="no room"):
        run_look(study_id=study.pk, mode="live", number=number)
    mended()
    return study


def told() -> list[tuple[object, ...]]:
    """The events, without their digests."""
    events = LookEvent.objects.order_by("position")
    return list(events.values_list("kind", "number", "actor"))


def test_failure_is_all_that_a_failed_look_leaves() -> None:
    study = failed()
    event = LookEvent.objects.get()
    assert (event.kind, event.number, event.detail) == (
        "failed",
        1,
        {"planned": 1, "error": "ProgrammingError", "message": "no room for … here"},
    )
    assert not Look.objects.exists()
    assert not Participant.objects.exclude(first_look=None).exists()
    # Neither the sweep nor a message that comes late runs it.
    assert due_looks() == []
    assert run_look(study_id=study.pk, mode="live", number=1) is None


def test_desk_says_why_and_has_it_run_again() -> None:
    study = failed()
    client = desk("view_look", "order_look")
    page = client.get(LOOKS).content.decode()
    assert "ProgrammingError: no room for … here" in page
    assert "Run again" in page
    progress = client.get("/admin/analysis/look/study/park/").content.decode()
    assert "Look 1: failed, waits to be run again" in progress
    answer = client.post(RETRY, {"mode": "live", "number": "1"})
    assert answer["Location"] == f"{LOOKS}?mode=live"
    assert [due.number for due in due_looks()] == [1]
    assert spend(study, 1).n == 20
    expected = [("failed", 1, ""), ("retried", 1, "hana"), ("spent", 1, "")]
    assert told() == expected
    client.post(RETRY, {"mode": "live", "number": "1"})  # there is nothing to run again
    assert told() == expected


def test_who_may_not_order_looks_may_not_have_one_run_again() -> None:
    failed()
    client = desk("view_look")
    assert "Run again" not in client.get(LOOKS).content.decode()
    assert client.post(RETRY, {"mode": "live", "number": "1"}).status_code == 403
    assert told() == [("failed", 1, "")]


def test_get_has_nothing_run_again(admin_client: Client) -> None:
    failed()
    assert admin_client.get(RETRY).status_code == 405
    assert told() == [("failed", 1, "")]


@pytest.mark.parametrize("code", ["57014", "57P01", "40P01"])
def test_database_that_was_away_is_no_failure_of_the_look(code: str) -> None:
    study = launched()
    complete(study, 20)
    broken(code)  # cancelled, shut down, a deadlock
    with pytest.raises(OperationalError):
        run_look(study_id=study.pk, mode="live", number=1)
    mended()
    assert told() == []
    assert spend(study, 1).n == 20


def test_failed_look_of_the_plan_does_not_hold_the_final_one() -> None:
    study = failed()
    close(study=study)
    assert [due.number for due in due_looks()] == [2]
    assert spend(study, 2).n == 20


def test_failed_order_does_not_hold_the_look_of_the_plan() -> None:
    study = launched()
    complete(study, 12)
    order(study)
    broken()
    with pytest.raises(DatabaseError):
        run_look(study_id=study.pk, mode="live", number=1)
    mended()
    assert due_looks() == []
    complete(study, 8, start=12)
    assert [(due.number, due.planned) for due in due_looks()] == [(1, 1)]
    assert spend(study, 1).planned == 1


def test_sample_size_that_can_not_be_fixed_anew_is_logged_once_and_tried_again() -> None:
    study = replanning()
    complete(study, 30)
    broken(table="analysis_replanning")
    for _sweep in range(2):
        with pytest.raises(DatabaseError, match="no room"):
            replan(study_id=study.pk, mode="live")
    mended()
    assert due_looks() == []  # the size goes first
    assert replan(study_id=study.pk, mode="live") is not None
    assert told() == [("failed", None, ""), ("replanned", None, "")]
    failure = LookEvent.objects.earliest("position")
    assert event_said(failure) == (
        "The sample size could not be fixed anew: ProgrammingError: no room for … here"
    )
    assert [due.number for due in due_looks()] == [1]
    assert verify(study.pk, "live").holds
