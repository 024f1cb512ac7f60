"""The lines that `make run` prints, once the web server answers."""

import os
import signal
import sys
import time
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import TracebackType

from coprod_site.keep_alive import EVERYWHERE, reachable
from coprod_site.problems import StartError

# A machine may be busy; a site that ends by itself while it comes up helps nobody.
ANSWER_SECONDS = 240
STUDY_PATH, ADMIN_PATH = "/s/coproduction/", "/admin/"
LOGIN = "Login: researcher"
HINT = "(a new password: .venv/bin/python manage.py changepassword researcher)"


class Announcement:
    """Says where the site is and how to log in; a new password is said whatever happens."""

    def __init__(self, host: str, port: int, password: str | None, var: Path) -> None:
        self._host, self._port = host, port
        self._password = password
        self._var = var
        self._said = False
        self._problem = False

    def __enter__(self) -> "Announcement":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if not self._said and self._password:
            _say(f"{LOGIN} {self._password}")

    def make(self) -> None:
        """Waits for the web server, then prints; ends the site where it does not answer."""
        end = time.monotonic() + ANSWER_SECONDS
        while time.monotonic() < end:
            # First sleeps: the main thread forks meanwhile.
            time.sleep(0.1)
            if self._answers():
                self._said = True
                site = f"http://{self._shown_host()}:{self._port}"
                _say(f"Participants: {site}{STUDY_PATH}")
                _say(f"Researchers: {site}{ADMIN_PATH}")
                _say(f"{LOGIN} {self._password or HINT}")
                _say("Ctrl-C stops all of it.")
                return
        self._problem = True
        os.kill(os.getpid(), signal.SIGTERM)

    def check(self) -> None:
        """Raises StartError if the web server never answered."""
        if self._problem:
            raise StartError(
                f"The web server did not answer within {ANSWER_SECONDS} seconds: see "
                f"{self._var / 'log' / 'web.log'}."
            )

    def _shown_host(self) -> str:
        if self._host in {"127.0.0.1", "::1", *EVERYWHERE}:
            return "localhost"
        return f"[{self._host}]" if ":" in self._host else self._host

    def _answers(self) -> bool:
        connection = HTTPConnection(reachable(self._host), self._port, timeout=2)
        with suppress(OSError, HTTPException):
            connection.request("GET", STUDY_PATH, headers={"Host": f"localhost:{self._port}"})
            # A study that was closed answers too, and not with 200.
            return connection.getresponse().status < 500
        return False


def _say(line: str) -> None:
    # The terminal may be gone by now; the site is not to end for that.
    with suppress(OSError):
        print(line, flush=True)
        sys.stdout.flush()
