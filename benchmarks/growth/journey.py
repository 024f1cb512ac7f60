"""A participant's way through the site in this process, and what each request reads.

Imported once Django is set up.
"""

from collections.abc import Iterator, Mapping
from random import Random

from django.test import Client

from benchmarks.product import ENTRY
from benchmarks.reading import Opening, least, read_by
from benchmarks.respondent import walk_through
from rehearsal.browser import Browser, Received

# The first ones have the process learn lists, pages and plans.
WARM_UP = 6


class _AtHome(Browser):
    """A browser that asks Django in this process; keeps what each request read."""

    def __init__(self) -> None:
        super().__init__("http://localhost")
        self._client = Client(enforce_csrf_checks=True)
        self.read: list[Opening] = []

    def _exchange(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> Received:
        found = list[Received]()

        def ask() -> None:
            response = self._client.generic(
                method,
                path,
                body or b"",
                headers.get("Content-Type", ""),
                headers={"host": "localhost", "cookie": headers.get("Cookie", "")},
            )
            cookies = [each.OutputString() for each in response.cookies.values()]
            location = response.headers.get("Location", "")
            found.append(Received(response.status_code, location, cookies, response.content))

        page = path.partition("?")[0].rstrip("/").rpartition("/")[2]
        self.read.append(read_by(f"{method} {page}", ask))
        return found[0]


def read_by_page(journeys: int) -> Iterator[Opening]:
    """Each request of a journey: the least that it read in so many of them, and its middle times.

    The arm is another each time, and so is what the page says.
    """
    asked: dict[str, list[Opening]] = {}
    for number in range(WARM_UP + journeys):
        browser = _AtHome()
        # Not a secret: the same seed is to give the same respondent.
        walk_through(browser, ENTRY, Random(number))  # noqa: S311 - a seed is the point
        for each in browser.read if number >= WARM_UP else ():
            asked.setdefault(each.name, []).append(each)
    yield from map(least, asked.values())
