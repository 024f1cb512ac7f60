"""A whole rehearsal over HTTP: everybody of a population, several at once, each in their browser.

At full speed nobody waits: the next one comes as soon as one is done. At a pace they come when the
truth says, and take their time.
"""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from http import HTTPStatus
from itertools import islice
from threading import Event

from experiments.answers import Answers
from rehearsal.browser import Asked, Browser
from rehearsal.forms import WrongAnswerError
from rehearsal.person import Cast, Person
from rehearsal.respondent import come_back, walk
from responses.models import Mode
from responses.questionnaire import DECLINE
from responses.tokens import sign_link, token_from

# More would mean that the site answers nobody any more.
MOST_AT_ONCE = 256


@dataclass(frozen=True)
class Visit:
    """What one person was told: each page that the site took, with the answers sent.

    `token` is the resume code, empty if they never entered; `left` the page on which they closed
    the window for good, empty if they did not. Who is `turned_away` brought the id of somebody who
    is in already. `error` is empty unless the site did not let them through.
    """

    person: int
    token: str
    sent: tuple[tuple[str, Answers], ...]
    left: str
    asked: tuple[Asked, ...]
    came_back: bool = False
    turned_away: bool = False
    error: str = ""


@dataclass(frozen=True)
class Burst:
    """All visits, in the order of the people, and how many seconds they took together."""

    seconds: float
    visits: tuple[Visit, ...]


# Makes what somebody asks the site with; it gets what a `Browser` gets.
Opens = Callable[..., Browser]
# Told after each visit: how many are done, of how many, and how many went wrong. Whether to go on.
Tell = Callable[[int, int, int], bool]


def run_burst(
    site: str,
    cast: Cast,
    *,
    in_flight: int,
    tell: Tell = lambda *_: True,
    opens: Opens = Browser,
) -> Burst:
    """Sends everybody through the site; once `tell` says no, nobody else begins."""
    began, stopped = time.monotonic(), Event()
    arrives = cast.population.arrives * cast.pace

    def visit(number: int) -> Visit | None:
        early = began + arrives[number] - time.monotonic()
        return None if stopped.wait(max(0.0, early)) else visited(site, cast, number, opens)

    visits: list[Visit] = []
    with ThreadPoolExecutor(min(in_flight, MOST_AT_ONCE)) as threads:
        starts = (threads.submit(visit, number) for number in range(cast.population.n))
        for one in _as_they_end(starts, in_flight, stopped):
            visits.append(one)
            wrong = sum(bool(each.error) for each in visits)
            if not tell(len(visits), cast.population.n, wrong):
                stopped.set()
    visits.sort(key=lambda each: each.person)
    return Burst(time.monotonic() - began, tuple(visits))


def _as_they_end(
    starts: Iterator[Future[Visit | None]], in_flight: int, stopped: Event
) -> Iterator[Visit]:
    """The visits as they end; the next begins when one was told, unless it was said to stop."""
    running = set(islice(starts, in_flight))
    while running:
        ended, running = wait(running, return_when=FIRST_COMPLETED)
        for future in ended:
            if (one := future.result()) is not None:
                yield one
            if not stopped.is_set():
                running |= set(islice(starts, 1))


def visited(site: str, cast: Cast, number: int, opens: Opens = Browser) -> Visit:
    """One person's whole visit, or both if they come back; never raises on what the site does."""
    people = cast.population
    browser = opens(
        site,
        agent=cast.agent(number),
        language=people.languages[number],
        rehearses=sign_link(cast.design.study, Mode.REHEARSAL),
    )
    cookie = f"coprod_{cast.design.study}"
    person = Person(cast, number, token=lambda: browser.cookies.get(cookie, ""))
    error, turned_away = "", False
    try:
        _visit(browser, cast, person)
    except WrongAnswerError as wrong:
        turned_away = (
            not person.sent and wrong.status == HTTPStatus.FORBIDDEN and cast.shares_id(number)
        )
        error = "" if turned_away else str(wrong)
    finally:
        browser.close()
    return Visit(
        person=number,
        token=person.token() or _of_who_declined(cast, person),
        sent=tuple(person.sent),
        left=person.left,
        asked=tuple(browser.asked),
        came_back=person.came_back,
        turned_away=turned_away,
        error=error,
    )


def _of_who_declined(cast: Cast, person: Person) -> str:
    """The token of who got no cookie since they do not take part; empty for who never entered."""
    return token_from(person.nonce, cast.design.study, DECLINE) if person.sent else ""


def _visit(browser: Browser, cast: Cast, person: Person) -> None:
    habits = cast.habits(person.number)
    for _taken in walk(browser, cast.link(person.number), person.fill, habits):
        person.took()
    if person.left and person.sent and cast.population.returns[person.number]:
        back = come_back(browser, cast.entry, person.token())
        person.returned()
        for _taken in walk(browser, back, person.fill, habits):
            person.took()
