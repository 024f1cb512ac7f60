"""What COPY sends, read ahead by a thread, so that Postgres need not wait."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import Full, Queue
from threading import Event, Thread
from typing import TypeAlias

import psycopg

# Bytes of rows that are handed over together, and how many of these may wait to be read.
TOGETHER = 1024 * 1024
WAITING = 16
# After so many bytes it is told how many were taken.
TOLD = 64 * 1024
# How often, in seconds, the thread asks whether somebody still reads.
ASKS = 0.1

# How many bytes were taken.
Tell: TypeAlias = Callable[[int], None]


class Ahead:
    """Whole rows that a thread reads ahead; what stopped the thread is raised by the reader."""

    def __init__(self, copy: psycopg.Copy, tell: Tell) -> None:
        # Nothing says that there is no more.
        self._queue: Queue[bytes] = Queue(WAITING)
        self._ended = Event()
        self._failure: BaseException | None = None
        self._thread = Thread(target=self._read_all, args=(copy, tell), name="export ahead")
        self._thread.start()

    def chunks(self) -> Iterator[bytes]:
        """The rows, many together; to be read once."""
        while chunk := self._queue.get():
            yield chunk
        if self._failure is not None:
            raise self._failure

    def end(self) -> None:
        """Lets the thread end, whether everything was read or not."""
        self._ended.set()
        self._thread.join()

    def _read_all(self, copy: psycopg.Copy, tell: Tell) -> None:
        try:
            for chunk in _together(copy, tell):
                if not self._gave(chunk):
                    return
        except Exception as failure:  # whatever it is, it is raised where the rows are read
            self._failure = failure
        self._gave(b"")

    def _gave(self, chunk: bytes) -> bool:
        """Whether the chunk was handed over; not if nobody reads any more."""
        while not self._ended.is_set():
            try:
                self._queue.put(chunk, timeout=ASKS)
            except Full:
                continue
            return True
        return False


@contextmanager
def read_ahead(copy: psycopg.Copy, tell: Tell = lambda _size: None) -> Iterator[Iterator[bytes]]:
    """The rows of that COPY, many together; the thread has ended when the block ends.

    `tell` is called by it with how many bytes it took from Postgres, each time it took some.
    """
    ahead = Ahead(copy, tell)
    try:
        yield ahead.chunks()
    finally:
        ahead.end()


def _together(rows: psycopg.Copy, tell: Tell) -> Iterator[bytes]:
    """Rows as COPY sends them, one a message, joined."""
    chunk, told = bytearray(), 0
    for row in rows:
        chunk += row
        if len(chunk) - told >= TOLD:
            tell(len(chunk) - told)
            told = len(chunk)
            if told >= TOGETHER:
                yield bytes(chunk)
                chunk.clear()
                told = 0
    if chunk:
        tell(len(chunk) - told)
        yield bytes(chunk)
