"""How often somebody may ask: counted in windows, by all processes of the site in one Valkey.

While Valkey is gone nothing is counted and everything is let through, at no cost: after one attempt
that failed it is left alone for some seconds, and then one request alone tries again.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

from responses.valkey import connect

logger = logging.getLogger(__name__)

# A request waits no longer for a Valkey that does not answer.
SECONDS = 0.25
REST_SECONDS = 5.0
# A process tells Valkey each time that it counted this part of what is allowed: nobody waits for
# Valkey at most requests, and all processes together are wrong by a hundredth each.
PART = 100
# Counts that a process keeps at most, some 200 bytes each.
MOST_KEPT = 10_000


@dataclass(frozen=True)
class Limit:
    """So many requests of one kind in each window of `seconds`."""

    name: str
    most: Callable[[], int]
    seconds: int

    @property
    def told_every(self) -> int:
        """How many requests a process counts before it tells Valkey of them."""
        return max(1, self.most() // PART)


@dataclass(frozen=True)
class Counted:
    """One request, as it counts against a limit: whose it is, and how many times as many they may.

    Whose it is must be no address and no name: it becomes a key in Valkey.
    """

    limit: Limit
    whose: str
    times: int = 1

    @property
    def most(self) -> int:
        """How many there may be in a window."""
        return self.limit.most() * self.times


@dataclass
class _Tally:
    """What a process knows of one window: the count that Valkey told last, and what came since."""

    told: int = 0
    since: int = 0


def seconds_to_wait(requests: Sequence[Counted], now: float) -> int:
    """Counts a request against each limit: how long it has to wait, 0 if not at all.

    `now` is in seconds since 1970. One round trip to Valkey at most, and none where a process has
    to tell nothing yet, or knows already that there were too many.
    """
    second, wait = int(now), 0
    due: list[tuple[Counted, _Tally, str, int]] = []
    with _lock:
        for each in requests:
            limit = each.limit
            window, passed = divmod(second, limit.seconds)
            key = (limit.name, each.whose, window)
            tally = _tallies.get(key) or _new_tally(key)
            if tally.told <= each.most:
                tally.since += 1
                if tally.since >= limit.told_every:
                    due.append((each, tally, ":".join(map(str, key)), tally.since))
                    tally.since = 0
            # What was counted here alone never shuts anybody out: Valkey may be gone.
            if tally.told and tally.told + tally.since > each.most:
                wait = max(wait, limit.seconds - passed)
    return max(wait, _told(due, second)) if due else wait


_lock = threading.Lock()
_tallies: dict[tuple[str, str, int], _Tally] = {}


def _new_tally(key: tuple[str, str, int]) -> _Tally:
    if len(_tallies) >= MOST_KEPT:
        # The oldest half: most of it are windows that are over.
        for old in list(_tallies)[: MOST_KEPT // 2]:
            del _tallies[old]
    return _tallies.setdefault(key, _Tally())


def _told(due: Sequence[tuple[Counted, _Tally, str, int]], second: int) -> int:
    """Tells Valkey what was counted: how long to wait now that it has said the totals."""
    counts = [(f"coprod:rate:{key}", count, each.limit.seconds) for each, _, key, count in due]
    totals, wait = _valkey(settings.REDIS_URL).added(counts), 0
    with _lock:
        for (each, tally, _, _), total in zip(due, totals, strict=False):
            tally.told = max(total, tally.told)
            if tally.told > each.most:
                wait = max(wait, each.limit.seconds - second % each.limit.seconds)
    return wait


class _Valkey:
    """The counts in one Valkey, and when it may be asked again."""

    def __init__(self, url: str) -> None:
        # One more try: a connection that was kept may be that of a Valkey of before.
        once_more = Retry(NoBackoff(), 1, supported_errors=(redis.ConnectionError,))
        self._client = connect(
            url, socket_connect_timeout=SECONDS, socket_timeout=SECONDS, retry=once_more
        )
        self._rests_until = 0.0
        self._resting = threading.Lock()

    def added(self, counts: Sequence[tuple[str, int, int]]) -> list[int]:
        """Adds each count (key, how many, seconds): the totals, none while Valkey is gone."""
        if not self._may_ask():
            return []
        try:
            with self._client.pipeline(transaction=False) as pipeline:
                for key, count, seconds in counts:
                    pipeline.incrby(key, count)
                    pipeline.expire(key, seconds)
                totals = [int(each) for each in pipeline.execute()[::2]]
        except redis.RedisError as error:
            self._rests_until = time.monotonic() + REST_SECONDS
            logger.warning("Requests are not counted: %s", error)
            return []
        self._rests_until = 0.0
        return totals

    def _may_ask(self) -> bool:
        """Whether Valkey is there as far as is known; after its rest one request tries it."""
        with self._resting:
            now = time.monotonic()
            if now < self._rests_until:
                return False
            if self._rests_until:
                self._rests_until = now + REST_SECONDS
            return True


@lru_cache(maxsize=1)
def _valkey(url: str) -> _Valkey:
    return _Valkey(url)
