"""Brings the servers that the launcher started back if they die under the running site."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Protocol

from coprod_site.problems import StartError

SECONDS = 1.0


class Revivable(Protocol):
    """A server that can tell that it died, and start again."""

    def revive(self) -> None:
        """Starts it if it does not run."""


@contextmanager
def kept_alive(servers: Sequence[Revivable]) -> Iterator[None]:
    """Looks after the servers while the block runs."""
    over = threading.Event()
    thread = threading.Thread(target=_look_after, args=(servers, over), daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _look_after(servers: Sequence[Revivable], over: threading.Event) -> None:
    # First waits: the main thread forks meanwhile, and a fork must not copy a lock that is held.
    while not over.wait(SECONDS):
        for server in servers:
            # It may not come back at once, as after a crash; the next round tries again.
            with suppress(StartError, OSError):
                server.revive()
