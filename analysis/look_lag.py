"""How long looks have been due: what a watcher goes by to see that none is forgotten."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from analysis.schedule import Standing, waiting_standings
from responses.models import Participant, State


@dataclass(frozen=True)
class LookLag:
    """For how many seconds the next look of a study's mode has been due; `failed` if it waits
    for somebody to run it again. 0 while it waits for people.
    """

    study: str
    mode: str
    seconds: float
    failed: bool


def look_lags() -> Sequence[LookLag]:
    """One of each study and mode that has a look left.

    As many statements as a sweep makes, and one for each look that is due.
    """
    now = timezone.now()
    return [
        LookLag(each.study.slug, each.mode, _seconds(each, now), each.failed is not None)
        for each in waiting_standings()
    ]


def _seconds(standing: Standing, now: datetime) -> float:
    due = standing.reached
    if due is None:
        return 0.0
    since = standing.study.closed_at if due.size is None else _reached(standing, due.size)
    return (now - since).total_seconds() if since else 0.0


def _reached(standing: Standing, size: int) -> datetime | None:
    """When the look's last participant completed.

    Counted back from the newest, who are few while sweeps run. Those who completed since and are
    not eligible make it a little later than it was.
    """
    completes = Participant.objects.filter(
        study=standing.study, mode=standing.mode, state=State.COMPLETED
    )
    times = completes.order_by("-completed_at", "-id").values_list("completed_at", flat=True)
    beyond = standing.eligible - size
    return times[beyond : beyond + 1].first() if beyond >= 0 else None
