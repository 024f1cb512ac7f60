"""The load generator: respondents who walk through the site, in a closed loop or in an open one.

Closed: so many are always under way, and each comes when another one is through. A slow site is
then asked less often, which hides how long others would have waited: coordinated omission, as Gil
Tene calls it (README of wrk2, github.com/giltene/wrk2).

Open: each comes at their own time, however many are still there, and waits from that time on,
whether or not the load generator could send the first request then.
"""

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from random import Random

from benchmarks.chromium import ScriptedVisitor
from benchmarks.hub import Hub
from benchmarks.respondent import walk_through
from benchmarks.scripts import ON, Answering, Scripts, Thinks
from benchmarks.visitor import Visitor
from rehearsal.browser import WrongAnswerError

__all__ = ["Journey", "Load", "Thinks", "run_load", "run_open"]


@dataclass(frozen=True)
class Journey:
    """One respondent's: how many submissions the site took, each request's time, what went wrong.

    `drafts` are the times of the drafts that a script sent. `error` is empty for one who came to
    the end; `ended` is when, in seconds from the beginning.
    """

    submissions: int
    times: tuple[tuple[str, float], ...]
    drafts: tuple[float, ...]
    error: str
    ended: float


@dataclass(frozen=True)
class Load:
    """What one run of many journeys gave; times in seconds.

    `firsts` are the first requests of each, `drafts` what scripts sent meanwhile, for which nobody
    waits; `submitted` says how many journeys had so many pages taken; `most` is how many were under
    way at once; `last` when the last respondent came, and `late` how late the load generator itself
    was at most.
    """

    seconds: float
    completed: int
    submissions: int
    gets: tuple[float, ...]
    posts: tuple[float, ...]
    firsts: tuple[float, ...]
    drafts: tuple[float, ...]
    submitted: dict[int, int]
    errors: dict[str, int]
    most: int = 0
    last: float = 0.0
    late: float = 0.0

    @property
    def rate(self) -> float:
        """Completed participants per second."""
        return self.completed / self.seconds

    @property
    def requests(self) -> tuple[float, ...]:
        """The times of all that somebody waits for: pages asked for and sent."""
        return (*self.gets, *self.posts)


class _Run:
    """Journeys on a hub that are under way or done."""

    def __init__(
        self, site: str, entry: str, seed: str, thinks: Thinks | None, scripts: Scripts
    ) -> None:
        self.hub = Hub()
        self.began = time.perf_counter()
        self.done: list[Journey] = []
        self.most = self._there = 0
        self._asked = site, entry
        self._seed, self._thinks, self._scripts = seed, thinks, scripts

    def one(self, number: int, due: float | None = None) -> None:
        """The journey of that number, from beginning to end."""
        self._there += 1
        self.most = max(self.most, self._there)
        site, entry = self._asked
        browser = (ScriptedVisitor if self._scripts.on else Visitor)(self.hub, site, due)
        self.done.append(self._journey(browser, entry, number))
        self._there -= 1

    def _journey(self, browser: Visitor, entry: str, number: int) -> Journey:
        answering = Answering(browser, number, self._thinks, self._scripts)
        # Not a secret: the same seed is to give the same respondent.
        random = Random(f"{self._seed}-{number}")  # noqa: S311 - a seed is the point
        error = ""
        try:
            walk_through(browser, entry, random, answering.answer)
        except WrongAnswerError as wrong:
            error = str(wrong)
        finally:
            browser.close()
        times = tuple((each.method, each.seconds) for each in browser.asked)
        ended = time.perf_counter() - self.began
        return Journey(browser.taken, times, tuple(browser.drafts), error, ended)

    def load(self, last: float = 0.0) -> Load:
        """Runs what was begun, and sums it up."""
        self.hub.run()
        return _load(self.done, self.most, last, self.hub.late)


def run_load(
    site: str,
    entry: str,
    *,
    journeys: int,
    in_flight: int,
    seed: str,
    thinks: Thinks | None = None,
    scripts: Scripts = ON,
) -> Load:
    """A closed loop of so many at a time; the same seed gives the same respondents."""
    run = _Run(site, entry, seed, thinks, scripts)
    numbers = iter(range(journeys))

    def one_after_another(numbers: Iterator[int] = numbers) -> None:
        for number in numbers:
            run.one(number)

    for _ in range(min(in_flight, journeys)):
        run.hub.begin_at(run.began, one_after_another)
    return run.load()


def run_open(
    site: str,
    entry: str,
    *,
    arrivals: Sequence[float],
    seed: str,
    thinks: Thinks | None = None,
    scripts: Scripts = ON,
) -> Load:
    """An open loop: one respondent for each of the times, in seconds from now."""
    run = _Run(site, entry, seed, thinks, scripts)
    for number, seconds in enumerate(arrivals):
        due = run.began + seconds
        run.hub.begin_at(due, partial(run.one, number, due))
    return run.load(max(arrivals, default=0.0))


def _load(done: Iterable[Journey], most: int, last: float, late: float) -> Load:
    done = list(done)
    return Load(
        seconds=max((one.ended for one in done), default=0.0),
        completed=sum(not one.error for one in done),
        submissions=sum(one.submissions for one in done),
        gets=tuple(took for one in done for method, took in one.times if method == "GET"),
        posts=tuple(took for one in done for method, took in one.times if method == "POST"),
        firsts=tuple(one.times[0][1] for one in done if one.times),
        drafts=tuple(took for one in done for took in one.drafts),
        submitted=dict(Counter(one.submissions for one in done if one.submissions)),
        errors=dict(Counter(one.error for one in done if one.error)),
        most=most,
        last=last,
        late=late,
    )
