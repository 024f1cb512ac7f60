"""The people of a chaos run: who gets no answer sends the same again, as the page's script does."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import TypeVar

from django.db import InterfaceError, OperationalError, connection
from psycopg import Error

from rehearsal.browser import Answer, Browser
from rehearsal.burst import Visit, visited
from rehearsal.forms import Fields, WrongAnswerError
from rehearsal.person import Cast
from responses.questionnaire import Facts

# So long somebody tries to send one page.
PATIENCE = 400.0
PAUSE = 0.25
# What a server says that can't answer now.
NOT_NOW = (502, 503, 504)

Found = TypeVar("Found")


class PatientBrowser(Browser):
    """Asks again, with the same form, until there is an answer."""

    unanswered = 0
    answered = 0

    def ask(self, method: str, path: str, fields: Fields | None = None) -> Answer:
        """One request, made as often as it needs; WrongAnswerError if nobody answers it at all."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                answer = super().ask(method, path, fields)
            except WrongAnswerError:
                if time.monotonic() > end:
                    raise
            else:
                if answer.status not in NOT_NOW or time.monotonic() > end:
                    PatientBrowser.answered += 1
                    return answer
            PatientBrowser.unanswered += 1
            time.sleep(PAUSE)


def patiently(ask: Callable[[], Found], seconds: float = PATIENCE) -> Found:
    """What the database says, asked until it is there to say it."""
    end = time.monotonic() + seconds
    while True:
        try:
            return ask()
        except (OperationalError, InterfaceError, Error):
            if time.monotonic() > end:
                raise
            time.sleep(PAUSE)
        finally:
            connection.close()


class PatientKnown:
    """What the site's database knows of somebody, once it can be asked."""

    def __init__(self, known: Callable[[str], Facts]) -> None:
        self._known = known

    def __call__(self, token: str) -> Facts:
        """Their answers, levels and the rest."""
        return patiently(lambda: self._known(token))


class Crowd:
    """People who come one after another, so many at a time, until they are told to stop."""

    def __init__(self, site: str, cast: Cast, at_once: int) -> None:
        self.visits: list[Visit] = []
        self._site, self._cast, self._at_once = site, cast, at_once
        self._numbers = count()
        self._begun = 0
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._threads = ThreadPoolExecutor(at_once)

    def begin(self) -> None:
        """Lets them come."""
        self._futures = [self._threads.submit(self._come) for _each in range(self._at_once)]

    def stop(self) -> None:
        """Lets nobody else come, and waits for those who are there."""
        self._over.set()
        self._threads.shutdown(wait=True)
        for future in self._futures:
            future.result()

    def all_out(self) -> Callable[[], bool]:
        """Tells, later, whether everybody who is there now has come to the end of their visit."""
        with self._lock:
            begun = self._begun
        return lambda: sum(one.person < begun for one in list(self.visits)) >= begun

    @property
    def taken(self) -> int:
        """How many pages the site said that it took, of visits that ended."""
        return sum(len(one.sent) for one in list(self.visits))

    def _come(self) -> None:
        while not self._over.is_set():
            with self._lock:
                number = next(self._numbers)
                if number >= self._cast.population.n:
                    return
                self._begun = number + 1
            self.visits.append(visited(self._site, self._cast, number, PatientBrowser))
