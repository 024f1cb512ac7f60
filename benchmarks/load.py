"""The load generator: a fixed number of respondents at a time, one after another, no think time.

Or one that lets them come at a pace, whether or not those before them are done.
"""

import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from random import Random

from benchmarks.respondent import walk_through
from rehearsal.browser import Browser, WrongAnswerError

# More would mean that the site answers nobody any more.
MOST_AT_ONCE = 64


@dataclass(frozen=True)
class Journey:
    """One respondent's: how many submissions the site took, each request's time, what went wrong.

    `error` is empty for one who came to the end.
    """

    submissions: int
    times: tuple[tuple[str, float], ...]
    error: str


@dataclass(frozen=True)
class Load:
    """What one run of many journeys gave; times in seconds."""

    seconds: float
    completed: int
    submissions: int
    gets: tuple[float, ...]
    posts: tuple[float, ...]
    errors: dict[str, int]

    @property
    def rate(self) -> float:
        """Completed participants per second."""
        return self.completed / self.seconds


def run_load(site: str, entry: str, *, journeys: int, in_flight: int, seed: str) -> Load:
    """Sends so many respondents through the site; the same seed gives the same respondents."""
    began = time.perf_counter()
    with ThreadPoolExecutor(in_flight) as threads:
        ask = partial(journey, site, entry)
        done = list(threads.map(ask, (f"{seed}-{number}" for number in range(journeys))))
    return _load(done, time.perf_counter() - began)


def run_paced(site: str, entry: str, *, journeys: int, per_second: float, seed: str) -> Load:
    """Sends so many respondents, each at its own time: a slow site does not hold up the next."""
    began = time.perf_counter()

    def at_its_time(number: int) -> Journey:
        time.sleep(max(0.0, began + number / per_second - time.perf_counter()))
        return journey(site, entry, f"{seed}-{number}")

    with ThreadPoolExecutor(min(journeys, MOST_AT_ONCE)) as threads:
        done = list(threads.map(at_its_time, range(journeys)))
    return _load(done, time.perf_counter() - began)


def _load(done: Sequence[Journey], seconds: float) -> Load:
    times = [each for one in done for each in one.times]
    return Load(
        seconds=seconds,
        completed=sum(not one.error for one in done),
        submissions=sum(one.submissions for one in done),
        gets=tuple(took for method, took in times if method == "GET"),
        posts=tuple(took for method, took in times if method == "POST"),
        errors=dict(Counter(one.error for one in done if one.error)),
    )


def journey(site: str, entry: str, seed: str) -> Journey:
    """One respondent in a browser of their own; never raises on what the site does."""
    browser, error = Browser(site), ""
    try:
        # Not a secret: the same seed is to give the same respondent.
        walk_through(browser, entry, Random(seed))  # noqa: S311
    except WrongAnswerError as wrong:
        error = str(wrong)
    finally:
        browser.close()
    times = tuple((each.method, each.seconds) for each in browser.asked)
    return Journey(browser.taken, times, error)
