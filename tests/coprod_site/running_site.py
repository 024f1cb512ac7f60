"""A site started as `make run` starts it, and the processes that belong to it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil

from coprod_site.embedded import ROOT
from tests.processes import free_port

UP_SECONDS = 90
DOWN_SECONDS = 60
LAST_LINE = "Ctrl-C stops all of it.\n"


def own_environment(var: Path, **more: str) -> dict[str, str]:
    """The environment of somebody who has set nothing but where the site keeps its data."""
    # A make that runs inside another one prints more, so MAKE… must not be handed on.
    set_by_tests = ("COPROD_", "DATABASE_", "REDIS_", "DJANGO_", "PYTEST_", "MAKE", "MFLAGS")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(set_by_tests)}
    static = os.environ["COPROD_STATIC_ROOT"]
    return {**kept, "COPROD_VAR": str(var), "COPROD_STATIC_ROOT": static, **more}


def processes_of(var: Path) -> list[psutil.Process]:
    """Every process that was started for the site in `var`, servers and orphans among them."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            # Valkey writes its title over its environment.
            here = var == Path(process.cwd()) or var in Path(process.cwd()).parents
            if here or process.environ().get("COPROD_VAR") == str(var):
                found.append(process)
    return found


def running(var: Path, *words: str) -> list[psutil.Process]:
    """The processes of the site whose command line has all the words."""
    found = []
    for process in processes_of(var):
        with suppress(psutil.Error):
            if all(word in process.cmdline() for word in words):
                found.append(process)
    return found


class RunningSite:
    """A launcher in a process group of its own, as a terminal gives it one."""

    def __init__(
        self,
        var: Path,
        command: tuple[str, ...] = (sys.executable, "-m", "coprod_site.launcher"),
        **environment: str,
    ) -> None:
        self.var = var
        self.port = int(environment.get("PORT") or free_port())
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=own_environment(var, **{"PORT": str(self.port), **environment}),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def lines(self) -> list[str]:
        """What it prints until it is up."""
        assert self.process.stdout is not None
        printed: list[str] = []
        while line := self.process.stdout.readline():
            printed.append(line)
            if line == LAST_LINE:
                return printed
        raise AssertionError(f"{printed} {self.process.communicate()[1]}")

    def interrupt(self) -> tuple[int, str, str]:
        """Ctrl-C: a SIGINT to the whole group; returns the exit code and what was printed then."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.ended()

    def ended(self) -> tuple[int, str, str]:
        """Waits for the end; returns the exit code, standard output and standard error."""
        try:
            output, errors = self.process.communicate(timeout=DOWN_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
        return self.process.returncode, output, errors

    def kill_everything(self) -> None:
        """Clears up after a test that failed."""
        if self.process.poll() is None:
            self.process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.process.communicate(timeout=DOWN_SECONDS)
        for process in processes_of(self.var):
            with suppress(psutil.Error):
                process.kill()


def until(true: Callable[[], object], seconds: float = UP_SECONDS) -> bool:
    """Waits for a condition to hold; returns whether it came to."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.05)
    return False
