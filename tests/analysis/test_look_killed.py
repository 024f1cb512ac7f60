"""A look whose process is killed wherever it is: the next one finds the same numbers, once."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction
from django.test import Client

from analysis.locks import log_key
from analysis.look import run_look
from analysis.look_log import verify
from analysis.look_progress import running
from analysis.models import LookEvent
from experiments.models import Study
from tests import processes
from tests.analysis.studies import complete, launched, spend
from tests.analysis.test_look_under_failure import database_url, outcome_of, until
from tests.designs import small

Other = psycopg.Connection[Any]


def cut(other: Other, study: Study) -> None:
    """Keeps it from taking its cut."""
    other.execute("SELECT 1 FROM responses_participant WHERE study_id = %s FOR UPDATE", [study.pk])


def ledger(other: Other, study: Study) -> None:
    """Keeps it from reading the ledger."""
    other.execute("LOCK TABLE responses_allocation IN ACCESS EXCLUSIVE MODE")


def looks(other: Other, study: Study) -> None:
    """Keeps it from storing its row."""
    other.execute("LOCK TABLE analysis_look IN SHARE MODE")


def log(other: Other, study: Study) -> None:
    """Keeps it, its row stored, from writing its event and from committing."""
    other.execute("SELECT pg_advisory_xact_lock(%s)", [log_key(study.pk, "live")])


@contextmanager
def look_process(study: Study, path: Path) -> Iterator[processes.Process]:
    """A process of its own that runs the study's first look."""
    call = f"run_look(study_id={study.pk}, mode='live', number=1)"
    code = f"from analysis.look import run_look; {call}"
    environment = {"DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "coprod_site.settings"}
    with processes.running(["django", "shell", "-c", code], path, environment) as process:
        yield process


def undisturbed(study: Study) -> tuple[int, str, Any]:
    """What the look finds when nothing goes wrong: of the same participants, and taken back."""
    with transaction.atomic():
        found = spend(study, 1)
        transaction.set_rollback(True)
    return found.n, found.cut_digest, found.results


def held_up(study: Study) -> bool:
    """Whether the look waits for a lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' "
            "AND datname = current_database() AND starts_with(application_name, %s)",
            [f"coprod look {study.pk} "],
        )
        row = cursor.fetchone()
    return bool(row and row[0])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("hold", "step"),
    [
        (cut, "takes its cut"),
        (ledger, "tests the randomisation"),
        (looks, "stores its results"),
        (log, "stores its results"),
    ],
)
@pytest.mark.django_db(transaction=True)
def test_look_that_was_killed_runs_once_with_the_same_numbers(
    hold: Callable[[Other, Study], None], step: str, tmp_path: Path, admin_client: Client
) -> None:
    study = launched(small(study="killed"))
    complete(study, 22)
    expected = undisturbed(study)
    with psycopg.connect(database_url()) as other, look_process(study, tmp_path / "log") as process:
        hold(other, study)
        processes.until(lambda: held_up(study), process, tmp_path / "log")
        found = running(study.pk)["live"]
        assert (found.mode, found.number, found.step) == ("live", 1, step)

        progress = admin_client.get("/admin/analysis/look/study/killed/").content.decode()
        assert f"Look 1 {step}; it has run since" in progress
        os.kill(process.pid, signal.SIGKILL)
        other.rollback()
    until(lambda: not running(study.pk))
    assert (outcome_of(study), LookEvent.objects.count()) == (([], 0), 0)
    look = run_look(study_id=study.pk, mode="live", number=1)
    assert look is not None
    assert run_look(study_id=study.pk, mode="live", number=1) == look  # a message that comes late
    assert (look.n, look.cut_digest, look.results) == expected
    assert [event.kind for event in verify(study.pk, "live").events] == ["spent"]
