"""The programs of a running site, kept together by honcho."""

import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil
from honcho.manager import SYSTEM_PRINTER_NAME, Manager
from honcho.printer import Printer

from coprod_site.embedded import ROOT
from coprod_site.keep_alive import BEHIND, LAUNCHER, mark_of
from coprod_site.only_launcher import MARK

WEB_WORKERS = 2
# As many as the connections that a process may hold to Postgres.
WEB_THREADS = 8


def manager_of_services(var: Path, host: str, port: int) -> Manager:
    """Honcho's manager with web, worker and beat; `loop()` runs them until it is told to stop."""
    logs = var / "log"
    logs.mkdir(exist_ok=True)
    run = var / "run"
    run.mkdir(exist_ok=True)
    environment = {
        "COPROD_REVISION": _revision(),
        **os.environ,
        MARK: str(var),
        LAUNCHER: mark_of(psutil.Process()),
        "DJANGO_SETTINGS_MODULE": "coprod_site.settings",
        # The notices of libraries, among them Celery's about being run by root.
        "PYTHONWARNINGS": "ignore",
    }
    manager = Manager(printer=_WithoutNotices(sys.stderr))
    for name, arguments in programs(host, port, run).items():
        keeper = [sys.executable, "-m", "coprod_site.keep_alive", str(logs / f"{name}.log")]
        # Nobody waits for these, and what they load would keep the first page waiting.
        behind = [] if name == "web" else [BEHIND, host, str(port)]
        command = shlex.join([*keeper, *behind, sys.executable, "-m", *arguments])
        manager.add_process(name, f"exec {command}", env=environment, cwd=str(ROOT))
    return manager


def _revision() -> str:
    """The commit that runs, for the looks to state; nothing where git can't tell."""
    command = ["git", "describe", "--always", "--abbrev=40", "--dirty", "--exclude=*"]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603 - git, with these words
    except (OSError, subprocess.CalledProcessError):
        return ""
    return done.stdout.strip()


def programs(host: str, port: int, run: Path) -> dict[str, list[str]]:
    """The Python module of each program with its arguments, by the program's name."""
    celery = ["celery", "--quiet", "--app", "coprod_site"]
    address = ["--host", host, "--port", str(port), "--backlog", "4096"]
    workers = ["--workers", str(WEB_WORKERS), "--blocking-threads", str(WEB_THREADS)]
    revival = ["--respawn-failed-workers", "--workers-kill-timeout", "3"]
    target = ["--interface", "wsgi", "--log-level", "warning", "coprod_site.wsgi:application"]
    lonely = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    return {
        "web": ["coprod_site.web", *address, *workers, *revival, *target],
        "worker": [*celery, "worker", "--concurrency", "1", "--loglevel", "WARNING", *lonely],
        "beat": [
            *celery,
            "beat",
            *["--loglevel", "WARNING"],
            *["--schedule", str(run / "beat"), "--pidfile", ""],
        ],
    }


class _WithoutNotices(Printer):  # type: ignore[misc]  # honcho has no types
    """Prints what the keepers say, not what honcho says of itself."""

    def write(self, message: Any) -> None:
        if message.name != SYSTEM_PRINTER_NAME:
            super().write(message)
