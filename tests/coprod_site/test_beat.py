"""Beat goes on when the clock was set."""

import json
from collections import Counter
from datetime import timedelta
from pathlib import Path

import redis

from coprod_site.beat import SteadyScheduler
from coprod_site.celery import app
from tests.session_servers import own_valkey_database

# Of those that are nobody's: what an open page has queued is not the doing of beat.
ALONE = 9
# Celery's own, which is due at four in the morning: between four and five it is an hour later, too.
AT_FOUR = "celery.backend_cleanup"


def queued(scheduler: SteadyScheduler) -> Counter[str]:
    """The tasks of ours that its next ticks queue, until nothing is due."""
    with redis.from_url(own_valkey_database(ALONE)) as broker:
        broker.flushdb()
        while scheduler.tick() == 0:
            pass
        found = [json.loads(each)["headers"]["task"] for each in broker.lrange("celery", 0, -1)]
        broker.flushdb()
    return Counter(task for task in found if task != AT_FOUR)


def moved(scheduler: SteadyScheduler, by: timedelta) -> None:
    """As if each task had been run so much later."""
    for entry in scheduler.schedule.values():
        assert entry.last_run_at
        entry.last_run_at = entry.last_run_at + by


def ahead(scheduler: SteadyScheduler) -> list[str]:
    """The tasks that say that they were run in the future."""
    entries = scheduler.schedule.items()
    return [name for name, e in entries if e.last_run_at and e.last_run_at > e.default_now()]


def test_clock_that_was_set_back_holds_up_no_sweep(tmp_path: Path) -> None:
    scheduler = SteadyScheduler(app=app, schedule_filename=str(tmp_path / "beat"))
    # What it has for itself, unless it finds one there.
    vars(scheduler)["connection"] = app.connection_for_write(url=own_valkey_database(ALONE))
    queued(scheduler)
    assert queued(scheduler) == Counter()
    # As after an hour back: everything was last run an hour from now.
    moved(scheduler, timedelta(hours=1))
    assert queued(scheduler) == Counter()  # just run, as far as can be known
    assert ahead(scheduler) == []
    moved(scheduler, timedelta(hours=-2))
    scheduler._heap = None
    assert queued(scheduler) == Counter(each["task"] for each in app.conf.beat_schedule.values())
    scheduler.close()
