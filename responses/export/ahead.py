"""What COPY sends as a file to read, read ahead by a thread, so that Postgres need not wait."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import Full, Queue
from threading import Event, Thread
from typing import Any, TypeAlias

import psycopg

# Bytes that are handed over together, and how many of these may wait to be read.
TOGETHER = 64 * 1024
WAITING = 256
# How often, in seconds, the thread asks whether somebody still reads.
ASKS = 0.1

# How many bytes were taken.
Tell: TypeAlias = Callable[[int], None]


class Ahead(io.RawIOBase):
    """A file whose bytes a thread reads ahead; what stopped the thread is raised by the reader."""

    def __init__(self, copy: psycopg.Copy, tell: Tell) -> None:
        # Nothing says that there is no more.
        self._queue: Queue[bytes] = Queue(WAITING)
        self._left, self._is_over, self._ended = memoryview(b""), False, Event()
        self._failure: BaseException | None = None
        self._thread = Thread(target=self._read_all, args=(copy, tell), name="export ahead")
        self._thread.start()
        self._next()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing more."""
        return not self._left

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fills the buffer as far as there is something: a row may be longer than a chunk."""
        have = 0
        while have < len(buffer) and (self._left or self._next()):
            taken = self._left[: len(buffer) - have]
            buffer[have : have + len(taken)] = taken
            self._left = self._left[len(taken) :]
            have += len(taken)
        return have

    def end(self) -> None:
        """Lets the thread end, whether everything was read or not."""
        self._ended.set()
        self._thread.join()

    def _next(self) -> bool:
        """Takes what was read next; whether there was something."""
        if not self._is_over:
            self._left = memoryview(self._queue.get())
            self._is_over = not self._left
            if self._is_over and self._failure is not None:
                raise self._failure
        return bool(self._left)

    def _read_all(self, copy: psycopg.Copy, tell: Tell) -> None:
        try:
            for chunk in _together(copy):
                if not self._gave(chunk):
                    return
                tell(len(chunk))
        except Exception as failure:  # whatever it is, it is raised where the file is read
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
def read_ahead(copy: psycopg.Copy, tell: Tell = lambda _size: None) -> Iterator[Ahead]:
    """The bytes of that COPY as a file; the thread has ended when the block ends.

    `tell` is called by it with how many bytes it took from Postgres, each time it took some.
    """
    ahead = Ahead(copy, tell)
    try:
        yield ahead
    finally:
        ahead.end()


def _together(rows: psycopg.Copy) -> Iterator[bytes]:
    chunk = bytearray()
    for row in rows:
        chunk += row
        if len(chunk) >= TOGETHER:
            yield bytes(chunk)
            chunk.clear()
    if chunk:
        yield bytes(chunk)
