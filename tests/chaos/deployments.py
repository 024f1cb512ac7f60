"""Two deployments at once, with a migration of the tables that everybody writes to.

Then the programs are ended and started anew, as a deployment does.
"""

import os
import subprocess
import sys
import time
from typing import LiteralString

import psycopg

from coprod_site.embedded import ROOT
from experiments.updating import KEY
from tests.chaos.stage import Stage

NEXT = {"DJANGO_SETTINGS_MODULE": "tests.chaos.next_settings"}
COLUMN = """
SELECT count(*) FROM information_schema.columns
WHERE table_name = 'responses_submission' AND column_name = 'of_the_next_release'
"""
PAGES = "SELECT count(*) FROM responses_submission"
THERE = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'coprod update'"


def two(stage: Stage) -> str:
    """Both are through, the migration was made once; then it is taken back."""
    before = _count(stage, PAGES)
    with psycopg.connect(stage.machine.postgres.url()) as turn:
        # Which of them is up sooner is chance: none begins before both are there.
        turn.execute("SELECT pg_advisory_xact_lock(%s)", [KEY])
        both = [_manage("update_site"), _manage("update_site")]
        stage.machine.until(lambda: _count(stage, THERE) == len(both), "both deployments")
    while any(one.poll() is None for one in both):
        time.sleep(0.02)
    meanwhile = _count(stage, PAGES) - before
    ends = [(one.communicate(timeout=300)[0], one.returncode) for one in both]
    assert [code for _said, code in ends] == [0, 0], ends
    assert _count(stage, COLUMN) == 1
    assert meanwhile, "nobody answered anything while the migration ran"
    _programs_anew(stage)
    back = _manage("migrate", "next_release", "zero")
    said, _none = back.communicate(timeout=300)
    assert back.returncode == 0, said
    assert _count(stage, COLUMN) == 0
    stage.count("deployments", 2)
    stage.count("pages stored while two deployments migrated", meanwhile)
    return "two deployments with a migration, and all programs anew"


def _programs_anew(stage: Stage) -> None:
    """Has web server, worker and beat finish what they are at, and be started again."""
    old = [stage.machine.workers_of(name)[0] for name in ("web", "worker", "beat")]
    for one in (one for each in old for one in each):
        one.terminate()
    stage.is_over()
    stage.machine.until(
        lambda: not any(one.is_running() for each in old for one in each), "programs to end"
    )
    stage.machine.until(stage.machine.answers, "the site to answer")


def _manage(*arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={**os.environ, **NEXT},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _count(stage: Stage, query: LiteralString) -> int:
    with psycopg.connect(stage.machine.postgres.url()) as one:
        ((count,),) = one.execute(query).fetchall()
    return int(count)
