"""Sees to it that one launcher at a time works in a var folder, and clears up after killed ones."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from coprod_site.keep_alive import is_running, mark_of
from coprod_site.problems import StartError

# Every process that a launcher starts carries its var folder under this name.
MARK = "COPROD_RUN"
PATIENCE_SECONDS = 10


@contextmanager
def only_launcher(var: Path) -> Iterator[None]:
    """Holds `var` for this launcher while the block runs; leaves no process of it behind."""
    file = os.open(var / "launcher", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        _lock(file, var)
        os.ftruncate(file, 0)
        os.pwrite(file, mark_of(psutil.Process()).encode(), 0)
        end_marked(var)
        try:
            yield
        finally:
            end_marked(var)
            os.ftruncate(file, 0)
    finally:
        os.close(file)


def end_marked(var: Path) -> None:
    """Kills the processes that a launcher in `var` started."""
    killed = []
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if process.environ().get(MARK) == str(var):
                process.kill()
                killed.append(process)
    psutil.wait_procs(killed, timeout=PATIENCE_SECONDS)


def _lock(file: int, var: Path) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        with suppress(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        owner = os.pread(file, 100, 0).decode()
        if (owner and is_running(owner)) or time.monotonic() > end:
            number = owner.split()[0] if owner else "unknown"
            raise StartError(
                f"The site runs already (process {number}): use it, or stop it with Ctrl-C where "
                "it was started, or set COPROD_VAR and PORT to run a second one."
            )
        # Forked helpers of a killed launcher hold its lock until their programs end.
        end_marked(var)
        time.sleep(0.1)
