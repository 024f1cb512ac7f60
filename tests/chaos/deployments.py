"""Two deployments at once, with a migration of the tables that everybody writes to."""

import os
import subprocess
import sys

import psycopg

from coprod_site.embedded import ROOT
from tests.chaos.stage import Stage

NEXT = {"DJANGO_SETTINGS_MODULE": "tests.chaos.next_settings"}
COLUMN = """
SELECT count(*) FROM information_schema.columns
WHERE table_name = 'responses_submission' AND column_name = 'of_the_next_release'
"""


def two(stage: Stage) -> str:
    """Both are through, the migration was made once; then it is taken back."""
    both = [_manage("update_site"), _manage("update_site")]
    ends = [(one.communicate(timeout=300)[0], one.returncode) for one in both]
    assert [code for _said, code in ends] == [0, 0], ends
    assert _columns(stage) == 1
    back = _manage("migrate", "next_release", "zero")
    said, _none = back.communicate(timeout=300)
    assert back.returncode == 0, said
    assert _columns(stage) == 0
    stage.count("deployments", 2)
    return "two deployments with a migration"


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


def _columns(stage: Stage) -> int:
    with psycopg.connect(stage.machine.postgres.url()) as one:
        ((count,),) = one.execute(COLUMN).fetchall()
    return int(count)
