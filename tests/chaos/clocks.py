"""A clock that is set while everything runs: an hour ahead, an hour back."""

import time
from contextlib import suppress
from email.utils import parsedate_to_datetime
from functools import partial
from http.cookies import SimpleCookie
from pathlib import Path

import httpx
import psutil
import psycopg
import redis

from tests.chaos.machine import library_of_clocks
from tests.chaos.stage import Stage
from tests.chaos.working import at_work

HOUR = 3600
# Clocks that are the same differ by what it takes to read them, on however busy a machine.
SAME = 600


def jump(stage: Stage) -> str:
    """Sets the clock an hour off and right again, both ways, one or the other first: four jumps."""
    first = HOUR if stage.random.random() < 0.5 else -HOUR
    assert not (others := _by_the_true_clock(stage)), f"{others} see no other clock"
    try:
        for off in (first, 0, -first, 0):
            out, works = stage.crowd.all_out(), at_work()
            stage.machine.set_clock(off)
            stage.machine.until(partial(_all_show, stage, off), f"clocks that are {off} s off")
            time.sleep(stage.lasting(1, 5))
            if off:
                stage.machine.until(out, "people who came before the clock was set")
                stage.machine.until(works, "worker and beat to go on by a clock that was set")
            stage.count("clock jumps")
    finally:
        stage.machine.set_clock(0)
    return "clock set an hour off, and right again, both ways"


def _by_the_true_clock(stage: Stage) -> list[str]:
    """The processes of the site that are not shown the clock that is set."""
    library, found = str(library_of_clocks().resolve()), []
    launcher, server = stage.machine.launcher, stage.machine.postgres.process()
    assert launcher, "the launcher was not started"
    assert server, "Postgres does not run"
    for top in (psutil.Process(launcher.pid), server):
        for process in (top, *top.children(recursive=True)):
            # Who is gone by now needs no clock.
            with suppress(psutil.Error, OSError):
                if library not in Path(f"/proc/{process.pid}/maps").read_text():
                    found.append(" ".join(process.cmdline()))
    return found


def _all_show(stage: Stage, off: int) -> bool:
    """Whether Postgres, Valkey and the web server tell the time so far beside the true one."""
    told = [_of_postgres(stage), _of_valkey(stage), _of_web(stage)]
    return all(abs(each - time.time() - off) < SAME for each in told)


def _of_postgres(stage: Stage) -> float:
    with psycopg.connect(stage.machine.postgres.url()) as one:
        ((seconds,),) = one.execute("SELECT extract(epoch FROM clock_timestamp())").fetchall()
    return float(seconds)


def _of_valkey(stage: Stage) -> float:
    (main, *_none), _children = stage.machine.workers_of("worker")
    with redis.from_url(main.environ()["REDIS_URL"]) as one:
        seconds, _micro = one.time()
    return float(seconds)


def _of_web(stage: Stage) -> float:
    """By a cookie: granian keeps its `Date` as it is for an hour that comes again."""
    answer = httpx.get(f"{stage.machine.site}/admin/login/", timeout=60)
    cookie = SimpleCookie(answer.headers["Set-Cookie"])["csrftoken"]
    return parsedate_to_datetime(cookie["expires"]).timestamp() - int(cookie["max-age"])
