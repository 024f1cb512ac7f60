"""The process that `reckoner.py` starts: it answers requests that come by its standard input."""

import os
import resource
import signal
import socket
import sys
import time
from contextlib import suppress
from io import BytesIO
from typing import Any

import django

from coprod_site.reckoner import IDLE_SECONDS, MOST_SECONDS
from coprod_site.request_ids import Application, numbered_as
from coprod_site.sent_whole import Answered, Asked, receive, send

# As `nice` counts it: participants are answered first.
GIVES_WAY = 5
# What it may have of memory of its own, in bytes; beyond that Python says that there is none left.
MOST_MEMORY = 1 << 30


def main() -> None:
    """Answers one request after the other, until nobody asks any more or nobody is there to ask."""
    os.nice(GIVES_WAY)
    # Where the whole site is stopped, requests that have begun are finished: then nobody asks.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))
    # One request at a time, beside a web server: more threads would only take more of both.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coprod_site.settings")
    django.setup(set_prefix=False)
    from coprod_site.handler import Handler  # noqa: PLC0415

    application = Handler()
    with socket.socket(fileno=os.dup(sys.stdin.fileno())) as line:
        while True:
            try:
                asked = receive(line, Asked, time.monotonic() + IDLE_SECONDS)
                # Whoever waits ends it by then; if they are gone, the system does.
                signal.alarm(int(MOST_SECONDS) + 5)
                send(line, answered(application, asked))
                signal.alarm(0)
            except (TimeoutError, EOFError, ConnectionError):
                return


def answered(application: Application, asked: Asked) -> Answered:
    """What the application answers to it."""
    numbered_as(asked.number)
    began: list[Any] = []
    environ = {
        **asked.environ,
        "wsgi.version": (1, 0),
        "wsgi.input": BytesIO(asked.body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    pieces: Any = application(environ, lambda *told: began.extend(told))
    try:
        body = b"".join(pieces)
    finally:
        # Django's signals end the request with it, and the connection goes back to the pool.
        getattr(pieces, "close", lambda: None)()
    status, headers = began[:2]
    return Answered(status, headers, body)


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        main()
