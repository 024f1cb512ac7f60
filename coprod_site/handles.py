"""Who uses a server: a shared lock on a file, which the kernel drops when a user dies.

A list of process ids would keep the dead, and a new process may get a dead one's id.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Handle:
    """One process's share in what a lock file stands for.

    Taking and leaving belong inside `exclusively`, so that nobody comes while the last one goes.
    """

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._file, fcntl.LOCK_SH)

    def leave(self) -> bool:
        """Gives the share back; returns whether it was the last one."""
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        finally:
            os.close(self._file)
        return True


@contextmanager
def exclusively(path: Path) -> Iterator[None]:
    """Holds the lock file `path` alone while the block runs; waits for whoever has it."""
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
    finally:
        os.close(file)
