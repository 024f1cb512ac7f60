"""The programs of the site as real processes, for tests: started, waited for, ended whole."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx

from coprod_site.embedded import ROOT

# Only a test that fails waits as long: a machine may be much slower than the one it was written on.
ANSWER_SECONDS = 90
STOP_SECONDS = 30

Process = subprocess.Popen[bytes]

_given: set[int] = set()


@contextmanager
def running(
    arguments: Sequence[str], log: Path, environment: Mapping[str, str] | None = None
) -> Iterator[Process]:
    """A Python module as a process with a group of its own, ended with all that it started."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *arguments],
            cwd=ROOT,
            env={**os.environ, **(environment or {})},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        _end(process)


@contextmanager
def web(log: Path, environment: Mapping[str, str]) -> Iterator[str]:
    """The site served by granian; yields its address, without a slash at the end."""
    with served(log, environment) as (_process, site):
        yield site


@contextmanager
def served(
    log: Path, environment: Mapping[str, str], *options: str
) -> Iterator[tuple[Process, str]]:
    """The same with the process, for who kills it; yields both."""
    port = free_port()
    place = ["--host", "127.0.0.1", "--port", str(port), "--interface", "wsgi"]
    size = ["--workers", "1", "--blocking-threads", "8", *options]
    target = "coprod_site.wsgi:application"
    with running(["granian", *place, *size, target], log, environment) as process:
        site = f"http://127.0.0.1:{port}"
        until(lambda: _answers(site), process, log)
        yield process, site


def free_port() -> int:
    """A port of this machine that nobody listens on, and that no other caller gets.

    Whoever asks takes a second to listen on it. Meanwhile the kernel would give it to another: each
    of pytest's workers has a share of the ports, and gives none twice.
    """
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    while True:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port: int = free.getsockname()[1]
        # The kernel prefers odd ones. A worker that takes the place of one that died has its share.
        if port // 2 % workers == worker % workers and port not in _given:
            _given.add(port)
            return port


def until(ready: Callable[[], bool], process: Process, log: Path) -> None:
    """Waits until something is so; fails with the log if the process ends or takes too long."""
    end = time.monotonic() + ANSWER_SECONDS
    while time.monotonic() < end and process.poll() is None:
        if ready():
            return
        time.sleep(0.05)
    raise AssertionError(f"{process.args!r} is not ready:\n{log.read_text()}")


def _end(process: Process) -> None:
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(STOP_SECONDS)
    # Each has a process group of its own: what a killed parent left goes too.
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _answers(site: str) -> bool:
    with suppress(httpx.HTTPError):
        return httpx.get(f"{site}/healthz", timeout=ANSWER_SECONDS).status_code < 500
    return False
