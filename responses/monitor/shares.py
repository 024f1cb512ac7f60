"""How long completions took, and by which devices, languages and links people came."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from math import exp

from django.utils.translation import gettext as _

from responses.monitor.bars import Strip, strip
from responses.monitor.tallied import Kind, Tallied

# As `coprod_facts` counts them: step k is of exp(k / 20) seconds and up to 5 % more.
STEPS = 20
# The bars of the picture, each of so many seconds and up to the next.
MARKS = (0, 60, 120, 180, 240, 300, 420, 600, 900, 1200, 1800, 3600, 7200, 86400)


@dataclass(frozen=True)
class Took:
    """The time from entering to completing, of how many people; seconds, known to 5 %."""

    people: int
    low_quarter: float
    median: float
    high_quarter: float
    # Seconds from which on, and how many took as long as that and less than the next.
    bars: tuple[tuple[int, int], ...]

    @property
    def said(self) -> str:
        """The quarters in words."""
        words = {
            "low": duration(self.low_quarter),
            "median": duration(self.median),
            "high": duration(self.high_quarter),
        }
        return (
            _("Half of them took less than %(median)s, the middle half %(low)s to %(high)s.")
            % words
        )

    @property
    def rows(self) -> tuple[tuple[str, int], ...]:
        """The bars, each with the time from which on it counts, in words."""
        return tuple((_("from %(time)s") % {"time": duration(at)}, n) for at, n in self.bars)

    @property
    def strip(self) -> Strip:
        """The bars as a picture."""
        return strip([people for _at, people in self.bars])


@dataclass(frozen=True)
class Share:
    """Those who came by one device, in one language or by one link; empty name: not known."""

    name: str
    entered: int
    completed: int

    @property
    def per_cent(self) -> float:
        """The share that completed."""
        return 100 * self.completed / self.entered if self.entered else 0.0


def took_of(tallied: Tallied) -> Took | None:
    """The time that completions took; None if nobody completed."""
    steps = sorted((int(key), people) for key, people in tallied.of(Kind.TOOK).items())
    people = sum(number for _step, number in steps)
    if not people:
        return None
    return Took(
        people=people,
        low_quarter=_quantile(steps, people / 4),
        median=_quantile(steps, people / 2),
        high_quarter=_quantile(steps, 3 * people / 4),
        bars=tuple(_bars(steps)),
    )


def duration(seconds: float) -> str:
    """A length of time in words, to the second below ten minutes, else to the minute."""
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 1:
        return _("%(seconds)d s") % {"seconds": rest}
    if minutes < 10 and rest:
        return _("%(minutes)d min %(seconds)d s") % {"minutes": minutes, "seconds": rest}
    if minutes < 60:
        return _("%(minutes)d min") % {"minutes": round(seconds / 60)}
    hours, minutes = divmod(minutes, 60)
    return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": minutes}


def _quantile(steps: list[tuple[int, int]], rank: float) -> float:
    """The seconds that so many people stayed below; as if people were spread evenly in a step."""
    before = 0
    for step, people in steps:
        if before + people >= rank:
            return exp((step + (rank - before) / people) / STEPS)
        before += people
    raise ValueError("There are fewer people than that.")


def _bars(steps: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The bars from the first that is not empty to the last."""
    counts = [0] * len(MARKS)
    for step, people in steps:
        middle = exp((step + 0.5) / STEPS)
        counts[max(at for at, mark in enumerate(MARKS) if mark <= middle)] += people
    kept = [at for at, people in enumerate(counts) if people]
    for at in range(kept[0], kept[-1] + 1):
        yield MARKS[at], counts[at]


def shares_of(tallied: Tallied, kind: Kind) -> tuple[Share, ...]:
    """Those of a kind, the largest first."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for key, people in tallied.of(kind).items():
        completed, _, name = key.partition("|")
        counts[name][0] += people
        counts[name][1] += people if completed == "1" else 0
    found = (Share(name, entered, completed) for name, (entered, completed) in counts.items())
    return tuple(sorted(found, key=lambda each: (-each.entered, each.name)))


def listed_of(tallied: Tallied) -> tuple[tuple[str, tuple[Share, ...]], ...]:
    """By parameter whose values the study lists: how many came by a link with each."""
    shares: dict[str, list[Share]] = {}
    for share in shares_of(tallied, Kind.LISTED):
        code, _, value = share.name.partition("=")
        shares.setdefault(code, []).append(Share(value, share.entered, share.completed))
    return tuple((code, tuple(found)) for code, found in sorted(shares.items()))
