"""The programs of a site on many machines, each a process that can be killed and added."""

import os
import signal
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from types import TracebackType

from tests import processes

WORKER = ("celery", "-A", "coprod_site", "worker", "--pool", "prefork", "--loglevel", "INFO")
BEAT = ("celery", "-A", "coprod_site", "beat", "--loglevel", "INFO")


@dataclass(frozen=True)
class Part:
    """One program, whose process leads a group; `site` is the address of one that serves pages."""

    process: processes.Process
    log: Path
    site: str = ""

    def kill(self) -> None:
        """Ends it and what it started as a machine that loses its power does."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    @property
    def lives(self) -> bool:
        """Whether it still runs."""
        return self.process.poll() is None


class Parts:
    """The programs of one site; what is left of them ends with the block.

    `environment` is that of all of them, `folder` is where their logs stand.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self._folder, self._environment = folder, environment
        self._stack, self._numbers = ExitStack(), count(1)

    def __enter__(self) -> "Parts":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    def web(self, *options: str) -> Part:
        """One more web process on a port of its own; it answers once this returns."""
        log = self._log("web")
        served = processes.served(log, self._environment, *options)
        process, site = self._stack.enter_context(served)
        return Part(process, log, site)

    def worker(self, *options: str) -> Part:
        """One more Celery worker that runs one task at a time; it is ready once this returns."""
        number = next(self._numbers)
        log = self._folder / f"worker{number}.log"
        alone = ["--concurrency", "1", "--without-gossip", "--without-mingle"]
        named = ["--hostname", f"worker{number}@{self._folder.name}"]
        part = self._start([*WORKER, *alone, *named, *options], log)
        processes.until(lambda: b"ready." in log.read_bytes(), part.process, log)
        return part

    def beat(self) -> Part:
        """Celery's beat; one is enough."""
        log = self._log("beat")
        part = self._start([*BEAT, "--schedule", str(log.with_suffix(".schedule"))], log)
        processes.until(lambda: b"beat: Starting" in log.read_bytes(), part.process, log)
        return part

    def _start(self, arguments: list[str], log: Path) -> Part:
        process = self._stack.enter_context(processes.running(arguments, log, self._environment))
        return Part(process, log)

    def _log(self, name: str) -> Path:
        return self._folder / f"{name}{next(self._numbers)}.log"
