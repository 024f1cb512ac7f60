"""The scheduler of beat: goes on at once when the machine's clock was set back.

Celery's own waits until the clock has come to where it was before: after an hour back no sweep
would be queued for an hour, so that no look ran.
"""

from typing import Any

from celery.beat import PersistentScheduler


class SteadyScheduler(PersistentScheduler):
    """Nothing was last run in the future: what says so counts as run just now."""

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """Queues what is due; returns for how many seconds nothing will be."""
        ahead = [
            each
            for each in self.schedule.values()
            if each.last_run_at and each.last_run_at > each.default_now()
        ]
        for entry in ahead:
            entry.last_run_at = entry.default_now()
        if ahead:
            # Its order is by the times that were.
            self._heap = None
        return float(super().tick(*args, **kwargs))
