"""Postgres and the web servers of a benchmark, in a folder that goes when it is over.

Postgres has its own settings: what it said is committed is on the disk.
"""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlsplit

import psutil

from coprod_site.embedded import ROOT, var_folder
from coprod_site.postgres_server import PostgresServer
from coprod_site.problems import StartError
from coprod_site.services import programs

# Only a machine that is busy with other things takes as long.
START_SECONDS = 180
STOP_SECONDS = 10
# Nobody is there: no page needs it, and no worker runs.
NO_VALKEY = "redis://127.0.0.1:1/0"


@dataclass(frozen=True)
class Web:
    """A web server that answers at `site`, and its process."""

    site: str
    process: psutil.Process


@contextmanager
def postgres() -> Iterator[PostgresServer]:
    """A new server, empty but for its database; stopped and removed in the end.

    Its data stand under var/, so that a commit costs what it costs `make run`.
    """
    parent = results_folder()
    folder = Path(tempfile.mkdtemp(prefix="run-", dir=parent))
    # The account that Postgres runs as passes through here.
    folder.chmod(0o711)
    try:
        server = PostgresServer(folder / "postgres")
        with server.running():
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def results_folder() -> Path:
    """var/bench, where the results go; made if it is not there."""
    folder = var_folder() / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def set_environment(url: str, redis: str = NO_VALKEY) -> None:
    """Has this process and its children be a site on that database, as `make run` would."""
    os.environ.update(
        {
            "DJANGO_SETTINGS_MODULE": "coprod_site.settings",
            "DATABASE_URL": url,
            "REDIS_URL": redis,
            "COPROD_SECRET_KEY": secrets.token_urlsafe(50),
            "COPROD_DATA_KEY": secrets.token_urlsafe(50),
            "COPROD_DEBUG": "false",
            "COPROD_HTTPS": "false",
            "COPROD_TWO_FACTOR": "false",
            # One machine is everybody here; each request is counted as on any site.
            "COPROD_RATE_TIMES": "1000",
            "COPROD_STATIC_ROOT": str(results_folder() / "static"),
        }
    )


@contextmanager
def web(application: str, url: str) -> Iterator[Web]:
    """The WSGI application on that database, served as `make run` serves the site."""
    port = free_port()
    log = results_folder() / f"{application.partition('.')[0]}.log"
    # The last argument is the site's own application.
    granian = [*programs("127.0.0.1", port, results_folder())["web"][:-1], application]
    with started(granian, log, url) as process:
        site = f"http://127.0.0.1:{port}"
        _wait(site, process, log)
        yield Web(site, psutil.Process(process.pid))


@contextmanager
def started(module: Sequence[str], log: Path, url: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A Python module with its arguments as a process on that database, ended with the block."""
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - a program that is measured
            [sys.executable, "-m", *module],
            cwd=ROOT,
            # The notices of libraries are for nobody here, as under `make run`.
            env={**os.environ, "DATABASE_URL": url, "PYTHONWARNINGS": "ignore"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        _end(process)


def cpu_seconds(process: psutil.Process) -> float:
    """CPU time of a process with all that it started, alive or ended."""
    total = 0.0
    for one in (process, *process.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):
            times = one.cpu_times()
            total += times.user + times.system + times.children_user + times.children_system
    return total


def _wait(site: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        connection = HTTPConnection(urlsplit(site).netloc, timeout=30)
        with suppress(OSError, HTTPException):
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        connection.close()
        time.sleep(0.05)
    raise StartError(f"The web server of the benchmark does not answer: see {log}.")


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(STOP_SECONDS)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as candidate:
        candidate.bind(("127.0.0.1", 0))
        port: int = candidate.getsockname()[1]
        return port
