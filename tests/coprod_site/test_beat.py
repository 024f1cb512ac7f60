"""Beat goes on when the clock was set."""

import os
from datetime import timedelta
from pathlib import Path

import redis

from coprod_site.beat import SteadyScheduler
from coprod_site.celery import app


def queued(scheduler: SteadyScheduler) -> int:
    """How many messages its next ticks queue, until nothing is due."""
    with redis.from_url(os.environ["REDIS_URL"]) as broker:
        broker.flushdb()
        while scheduler.tick() == 0:
            pass
        found = int(broker.llen("celery"))
        broker.flushdb()
    return found


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
    queued(scheduler)
    assert queued(scheduler) == 0
    # As after an hour back: everything was last run an hour from now.
    moved(scheduler, timedelta(hours=1))
    assert queued(scheduler) == 0  # just run, as far as can be known
    assert ahead(scheduler) == []
    moved(scheduler, timedelta(hours=-2))
    scheduler._heap = None
    assert queued(scheduler) == len(app.conf.beat_schedule)
    scheduler.close()
