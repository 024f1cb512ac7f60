"""Looks on real workers: two at once, a worker killed in the middle, a broker that is away."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import Barrier, Thread
from typing import Any, TypeVar
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import connection, transaction

from analysis.locks import looks_key
from analysis.look import run_look
from analysis.look_log import verify
from analysis.models import Look, LookEvent
from coprod_site.celery import app
from coprod_site.valkey_server import ValkeyServer
from experiments.models import Study
from responses.models import Participant
from responses.withdrawal import withdraw
from tests import processes
from tests.analysis.studies import complete, launched
from tests.analysis.test_replanning import replanning
from tests.designs import small
from tests.responses.locks import until_one_waits

T = TypeVar("T")

# A worker needs some seconds to start, a broker that was away some to be found again.
PATIENCE = 60


@pytest.fixture
def quick_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beat sweeps twice a second."""
    monkeypatch.setenv("COPROD_SWEEP_SECONDS", "0.5")


def until(ready: Callable[[], T]) -> T:
    """Waits until something is so, or there is something; returns it."""
    end = time.monotonic() + PATIENCE
    while not (found := ready()):
        assert time.monotonic() < end, "It did not come about."
        time.sleep(0.05)
    return found


def database_url() -> str:
    """The address of this test's database."""
    address = urlsplit(os.environ["DATABASE_URL"])
    return address._replace(path=f"/{connection.settings_dict['NAME']}").geturl()


@contextmanager
def worker(folder: Path, **environment: str) -> Iterator[processes.Process]:
    """A worker with beat in it, started and not waited for."""
    folder.mkdir()
    arguments = ["worker", "--pool", "prefork", "--concurrency", "1", "--loglevel", "INFO"]
    beat = ["--beat", "--schedule", str(folder / "beat"), "--without-gossip", "--without-mingle"]
    environment |= {"DATABASE_URL": database_url()}
    command = ["celery", "-A", "coprod_site", *arguments, *beat]
    with processes.running(command, folder / "log", environment) as process:
        yield process


@contextmanager
def looks_held() -> Iterator[psycopg.Connection[Any]]:
    """Keeps every look from being written while the block lasts; reading goes on."""
    with psycopg.connect(database_url()) as other:
        other.execute("LOCK TABLE analysis_look IN SHARE MODE")
        yield other
        other.rollback()


