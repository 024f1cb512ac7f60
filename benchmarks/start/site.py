"""The site as `make run` starts it, in a folder that goes when it is over."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import psutil

from benchmarks.servers import free_port, results_folder
from coprod_site.embedded import ROOT
from coprod_site.problems import StartError

PATIENCE = 300.0
OURS = ("COPROD_", "DATABASE_", "REDIS_", "DJANGO_", "PORT")


class Site:
    """A launcher of the site in `var`, and when its first page came."""

    def __init__(self, var: Path, root: Path, environment: Mapping[str, str]) -> None:
        kept = {name: text for name, text in os.environ.items() if not name.startswith(OURS)}
        self.port = free_port()
        self._log = var.with_suffix(".log")
        own = {"COPROD_VAR": str(var), "PORT": str(self.port)}
        self._began = time.perf_counter()
        with self._log.open("wb") as output:
            self._launcher = subprocess.Popen(
                [sys.executable, "-m", "coprod_site.launcher"],
                cwd=root,
                env={**kept, **own, **environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def first_page(self) -> float:
        """Waits for the study's first page; returns how many seconds it took from the start."""
        while time.perf_counter() - self._began < PATIENCE and self._launcher.poll() is None:
            connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
            with suppress(OSError, HTTPException):
                connection.request("GET", "/s/coproduction/", headers={"Host": "localhost"})
                if connection.getresponse().status == 200:
                    return time.perf_counter() - self._began
            time.sleep(0.02)
        raise StartError(f"The site did not come up: {self._log.read_text()[-500:]}")

    def processes(self) -> dict[str, list[psutil.Process]]:
        """The site's processes by what they are; those that only keep others are `keepers`."""
        found: dict[str, list[psutil.Process]] = {}
        launcher = psutil.Process(self._launcher.pid)
        for process in (launcher, *launcher.children(recursive=True)):
            with suppress(psutil.Error):
                found.setdefault(_kind(process.cmdline()), []).append(process)
        return found

    def stop(self) -> None:
        """Ends it as Ctrl-C does."""
        with suppress(ProcessLookupError):
            os.killpg(self._launcher.pid, signal.SIGINT)
        self._launcher.wait()


@contextmanager
def folder() -> Iterator[Path]:
    """A folder for a site's data, where the account of Postgres passes; it is removed after."""
    place = Path(tempfile.mkdtemp(prefix="site-", dir=results_folder()))
    place.chmod(0o711)
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


@contextmanager
def running(
    var: Path, root: Path = ROOT, environment: Mapping[str, str] | None = None
) -> Iterator[Site]:
    """The site on the data in `var`, with the code in `root`."""
    site = Site(var, root, environment or {})
    try:
        yield site
    finally:
        site.stop()


def _kind(command: list[str]) -> str:
    words = " ".join(command)
    for kind, sign in {
        "keepers": "coprod_site.keep_alive",
        "web": "coprod_site.web",
        "beside": "coprod_site.reckoning",
        "worker": " worker ",
        "beat": " beat ",
        "valkey": "valkey-server",
    }.items():
        if sign in words:
            return kind
    return "launcher"
