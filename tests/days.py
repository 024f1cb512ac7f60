"""The day of UTC, for tests of what is told or kept by days."""

import time

DAY = 86_400


def begin_within_a_day(seconds: float) -> None:
    """Waits for midnight where it is nearer than that: what takes so long is of one day then."""
    left = DAY - time.time() % DAY
    if left < seconds:
        time.sleep(left)
