"""Counting in windows: exact for small limits, told to Valkey in parts, free while it is gone."""

import socket
import threading
import time
from collections.abc import Iterator
from uuid import uuid4

import pytest
import redis
from django.conf import settings as site_settings
from pytest_django import Settings

from responses import rates
from responses.rates import MOST_KEPT, Counted, Limit, seconds_to_wait
from tests.responses.rated import valkey_is_waited_for

WINDOW = 1_000_040  # 40 seconds before the end of a minute


@pytest.fixture
def patient() -> Iterator[None]:
    """Waits for Valkey: what is not told to it in time is not counted at all."""
    with valkey_is_waited_for():
        yield


def counted(most: int, times: int = 1, whose: str = "") -> Counted:
    """A request of somebody new under a limit of its own."""
    return Counted(Limit("tried", lambda: most, 60), whose or uuid4().hex, times)


def in_valkey(request: Counted) -> int:
    """What Valkey was told of a request's window."""
    with redis.from_url(site_settings.REDIS_URL) as valkey:
        key = f"coprod:rate:tried:{request.whose}:{WINDOW // 60}"
        return int(valkey.get(key) or 0)


@pytest.mark.usefixtures("patient")
def test_small_limit_is_exact_and_raised_by_times() -> None:
    request = counted(3, times=2)
    assert [seconds_to_wait([request], WINDOW) for _ in range(7)] == [0] * 6 + [40]
    # Who is shut out is known here: Valkey hears of it no more.
    assert (seconds_to_wait([request], WINDOW + 10), in_valkey(request)) == (30, 7)
    assert seconds_to_wait([request], WINDOW + 40) == 0


@pytest.mark.usefixtures("patient")
def test_large_limit_is_told_in_parts_and_the_longest_wait_counts() -> None:
    large, hour = counted(1000), Counted(Limit("hour", lambda: 0, 3600), uuid4().hex)
    for _ in range(25):
        assert seconds_to_wait([large], WINDOW) == 0
    assert in_valkey(large) == 20
    assert seconds_to_wait([large, hour], WINDOW) == 3600 - WINDOW % 3600
    waits = [seconds_to_wait([large], WINDOW) for _ in range(1000)]
    assert (waits.index(40), sum(map(bool, waits)), in_valkey(large)) == (974, 26, 1010)


@pytest.mark.usefixtures("patient")
def test_processes_count_together() -> None:
    request = counted(100)
    for _ in range(60):
        seconds_to_wait([request], WINDOW)
    rates._tallies.clear()  # as another process would begin
    waits = [seconds_to_wait([request], WINDOW) for _ in range(41)]
    assert waits == [0] * 40 + [40]


@pytest.mark.usefixtures("patient")
def test_threads_count_each_request_once() -> None:
    request = counted(10_000)
    threads = [
        threading.Thread(target=lambda: [seconds_to_wait([request], WINDOW) for _ in range(500)])
        for _ in range(8)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    tally = rates._tallies["tried", request.whose, WINDOW // 60]
    assert in_valkey(request) + tally.since == 4000


def test_what_a_process_keeps_is_bounded() -> None:
    limit = Limit("tried", lambda: 1_000_000, 60)
    for number in range(MOST_KEPT + 10):
        seconds_to_wait([Counted(limit, f"network {number}")], WINDOW)
    assert len(rates._tallies) <= MOST_KEPT
    rates._tallies.clear()


@pytest.fixture
def deaf() -> Iterator[tuple[str, list[socket.socket]]]:
    """The address of a server that takes connections and says nothing, and who connected."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        came: list[socket.socket] = []

        def take() -> None:
            while True:
                try:
                    came.append(server.accept()[0])
                except OSError:
                    return

        thread = threading.Thread(target=take, daemon=True)
        thread.start()
        yield f"redis://127.0.0.1:{server.getsockname()[1]}/0", came
        server.shutdown(socket.SHUT_RDWR)
    thread.join()
    for each in came:
        each.close()


def test_deaf_valkey_is_asked_by_one_request_and_then_left_alone(
    deaf: tuple[str, list[socket.socket]], settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.REDIS_URL, came = deaf
    request = counted(0)
    assert [seconds_to_wait([request], WINDOW) for _ in range(200)] == [0] * 200
    assert (len(came), caplog.text.count("Requests are not counted")) == (1, 1)
    # After its rest one request asks again, however many come.
    rates._valkey(settings.REDIS_URL)._rests_until = time.monotonic() - 1
    assert [seconds_to_wait([request], WINDOW) for _ in range(200)] == [0] * 200
    assert len(came) == 2