def looks_waiting() -> int:
    """How many looks have done everything but be written."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE NOT granted "
            "AND relation = 'analysis_look'::regclass"
        )
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def outcome_of(study: Study) -> tuple[list[tuple[int, Any]], int]:
    """The study's looks (number and results), and how many participants they hold.

    Without the robustness table: its redraws are seeded by the cut, which names its participants,
    and those of two studies have other names. Without the moment until which the flow was counted.
    """
    looks = Look.objects.filter(study=study).order_by("number")
    members = Participant.objects.filter(study=study, first_look__isnull=False).count()
    left = [(look.number, look.results | {"robustness": None}) for look in looks]
    for _number, results in left:
        results["flow"] = {**results["flow"], "until": None}
    return left, members


def undisturbed() -> tuple[list[tuple[int, Any]], int]:
    """What the first look of the same participants finds when nothing goes wrong.

    A worker that sweeps meanwhile sees nothing of it before it is spent, and runs none of it.
    """
    with transaction.atomic():
        study = launched(small(study="undisturbed"))
        complete(study, 22)
        run_look(study_id=study.pk, mode="live", number=1)
        return outcome_of(study)


def spending() -> set[int]:
    """The processes that run a look, as far as workers tell within a second."""
    told = app.control.inspect().active() or {}
    tasks = [task for active in told.values() for task in active]
    return {task["worker_pid"] for task in tasks if task["name"].endswith("spend_look")}


@pytest.mark.usefixtures("quick_sweep", "celery_worker_process")
def test_celery_worker_runs_a_look_by_itself_when_its_size_is_reached() -> None:
    study = launched()
    complete(study, 19)
    time.sleep(1.5)  # three sweeps that find nothing due
    assert not Look.objects.exists()
    complete(study, 3, start=19)
    until(Look.objects.exists)
    assert outcome_of(study) == undisturbed()


@pytest.mark.usefixtures("quick_sweep", "celery_worker_process")
def test_celery_worker_fixes_the_sample_size_before_the_first_look() -> None:
    study = replanning(sd=0.1, most=44)
    complete(study, 23)
    until(Look.objects.exists)
    kinds = LookEvent.objects.order_by("position").values_list("kind", flat=True)
    assert (Look.objects.get().n, list(kinds)) == (22, ["replanned", "spent"])


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_run_one_look() -> None:
    study = launched()
    complete(study, 22)
    barrier, found = Barrier(2), []

    def run() -> None:
        barrier.wait()
        look = run_look(study_id=study.pk, mode="live", number=1)
        found.append(look.pk if look else None)
        connection.close()

    threads = [Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    look = Look.objects.get()
    # Who comes while the other is at it goes away with nothing; who comes after finds it spent.
    assert look.pk in found
    assert set(found) <= {look.pk, None}
    chain = verify(study.pk, "live")
    assert (len(chain.events), chain.holds) == (1, True)
    assert outcome_of(study) == undisturbed()


@pytest.mark.django_db(transaction=True)
def test_duplicate_message_does_not_wait_for_the_look_that_runs() -> None:
    study = launched()
    complete(study, 22)
    with psycopg.connect(database_url()) as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", [looks_key(study.pk, "live")])
        assert run_look(study_id=study.pk, mode="live", number=1) is None
        other.rollback()
    assert run_look(study_id=study.pk, mode="live", number=1) is not None


@pytest.mark.django_db(transaction=True)
def test_withdrawal_between_choosing_and_marking_is_made_good_by_the_next_complete() -> None:
    study = launched()
    people = complete(study, 22)
    thread = Thread(target=partial(run_in_a_connection, study))
    with transaction.atomic():
        # Whoever withdraws is still a complete for the look, which waits to mark the row.
        withdraw(participant_id=people[4].pk)
        thread.start()
        until_one_waits()
    thread.join()
    marked = Participant.objects.filter(first_look=1).order_by("pk").values_list("pk", flat=True)
    assert Look.objects.get().n == 20
    # The twenty-first completes the cut; the last one came too late for it.
    assert list(marked) == [each.pk for each in people[:21] if each != people[4]]


def run_in_a_connection(study: Study) -> None:
    """Runs the first look in a thread's own connection."""
    run_look(study_id=study.pk, mode="live", number=1)
    connection.close()


def test_task_that_hangs_is_ended() -> None:
    assert (app.conf.task_soft_time_limit, app.conf.task_time_limit) == (3600, 3660)


@pytest.mark.usefixtures("quick_sweep", "celery_worker_process")
def test_look_runs_again_once_after_its_process_was_killed() -> None:
    study = launched()
    with looks_held():
        complete(study, 22)
        until(lambda: looks_waiting() == 1)
        (child,) = until(spending)
        os.kill(child, signal.SIGKILL)
        assert outcome_of(study) == ([], 0)
    until(Look.objects.exists)
    time.sleep(1)  # what was queued again meanwhile finds the look spent
    assert outcome_of(study) == undisturbed()


@pytest.mark.slow
@pytest.mark.usefixtures("quick_sweep")
@pytest.mark.django_db(transaction=True)
def test_look_runs_once_after_the_whole_worker_was_killed(tmp_path: Path) -> None:
    study = launched()
    complete(study, 22)
    with looks_held(), worker(tmp_path / "first") as process:
        until(lambda: looks_waiting() == 1)
        os.killpg(process.pid, signal.SIGKILL)
        assert outcome_of(study) == ([], 0)
    with worker(tmp_path / "second"):
        until(Look.objects.exists)
        time.sleep(1)  # what the dead worker had not acknowledged may come again
    assert outcome_of(study) == undisturbed()


@pytest.mark.slow
@pytest.mark.usefixtures("quick_sweep")
@pytest.mark.django_db(transaction=True)
def test_look_runs_when_the_broker_comes_back(tmp_path: Path) -> None:
    study = launched()
    complete(study, 22)
    broker = ValkeyServer(tmp_path / "valkey", "tests-only")
    log = tmp_path / "worker" / "log"
    with worker(tmp_path / "worker", REDIS_URL=broker.url()):
        until(lambda: log.exists() and b"Cannot connect to redis" in log.read_bytes())
        with broker.running():
            until(Look.objects.exists)
    assert outcome_of(study) == undisturbed()
