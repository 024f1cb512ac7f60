"""Many respondents in one thread, each in a greenlet that waits for its connection or for a time.

Thousands can be under way at once. Threads would take turns with Python's lock, and each turn costs
who shares the cores with the site it asks.
"""

import heapq
import select
import socket
import time
from collections.abc import Callable

from greenlet import getcurrent, greenlet

# How often it is looked for who waits longer than they would.
LOOKED_SECONDS = 1.0


class Hub:
    """Lets greenlets run by turns; `run` comes back when all have ended.

    `late` is how many seconds at most somebody began after their time, because the thread was busy:
    what the load generator itself adds.
    """

    def __init__(self) -> None:
        self.late = 0.0
        self._poll = select.epoll()
        self._waiting: dict[int, tuple[greenlet, float]] = {}
        self._timers: list[tuple[float, int, greenlet]] = []
        self._numbered = 0
        self._main: greenlet = getcurrent()

    def begin_at(self, due: float, act: Callable[[], None]) -> None:
        """Has something begin at a time of `time.perf_counter`."""
        self._at(due, greenlet(act, self._main))

    def sleep_until(self, due: float) -> None:
        """Lets others run until then; called in a greenlet of the hub."""
        self._at(due, getcurrent())
        self._main.switch()

    def watch(self, connection: socket.socket) -> None:
        """Has `wait` work for a connection, until it is closed."""
        # Told once at each change: nothing more is asked of the kernel while it is in use.
        events = select.EPOLLIN | select.EPOLLOUT | select.EPOLLRDHUP | select.EPOLLET
        self._poll.register(connection, events)

    def wait(self, connection: socket.socket, until: float) -> None:
        """Lets others run until something happened to the connection; TimeoutError if too late."""
        self._waiting[connection.fileno()] = (getcurrent(), until)
        if self._main.switch() is TimeoutError:
            raise TimeoutError

    def run(self) -> None:
        """Runs all that was begun, and what those began."""
        looked = time.perf_counter()
        while self._timers or self._waiting:
            for number, _events in self._poll.poll(self._patience()):
                self._resume(number)
            now = time.perf_counter()
            while self._timers and self._timers[0][0] <= now:
                due, _, one = heapq.heappop(self._timers)
                self.late = max(self.late, time.perf_counter() - due)
                one.switch()
            if now - looked > LOOKED_SECONDS:
                looked = now
                self._give_up(now)
        self._poll.close()

    def _at(self, due: float, one: greenlet) -> None:
        self._numbered += 1
        heapq.heappush(self._timers, (due, self._numbered, one))

    def _patience(self) -> float:
        """Seconds until there is something to do besides connections."""
        if not self._timers:
            return LOOKED_SECONDS
        return min(LOOKED_SECONDS, max(0.0, self._timers[0][0] - time.perf_counter()))

    def _resume(self, number: int, told: object = None) -> None:
        # Nobody waits where a connection changed while its reader thinks.
        if found := self._waiting.pop(number, None):
            found[0].switch(told)

    def _give_up(self, now: float) -> None:
        for number in [number for number, (_, until) in self._waiting.items() if until <= now]:
            self._resume(number, TimeoutError)
