"""How often a token may ask, counted in Valkey; while Valkey is gone nothing is counted."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

logger = logging.getLogger(__name__)

# A request waits no longer for a Valkey that does not answer.
SECONDS = 0.5


@dataclass(frozen=True)
class Limit:
    """So many requests of a token in each window of `seconds`."""

    name: str
    most: Callable[[], int]
    seconds: int


REQUESTS = Limit("requests", lambda: settings.API_REQUESTS_PER_MINUTE, 60)
# Of what reads all of a study's data.
EXPORTS = Limit("exports", lambda: settings.API_EXPORTS_PER_HOUR, 3600)


def seconds_to_wait(token: str, limit: Limit, now: float) -> int:
    """Counts a request of the token: how long it has to wait for the next window, 0 if not at all.

    `now` is in seconds since 1970.
    """
    window, passed = divmod(int(now), limit.seconds)
    key = f"coprod:api:{limit.name}:{token}:{window}"
    try:
        with _valkey(settings.REDIS_URL).pipeline() as pipeline:
            pipeline.incr(key)
            pipeline.expire(key, limit.seconds)
            asked, _ = pipeline.execute()
    except redis.RedisError as error:
        logger.warning("Requests of the API are not counted: %s", error)
        return 0
    return limit.seconds - passed if asked > limit.most() else 0


@lru_cache(maxsize=1)
def _valkey(url: str) -> redis.Redis:
    # One more try: a connection that was kept may be that of a Valkey of before.
    return redis.Redis.from_url(
        url,
        socket_connect_timeout=SECONDS,
        socket_timeout=SECONDS,
        retry=Retry(NoBackoff(), 1),
    )
