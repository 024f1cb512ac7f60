"""SIGKILL: of Postgres, of Valkey, of web workers, of Celery in a look and in an export."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path

import psutil

from analysis.bundle.opening import verify_bundle
from analysis.bundle.queueing import kept_bundle, order_bundle
from analysis.look_log import verify
from analysis.look_orders import order_look
from analysis.look_progress import running
from analysis.models import Bundle, Look
from coprod_site.valkey_server import ValkeyServer
from rehearsal.forms import WrongAnswerError
from tests.chaos.machine import kill
from tests.chaos.people import patiently
from tests.chaos.stage import Desk, Stage, exported_files

# A look or an export that is over before it is killed is done again so often.
TRIES = 12
RECOVERS = "automatic recovery in progress"


def postgres(stage: Stage) -> str:
    """Kills Postgres: its main process, all its processes at once, or one that serves the site."""
    main, log = stage.machine.postgres.process(), stage.machine.postgres_log()
    assert main, "Postgres does not run"
    children = main.children()
    serving = [one for one in children if " postgres coprod " in f" {' '.join(_title(one))} "]
    which = stage.random.choice(["main process", "all processes", "one connection"])
    if which == "main process":
        kill([main])
    elif which == "all processes":
        kill([main, *children])
    else:
        kill([stage.random.choice(serving)])
    stage.is_over()
    # A server that is started again begins a new log.
    stage.machine.until(
        lambda: RECOVERS in stage.machine.postgres_log().removeprefix(log),
        "Postgres to recover from its log",
    )
    stage.count("recoveries of Postgres from its log")
    return f"Postgres, {which}"


def _title(process: psutil.Process) -> list[str]:
    with suppress(psutil.Error):
        return process.cmdline()
    return []


def valkey(stage: Stage) -> str:
    """Kills Valkey, which keeps nothing."""
    server = ValkeyServer.process_in(stage.machine.var / "valkey")
    assert server, "Valkey does not run"
    kill([server])
    return "Valkey"


def web_worker(stage: Stage) -> str:
    """Kills one web worker of the two, or the server with both."""
    main, workers = _there(stage, "web")
    whole = stage.random.random() < 0.25
    kill([*main, *workers] if whole else [stage.random.choice(workers)])
    return "web server with its workers" if whole else "web worker"


def beat(stage: Stage) -> str:
    """Kills beat."""
    stage.machine.until(lambda: stage.machine.workers_of("beat")[0], "beat")
    kill(stage.machine.workers_of("beat")[0])
    return "beat"


def _there(stage: Stage, program: str) -> tuple[list[psutil.Process], list[psutil.Process]]:
    """The main process of a program and those that it started, once both are there."""
    stage.machine.until(lambda: all(stage.machine.workers_of(program)), f"{program} to run")
    return stage.machine.workers_of(program)


def look(stage: Stage) -> str:
    """Kills the Celery worker while it runs a look; the look is there afterwards, once.

    It was in the look if that ran just before, and was not there just after.
    """
    study, mode = stage.study, stage.mode
    for _try in range(TRIES):
        before, doomed = _looks(stage), _celery(stage)
        patiently(lambda: _ordered(stage))
        inside = _seen(lambda: patiently(lambda: running(study.pk)), 30)
        if inside:
            time.sleep(stage.random.uniform(0, 0.2))
        if inside := inside and bool(patiently(lambda: running(study.pk))):
            kill(doomed)
            stage.is_over()
            inside = _looks(stage) == before
        stage.machine.until(
            partial(lambda spent: _looks(stage) > spent, before), "the look to be run again"
        )
        if inside:
            break
    else:
        raise AssertionError("No look was killed while it ran.")
    chain = patiently(lambda: verify(study.pk, mode))
    assert chain.holds, chain.line
    stage.count("looks whose worker was killed in them")
    return f"Celery worker{_how(doomed)}, in a look"


def _looks(stage: Stage) -> int:
    return patiently(lambda: Look.objects.filter(study=stage.study).count())


def _ordered(stage: Stage) -> None:
    """Orders a look as soon as there are people enough for one."""
    from experiments.refusals import Refused

    end = time.monotonic() + 120
    while True:
        try:
            order_look(study_id=stage.study.pk, mode=stage.mode, reason="A drill.", actor="chaos")
        except Refused:
            if time.monotonic() > end:
                raise
            time.sleep(0.3)
        else:
            return


def _celery(stage: Stage) -> list[psutil.Process]:
    """What of Celery is killed: the process that works alone, or its main process too."""
    main, children = _there(stage, "worker")
    return children if stage.random.random() < 0.5 else [*main, *children]


def _how(doomed: list[psutil.Process]) -> str:
    return " with its main process" if len(doomed) > 1 else ""


def bundle(stage: Stage) -> str:
    """Kills the Celery worker while it makes a bundle, which is made whole afterwards."""
    folder = stage.machine.exports
    for _try in range(TRIES):
        doomed, left = _celery(stage), _folders(folder)
        asked = patiently(
            lambda: order_bundle(study=stage.study, mode=stage.mode, actor="chaos", licence="none")
        )
        seen = _seen(partial(lambda old: _folders(folder) - old, left), 60)
        assert seen, "no bundle was seen being made"
        time.sleep(stage.random.uniform(0, 0.5))
        kill(doomed)
        stage.is_over()
        inside = not _ended(asked)
        stage.machine.until(partial(_ended, asked), "the bundle to be made again")
        row = patiently(partial(Bundle.objects.select_related("export__study").get, pk=asked.pk))
        path = kept_bundle(row)
        assert path, f"the bundle is {row.step}: {row.problem}"
        found = verify_bundle(path)
        assert not found.problems, found.problems
        if inside:
            break
    else:
        raise AssertionError("No bundle was killed while it was made.")
    stage.count("bundles whose worker was killed in them")
    return f"Celery worker{_how(doomed)}, in a bundle"


def _folders(folder: Path) -> set[Path]:
    """Those in which bundles are put together."""
    return {path for path in folder.iterdir() if path.is_dir()}


def _ended(asked: Bundle) -> bool:
    ends = (Bundle.Step.MADE, Bundle.Step.FAILED)
    return patiently(lambda: Bundle.objects.filter(pk=asked.pk, step__in=ends).exists())


def export(stage: Stage) -> str:
    """Kills the web workers while one makes an export: no file; the next one is whole."""
    machine, folder = stage.machine, stage.machine.exports
    for _try in range(TRIES):
        if _dies_in_an_export(stage):
            break
        machine.until(machine.answers, "the site to answer")
    else:
        raise AssertionError("No export was killed while it was made.")
    machine.until(machine.answers, "the site to answer")
    before = exported_files(folder)
    machine.until(lambda: _export(Desk(stage), stage) == 303, "an export to be made")
    assert len(exported_files(folder)) == len(before) + 1
    stage.count("exports whose web worker was killed in them")
    return "web workers, in an export"


def _dies_in_an_export(stage: Stage) -> bool:
    """Kills them once an export has begun; whether it was not done."""
    folder = stage.machine.exports
    desk, (_main, doomed) = Desk(stage), _there(stage, "web")
    left, before = _parts(folder), exported_files(folder)
    with ThreadPoolExecutor(1) as one:
        asked = one.submit(_export, desk, stage)
        _seen(lambda: _parts(folder) - left or asked.done(), 60)
        kill(doomed)
        stage.is_over()
        answered = asked.result()
    return not answered and bool(_parts(folder) - left) and exported_files(folder) == before


def _parts(folder: Path) -> set[Path]:
    """Files of exports that are being made, and what is left of those that died."""
    return set(folder.glob(".*.part"))


def _export(desk: Desk, stage: Stage) -> int:
    try:
        return desk.export(stage.mode)[0]
    except WrongAnswerError:
        return 0
    finally:
        desk.close()


def _seen(what: Callable[[], object], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if what():
            return True
        time.sleep(0.003)
    return False
