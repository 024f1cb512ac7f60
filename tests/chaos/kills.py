"""SIGKILL: of Postgres, of Valkey, of web workers, of Celery in a look and in an export."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial

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

# A look or an export that is over before it is seen is done again so often.
TRIES = 12


def postgres(stage: Stage) -> str:
    """Kills Postgres: its main process, all its processes at once, or one that serves the site."""
    main = stage.machine.postgres.process()
    assert main, "Postgres does not run"
    children = main.children()
    serving = [one for one in children if " postgres coprod " in f" {' '.join(_title(one))} "]
    which = stage.random.choice(["main process", "all processes", "one connection"])
    if which == "main process":
        kill([main])
    elif which == "all processes":
        kill([main, *children])
    else:
        kill([stage.random.choice(serving or [main])])
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
    main, workers = stage.machine.workers_of("web")
    whole = stage.random.random() < 0.25
    kill([*main, *workers] if whole else [stage.random.choice(workers or main)])
    return "web server with its workers" if whole else "web worker"


def beat(stage: Stage) -> str:
    """Kills beat."""
    kill(stage.machine.workers_of("beat")[0])
    return "beat"


def look(stage: Stage) -> str:
    """Kills the Celery worker while it runs a look; the look is there afterwards, once."""
    study, mode = stage.study, stage.mode
    for _try in range(TRIES):
        before = _looks(stage)
        patiently(lambda: _ordered(stage))
        seen = _seen(lambda: patiently(lambda: running(study.pk)), 30)
        if seen:
            time.sleep(stage.random.uniform(0, 0.2))
        still = seen and patiently(lambda: running(study.pk))
        killed = kill(_celery(stage)) if seen else 0
        stage.machine.until(
            partial(lambda spent: _looks(stage) > spent, before), "the look to be run again"
        )
        if still and killed:
            break
    else:
        raise AssertionError("No look was seen running.")
    chain = patiently(lambda: verify(study.pk, mode))
    assert chain.holds, chain.line
    stage.count("looks killed")
    return "Celery worker, in a look"


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
    main, children = stage.machine.workers_of("worker")
    return children if children and stage.random.random() < 0.5 else [*main, *children]


def bundle(stage: Stage) -> str:
    """Kills the Celery worker while it makes a bundle, which is made whole afterwards."""
    asked = patiently(
        lambda: order_bundle(study=stage.study, mode=stage.mode, actor="chaos", licence="none")
    )
    folder = stage.machine.exports
    seen = _seen(lambda: [path for path in folder.iterdir() if path.is_dir()], 60)
    assert seen, "no bundle was seen being made"
    time.sleep(stage.random.uniform(0, 0.5))
    kill(_celery(stage))
    stage.machine.until(lambda: _ended(asked), "the bundle to be made again")
    row = patiently(lambda: Bundle.objects.select_related("export__study").get(pk=asked.pk))
    path = kept_bundle(row)
    assert path, f"the bundle is {row.step}: {row.problem}"
    found = verify_bundle(path)
    assert not found.problems, found.problems
    stage.count("bundles verified")
    return "Celery worker, in a bundle"


def _ended(asked: Bundle) -> bool:
    ends = (Bundle.Step.MADE, Bundle.Step.FAILED)
    return patiently(lambda: Bundle.objects.filter(pk=asked.pk, step__in=ends).exists())


def export(stage: Stage) -> str:
    """Kills the web server while it makes an export: no file, or a whole one; then it is made."""
    folder = stage.machine.exports
    for _try in range(TRIES):
        desk = Desk(stage)
        with ThreadPoolExecutor(1) as one:
            asked = one.submit(_export, desk, stage)
            _seen(partial(lambda made: list(folder.glob(".*.part")) or made.done(), asked), 60)
            was_made = list(folder.glob(".*.part"))
            kill(stage.machine.workers_of("web")[1])
            asked.result()
        if was_made:
            break
    else:
        raise AssertionError("No export was seen being made.")
    stage.machine.until(stage.machine.answers, "the site to answer")
    before = exported_files(folder)
    stage.machine.until(lambda: _export(Desk(stage), stage) == 303, "an export to be made")
    assert len(exported_files(folder)) == len(before) + 1
    return "web workers, in an export"


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
