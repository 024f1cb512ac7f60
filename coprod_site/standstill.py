"""Notices a Postgres that refuses everybody while nothing in it recovers.

A disk that is full can leave Postgres 18 so: the process that recovers waits for a checkpoint whose
process died, and would wait for ever (docs/decisions/0047).
"""

from contextlib import suppress
from pathlib import Path

import psutil
import psycopg

# A look is taken every second. What recovers uses some of the CPU or waits for its disk meanwhile.
LOOKS = 30
RECOVERING = ("postgres: startup", "postgres: checkpointer")
# Recovery from elsewhere may wait for as long as it likes: somebody asked for it.
ASKED_FOR = ("recovery.signal", "standby.signal")


class Standstill:
    """Counts the looks, one after another, at which the server refused and nothing had moved."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._looks = 0
        self._seen: dict[int, float] = {}

    def lasts(self, server: psutil.Process, url: str) -> bool:
        """Looks once; whether it has been so for LOOKS looks. `url` is of one of its databases."""
        if not self._refuses(url):
            self._looks = 0
            return False
        moved, self._seen = self._moved(server)
        self._looks = 0 if moved else self._looks + 1
        return self._looks >= LOOKS

    def over(self) -> None:
        """Begins to count anew."""
        self._looks = 0

    def _refuses(self, url: str) -> bool:
        answer = psycopg.pq.PGconn.ping(f"{url}&connect_timeout=2".encode())
        asked = any((self._data / name).exists() for name in ASKED_FOR)
        return answer == psycopg.pq.Ping.REJECT and not asked

    def _moved(self, server: psutil.Process) -> tuple[bool, dict[int, float]]:
        """Whether what recovers has worked since the last look; its CPU seconds by process."""
        seen, waits = {}, False
        for process in server.children():
            # Those that were refused end all the time.
            with suppress(psutil.Error):
                if "".join(process.cmdline()[:1]).startswith(RECOVERING):
                    seen[process.pid] = sum(process.cpu_times()[:2])
                    waits = waits or process.status() == psutil.STATUS_DISK_SLEEP
        return waits or seen != self._seen, seen
