"""Valkey behind Sentinel: the master dies, another takes over, and tasks go on."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from redis.exceptions import RedisError

from responses.models import Heartbeat
from responses.monitor.health import waiting_tasks
from responses.tallies import HEARTBEAT
from responses.valkey import AddressError, Sentinels, broker, connect, sentinels_of
from tests.live_site import database_of_the_test
from tests.processes import ANSWER_SECONDS
from tests.site_parts import Parts
from tests.valkeys import watched

URL = "sentinel://me:p%2Fw@s1:26380;sentinel://s2/3?master_name=survey&sentinel_password=other"


def test_address_of_sentinels_is_what_celery_and_our_own_clients_need() -> None:
    read = sentinels_of(URL)
    assert read == Sentinels((("s1", 26380), ("s2", 26379)), "survey", "me", "p/w", 3, "other")
    assert broker(URL) == (
        "sentinel://me:p%2Fw@s1:26380;sentinel://me:p%2Fw@s2:26379/3",
        {"master_name": "survey", "sentinel_kwargs": {"password": "other"}},
    )


def test_address_of_one_server_stays_as_it_is() -> None:
    for url in ("redis://:p@h:6379/0", "rediss://h", "unix:///run/valkey.sock"):
        assert broker(url) == (url, {})


@pytest.mark.parametrize(
    "url", ["", "h:6379", "sentinel://h:26379/0", "redis://h;redis://i", "redis+cluster://h"]
)
def test_address_that_names_no_valkey_says_how_one_looks(url: str) -> None:
    with pytest.raises(AddressError, match=r"^REDIS_URL must be "):
        broker(url)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_tasks_go_on_when_the_master_is_killed(
    transactional_db: None, settings: Any, tmp_path: Path
) -> None:
    with watched(tmp_path) as valkeys:
        settings.REDIS_URL = valkeys.url
        own = {"DATABASE_URL": database_of_the_test(), "REDIS_URL": valkeys.url}
        with Parts(tmp_path, own | {"COPROD_SWEEP_SECONDS": "0.5"}) as parts:
            parts.worker()
            parts.beat()
            until(lambda: beats_since(0.0) > 0)
            before = valkeys.address()
            client = connect(valkeys.url)
            assert client.incr("counted") == 1
            valkeys.master.kill()
            until(lambda: valkeys.address() not in (before, ("", 0)))
            last = beats_since(0.0)
            until(lambda: beats_since(last) > 0)
        # What this process keeps asks the new one, too.
        until(lambda: bool(client.incr("counted")))
        pool: Any = client.connection_pool
        assert pool.get_master_address() == valkeys.address()
        until(lambda: waiting_tasks() is not None)
        client.close()


def beats_since(moment: float) -> float:
    """The moment of the last heartbeat of a worker, 0 if none was after that moment."""
    found = Heartbeat.objects.filter(name=HEARTBEAT).first()
    last = found.beaten_at.timestamp() if found else 0.0
    return last if last > moment else 0.0


def until(ready: Callable[[], bool]) -> None:
    """Waits until something is so."""
    end = time.monotonic() + ANSWER_SECONDS
    while True:
        try:
            if ready():
                return
        except RedisError:
            pass
        assert time.monotonic() < end, "It did not come about."
        time.sleep(0.1)
