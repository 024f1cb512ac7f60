"""What `make run` has beside the web servers: Valkey, a Celery worker and beat."""

import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import psycopg

from benchmarks.servers import START_SECONDS, cpu_seconds, results_folder, started
from coprod_site.problems import StartError
from coprod_site.services import programs
from coprod_site.valkey_server import ValkeyServer

NAMES = ("worker", "beat", "valkey")
WORKED = b"SELECT EXISTS (SELECT FROM responses_heartbeat)"
FOLDED = b"SELECT NOT EXISTS (SELECT FROM responses_tallychange)"


@dataclass(frozen=True)
class Beside:
    """The processes beside the web, by name, on a database; none if the web is alone."""

    url: str = ""
    processes: Mapping[str, psutil.Process] = field(default_factory=dict)

    def cpu(self) -> tuple[float, ...]:
        """CPU seconds of each of them until now, in the order of NAMES."""
        return tuple(
            cpu_seconds(self.processes[name]) if name in self.processes else 0.0 for name in NAMES
        )

    def settle(self) -> None:
        """Waits until the worker has done what was left to it: the tallies are folded."""
        if self.processes:
            _until(self.url, FOLDED, "does not fold the tallies")


NOBODY = Beside()


@dataclass(frozen=True)
class Broker:
    """A Valkey: its address, and its process."""

    url: str
    process: psutil.Process


@contextmanager
def valkey() -> Iterator[Broker]:
    """A Valkey in a folder that goes when it is over."""
    folder = Path(tempfile.mkdtemp(prefix="valkey-", dir=results_folder()))
    try:
        server = ValkeyServer(folder, secrets.token_urlsafe(30))
        with server.running() as url:
            process = server.process_in(folder)
            if process is None:
                raise StartError("Valkey ended while the benchmark was being set up.")
            yield Broker(url, process)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def worker_and_beat(url: str, broker: Broker) -> Iterator[Beside]:
    """The worker and beat of `make run` on that database, when they have done their first task.

    The environment has to name the broker (`servers.set_environment`).
    """
    with ExitStack() as stack:
        run = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="coprod-run-")))
        processes = {"valkey": broker.process}
        for name in ("worker", "beat"):
            log = results_folder() / f"{name}.log"
            process = stack.enter_context(started(programs("", 0, run)[name], log, url))
            processes[name] = psutil.Process(process.pid)
        _until(url, WORKED, "has done no task")
        yield Beside(url, processes)


def _until(url: str, statement: bytes, what: str) -> None:
    end = time.monotonic() + START_SECONDS
    with psycopg.connect(url, autocommit=True) as connection:
        while time.monotonic() < end:
            row = connection.execute(statement).fetchone()
            if row and row[0]:
                return
            time.sleep(0.1)
    raise StartError(f"The worker of the benchmark {what}: see {results_folder() / 'worker.log'}.")
