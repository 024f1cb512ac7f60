"""`manage.py looks`."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from analysis.look import run_look
from analysis.look_orders import order_look
from analysis.models import Look, LookEvent
from experiments.launch import close
from experiments.rowwriting import write_rows
from responses.models import Participant
from tests.analysis.studies import complete, launched
from tests.designs import small

pytestmark = pytest.mark.django_db


def looks(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    """What the command prints."""
    call_command("looks", *arguments)
    return capsys.readouterr().out.splitlines()


def test_looks_lists_spent_due_and_waiting(capsys: pytest.CaptureFixture[str]) -> None:
    study = launched()
    complete(study, 5)
    assert looks(capsys, "park") == ["1  interim  waiting  5 of 20", "2  final  waiting  5 of 40"]
    complete(study, 18, start=5)
    assert looks(capsys, "park") == ["1  interim  due  23 of 20", "2  final  waiting  23 of 40"]
    look = run_look(study_id=study.pk, mode="live", number=1)
    assert look is not None
    assert looks(capsys, "park", "--mode", "live") == [
        f"1  interim  spent  n=20  {look.spent_at:%Y-%m-%dT%H:%M:%SZ}  cut {look.cut_digest[:12]}",
        "2  final  waiting  23 of 40",
    ]


def test_looks_lists_unplanned_looks_and_orders(capsys: pytest.CaptureFixture[str]) -> None:
    study = launched()
    complete(study, 12)
    for _ in range(2):
        order_look(study_id=study.pk, mode="live", reason="A complaint.", actor="kim")
        run_look(study_id=study.pk, mode="live", number=1)
        complete(study, 2, start=Participant.objects.count())
    look = Look.objects.get()
    when = f"{look.spent_at:%Y-%m-%dT%H:%M:%SZ}"
    assert looks(capsys, "park") == [
        f"1  unplanned  spent  n=12  {when}  cut {look.cut_digest[:12]}",
        "2  interim  waiting  16 of 20",
        "3  final  waiting  16 of 40",
        "-  unplanned  ordered by kim",
    ]


def test_looks_lists_the_log_and_says_whether_it_holds(capsys: pytest.CaptureFixture[str]) -> None:
    study = launched()
    complete(study, 12)
    order_look(study_id=study.pk, mode="live", reason="A complaint.", actor="kim")
    event = LookEvent.objects.get()
    assert looks(capsys, "park", "--log")[3:] == [
        "",
        f"1  {event.at:%Y-%m-%dT%H:%M:%SZ}  A look was ordered by kim: A complaint.",
        "The log holds: 1 event, and each spent look.",
        f"head {event.digest}",
    ]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL coprod.erasure = 'declared'")
        cursor.execute("UPDATE analysis_lookevent SET actor = 'lee'")
    with pytest.raises(CommandError, match="The log does not hold: event 1"):
        looks(capsys, "park")


def test_looks_lists_skipped_looks_of_a_closed_study(capsys: pytest.CaptureFixture[str]) -> None:
    study = launched()
    close(study=study)
    assert looks(capsys, "park") == [
        "1  interim  skipped: the study was closed first",
        "2  final  not run: nobody eligible completed",
    ]
    complete(study, 1)
    assert looks(capsys, "park")[1] == "2  final  due  1 of 40"


def test_looks_says_which_study_or_mode_there_is_not() -> None:
    write_rows(design=small(study="draft"))
    with pytest.raises(CommandError, match="There is no study nowhere; load_study FILE makes one"):
        call_command("looks", "nowhere")
    with pytest.raises(CommandError, match="draft was not launched in mode pilot"):
        call_command("looks", "draft", "--mode", "pilot")
