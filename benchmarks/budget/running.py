"""Counts in a process of its own, in which all is pinned that could make the counts differ."""

import os
import subprocess
import sys

from coprod_site.embedded import ROOT

COUNTING = "benchmarks.budget.counting"
# What the process needs of the system; everything else that it reads is said here.
SYSTEM = ("PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH", "SYSTEMROOT")


def output(
    module: str, database: str, broker: str, static: str, *arguments: str, **more: str
) -> str:
    """What a module prints in such a process; raises RuntimeError with its errors if it fails."""
    done = subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env=environment(database, broker, static) | more,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{module} failed:\n{done.stderr}")
    return done.stdout


# Valkey is told of so many requests at once, at the turn of a minute of fewer: here of none.
LIMITS = ("ENTRIES_PER_MINUTE", "ENTRIES_PER_HOUR", "STUDY_ENTRIES_PER_MINUTE", "POSTS_PER_MINUTE")


def environment(database: str, broker: str, static: str) -> dict[str, str]:
    """The environment of a process that counts: the same on each machine but for the addresses."""
    return {name: os.environ[name] for name in SYSTEM if name in os.environ} | {
        **{f"COPROD_{name}": "1000000000" for name in LIMITS},
        "DJANGO_SETTINGS_MODULE": "coprod_site.settings",
        "DATABASE_URL": database,
        "REDIS_URL": broker,
        "COPROD_STATIC_ROOT": static,
        "COPROD_SECRET_KEY": "budget-only-" * 5,
        "COPROD_DATA_KEY": "budget-only-" * 4,
        "COPROD_HTTPS": "false",
        "COPROD_TWO_FACTOR": "false",
        # A single connection, so that each statement goes over the line that is read.
        "COPROD_DB_POOL_SIZE": "1",
        "COPROD_TIME_ZONE": "UTC",
        "TZ": "UTC",
        "LC_ALL": "C.UTF-8",
        # The order of sets; and psycopg as the lock file brings it, or not at all.
        "PYTHONHASHSEED": "0",
        "PSYCOPG_IMPL": "binary",
        "PYTHONWARNINGS": "ignore",
    }
