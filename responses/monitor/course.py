"""How many came, consented, saw the vignette and completed: by the hour and by the day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from responses.monitor.bars import Strip, strip
from responses.monitor.tallied import HOURS, STAGES, Kind, Tallied

# The days that are told one by one; more would not fit a phone.
DAYS = 60

Span = TypeVar("Span", int, str)


STAGE_WORDS = {
    Kind.ENTERED: _("Entered"),
    Kind.CONSENTED: _("Consented"),
    Kind.EXPOSED: _("Saw the vignette"),
    Kind.COMPLETED: _("Completed"),
}


@dataclass(frozen=True)
class Course:
    """The counts of one stage after the other, over the same spans of time, the oldest first.

    `starts` says when each span began, in the site's time zone.
    """

    starts: tuple[datetime, ...]
    stages: tuple[tuple[Kind, tuple[int, ...]], ...]

    @property
    def strips(self) -> tuple[tuple[str, Strip], ...]:
        """The counts of each stage as a picture, with the stage in words."""
        return tuple((str(STAGE_WORDS[stage]), strip(counts)) for stage, counts in self.stages)

    @property
    def last(self) -> datetime:
        """When the last span began."""
        return self.starts[-1]

    @property
    def rows(self) -> tuple[tuple[datetime, tuple[int, ...]], ...]:
        """Each span with its counts by stage, the newest first, without those before anybody."""
        counts = zip(*(counts for _stage, counts in self.stages), strict=True)
        rows = list(zip(self.starts, counts, strict=True))
        while rows and not any(rows[0][1]):
            rows.pop(0)
        return tuple(reversed(rows))


def hours_of(tallied: Tallied, now: datetime) -> Course:
    """The last hours, the one that is on included."""
    last = int(now.timestamp()) // 3600
    hours = range(last - HOURS + 1, last + 1)
    zone = ZoneInfo(settings.TIME_ZONE)
    starts = tuple(datetime.fromtimestamp(hour * 3600, UTC).astimezone(zone) for hour in hours)
    return Course(starts, _stages({each: tallied.by_hour(each) for each in STAGES}, hours))


def days_of(tallied: Tallied, now: datetime) -> Course:
    """The days since the first arrival, at most the last sixty, today included."""
    zone = ZoneInfo(settings.TIME_ZONE)
    today = now.astimezone(zone).date()
    counts = {each: tallied.by_day(each) for each in STAGES}
    first = min((day for each in counts.values() for day in each), default=today.isoformat())
    length = min(DAYS, (today - date.fromisoformat(first)).days + 1)
    days = [today - timedelta(days=back) for back in range(length - 1, -1, -1)]
    starts = tuple(datetime(day.year, day.month, day.day, tzinfo=zone) for day in days)
    return Course(starts, _stages(counts, [day.isoformat() for day in days]))


def _stages(
    counts: Mapping[Kind, Mapping[Span, int]], spans: Iterable[Span]
) -> tuple[tuple[Kind, tuple[int, ...]], ...]:
    told = tuple(spans)
    return tuple((stage, tuple(of.get(span, 0) for span in told)) for stage, of in counts.items())
