"""A browser behind a balancer: each request goes to the next web process, and on to one that lives.

Who is told that something went wrong sends the page again, as the site asks people to.
"""

import time
from collections import Counter
from http.client import HTTPConnection
from itertools import count
from typing import Any
from urllib.parse import urlsplit

from rehearsal.browser import SECONDS, Answer, Browser
from rehearsal.forms import Fields, WrongAnswerError

# Requests until somebody gives up, and seconds from one that failed to the next.
TRIES, PAUSE = 100, 0.05


class Balancer:
    """The web processes in turn; `answered` counts what came of each, `failed` what did not."""

    def __init__(self) -> None:
        self.sites: list[str] = []
        self.answered: Counter[str] = Counter()
        self.failed: Counter[str] = Counter()
        self._turns = count()

    def next(self) -> str:
        """The address of the one whose turn it is."""
        sites = self.sites
        return sites[next(self._turns) % len(sites)]

    def add(self, site: str) -> None:
        """One more."""
        self.sites = [*self.sites, site]

    def drop(self, site: str) -> None:
        """One less, as a balancer does when one answers no more."""
        self.sites = [each for each in self.sites if each != site]

    def browser(self, site: str, **how: Any) -> "Balanced":
        """A new browser, with what a `Browser` gets; `site` is what it takes the balancer for."""
        return Balanced(self, site, **how)


class Balanced(Browser):
    """One visitor's browser, whose requests are shared out."""

    def __init__(self, balancer: Balancer, site: str, **how: Any) -> None:
        super().__init__(site, **how)
        self._balancer, self._how = balancer, {"site": site, **how}
        self._kept: dict[str, HTTPConnection] = {}

    def ask(self, method: str, path: str, fields: Fields | None = None) -> Answer:
        """One request, sent again until one of the web processes answers it."""
        for _try in range(TRIES):
            site = self._balancer.next()
            if site not in self._kept:
                self._kept[site] = HTTPConnection(urlsplit(site).netloc, timeout=SECONDS)
            self._connection = self._kept[site]
            try:
                answer = super().ask(method, path, fields)
            except WrongAnswerError:
                answer = None
            if answer and answer.status < 500:
                self._balancer.answered[site] += 1
                return answer
            self._balancer.failed[site] += 1
            time.sleep(PAUSE)
        raise WrongAnswerError(f"{method} was answered by nobody")

    def beside(self) -> "Balanced":
        """Another connection of the same browser, with its cookies as they are now."""
        other = Balanced(self._balancer, **self._how)
        other.cookies, other.asked = dict(self.cookies), self.asked
        return other

    def close(self) -> None:
        """Ends the connections."""
        for each in self._kept.values():
            each.close()
