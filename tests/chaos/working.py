"""Whether worker and beat are at work."""

from collections.abc import Callable
from typing import Any

from tests.chaos.people import patiently


def at_work() -> Callable[[], bool]:
    """Tells, later, whether the worker did twice since what beat asks for every few seconds.

    Once may be what was queued before.
    """
    seen = [_heartbeat()]

    def beaten() -> bool:
        if (now := _heartbeat()) != seen[-1]:
            seen.append(now)
        return len(seen) > 2

    return beaten


def _heartbeat() -> Any:
    from responses.models import Heartbeat

    return patiently(lambda: list(Heartbeat.objects.order_by("name").values()))
