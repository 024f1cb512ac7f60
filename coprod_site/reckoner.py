"""The process that answers what needs scipy or Matplotlib, beside one of the web server's.

It is started when it is first needed, answers one request after the other, and ends when nobody has
asked for a while, so that what it loaded is not kept: docs/decisions/0049-answered-beside.md.
"""

import logging
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from threading import BoundedSemaphore, Lock

import msgspec

from coprod_site.embedded import ROOT
from coprod_site.sent_whole import Answered, Asked, receive, send

logger = logging.getLogger(__name__)

# Nobody waits longer. Pages of a million participants were seen to take four (docs/performance.md).
MOST_SECONDS = 120.0
# Of a web process's threads, of which there are eight, so many may wait for it: a browser asks for
# six pictures at once, and participants are answered by the others.
MOST_WAITING = 6
# It ends by itself when nobody has asked for so long; a little before, it is asked nothing more.
IDLE_SECONDS, SPARE_SECONDS = 120.0, 10.0


class BusyError(Exception):
    """So many wait for it already, or those before took all the time."""


class TooLongError(Exception):
    """It took too long and was stopped."""


class BrokeOffError(Exception):
    """It could not be started, or it ended before it had answered."""


@dataclass(frozen=True)
class _Process:
    """The process, and our end of the line to it."""

    program: "subprocess.Popen[bytes]"
    line: socket.socket

    def end(self) -> None:
        """Ends it, whatever it does."""
        self.line.close()
        self.program.kill()
        self.program.wait()


class Reckoner:
    """What a web process asks; its threads take turns."""

    def __init__(self, *, seconds: float = MOST_SECONDS, waiting: int = MOST_WAITING) -> None:
        self._seconds = seconds
        self._places, self._turn = BoundedSemaphore(waiting), Lock()
        self._process: _Process | None = None
        self._last = 0.0

    def answer(self, asked: Asked) -> Answered:
        """What it answers; BusyError, TooLongError or BrokeOffError if it does not."""
        if not self._places.acquire(blocking=False):
            raise BusyError
        try:
            until = time.monotonic() + self._seconds
            if not self._turn.acquire(timeout=self._seconds):
                raise BusyError
            try:
                return self._answered(asked, until)
            finally:
                self._turn.release()
        finally:
            self._places.release()

    def end(self) -> None:
        """Ends the process, if there is one."""
        if self._process:
            self._process.end()
            self._process = None

    def _answered(self, asked: Asked, until: float) -> Answered:
        try:
            line = self._there().line
            send(line, asked, until)
            answered = receive(line, Answered, until)
        except TimeoutError:
            self.end()
            raise TooLongError from None
        except (OSError, EOFError, msgspec.DecodeError) as error:
            self.end()
            raise BrokeOffError from error
        except BaseException:
            # What comes next on the line would be the answer to this.
            self.end()
            raise
        self._last = time.monotonic()
        return answered

    def _there(self) -> _Process:
        """The process, a new one if there is none or it is about to end."""
        idle = time.monotonic() - self._last
        if self._process and (
            idle > IDLE_SECONDS - SPARE_SECONDS or self._process.program.poll() is not None
        ):
            self.end()
        if self._process is None:
            self._process = _started()
        return self._process


def _started() -> _Process:
    ours, theirs = socket.socketpair()
    with theirs:
        try:
            program = subprocess.Popen(
                [sys.executable, "-m", "coprod_site.reckoning"],
                cwd=ROOT,
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
            )
        except OSError:
            ours.close()
            raise
    return _Process(program, ours)
