"""Keeps one program alive: `python -m coprod_site.keep_alive LOG [OPTION] PROGRAM ARGUMENT…`.

The launcher runs one of these for the web server, the Celery worker and beat each, under honcho.
It starts the program again when it ends by itself, and ends it, with all that it left behind,
when it is told to or when the launcher is gone. With `--behind HOST PORT` it begins once somebody
listens there.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from types import FrameType

import psutil

# honcho kills after five seconds what has not stopped by then.
STOP_SECONDS = 4.0
TICK_SECONDS = 0.2
# A program that ends at once is tried again ever more slowly.
SHORTEST_PAUSE, LONGEST_PAUSE = 0.5, 15.0
LAUNCHER = "COPROD_LAUNCHER"
LARGEST_LOG = 10_000_000
BEHIND = "--behind"
# Where to ask a server that listens on every address.
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - asked for, and then asked at this machine


class Keeper:
    """Runs one program until told to stop."""

    def __init__(self, log: Path, command: list[str]) -> None:
        self._log = log
        self._command = command
        self._stopping = False
        self._launcher = os.environ[LAUNCHER]

    def stop(self, number: int, frame: FrameType | None) -> None:
        """Has `run` end the program and return; a signal handler."""
        self._stopping = True

    def wait_for(self, host: str, port: int) -> None:
        """Returns once somebody listens there, or when it is told to stop."""
        while not self._over():
            with suppress(OSError):
                socket.create_connection((reachable(host), port), timeout=1).close()
                return
            time.sleep(TICK_SECONDS)

    def run(self) -> None:
        """Runs the program again and again."""
        pause = SHORTEST_PAUSE / 2
        while not self._over():
            began = time.monotonic()
            self._once()
            if self._over():
                return
            lasted = time.monotonic() - began > LONGEST_PAUSE
            pause = SHORTEST_PAUSE if lasted else min(2 * pause, LONGEST_PAUSE)
            self._wait(pause)

    def _once(self) -> None:
        if self._log.exists() and self._log.stat().st_size > LARGEST_LOG:
            self._log.replace(self._log.with_suffix(".old"))
        with self._log.open("ab") as output:
            program = subprocess.Popen(  # noqa: S603 - our own programs
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        while program.poll() is None and not self._over():
            time.sleep(TICK_SECONDS)
        if program.poll() is not None and not self._over():
            code = program.returncode
            how = signal.Signals(-code).name if code < 0 else f"exit code {code}"
            print(f"stopped ({how}), starting it again; see {self._log}", flush=True)
        _end(program)

    def _wait(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end and not self._over():
            time.sleep(TICK_SECONDS)

    def _over(self) -> bool:
        return self._stopping or not is_running(self._launcher)


def _end(program: "subprocess.Popen[bytes]") -> None:
    """Ends the program, then whatever is left of its process group."""
    program.terminate()
    with suppress(subprocess.TimeoutExpired):
        program.wait(STOP_SECONDS)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(program.pid, signal.SIGKILL)
    program.wait()


def reachable(host: str) -> str:
    """The address by which this machine reaches a server that listens on `host`."""
    return EVERYWHERE.get(host, host)


def mark_of(process: psutil.Process) -> str:
    """A process's id with the time when it began: no other process will ever have both."""
    return f"{process.pid} {process.create_time()}"


def is_running(mark: str) -> bool:
    """Whether the process with this mark still runs."""
    try:
        process = psutil.Process(int(mark.split(maxsplit=1)[0]))
        return mark_of(process) == mark and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def main() -> None:
    """Runs what the command line names."""
    log, *command = sys.argv[1:]
    behind, command = (command[1:3], command[3:]) if command[0] == BEHIND else ([], command)
    keeper = Keeper(Path(log), command)
    signal.signal(signal.SIGTERM, keeper.stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if behind:
        keeper.wait_for(behind[0], int(behind[1]))
    keeper.run()


if __name__ == "__main__":
    main()
