"""One visitor's browser: a kept connection, cookies, and how long each answer took."""

import time
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse
from urllib.parse import urlencode, urlsplit

SECONDS = 60
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class WrongAnswerError(Exception):
    """The site did not do what a visitor needs; the text is one line, alike for like cases."""


@dataclass(frozen=True)
class Answer:
    """What came back: status, where to go on for a redirect, and the body."""

    status: int
    location: str
    body: bytes


class Browser:
    """Asks one site; `times` holds ("GET" or "POST", seconds) of each request that was answered.

    `taken` counts the forms that the site took, which it says by leading on.

    A time runs from before the request is sent until the last byte is read. http.client is used
    since the load generator shares the cores with the site: an httpx request costs four times it.
    """

    def __init__(self, site: str) -> None:
        self._host = urlsplit(site).netloc
        self._connection = HTTPConnection(self._host, timeout=SECONDS)
        self._cookies: dict[str, str] = {}
        self.times: list[tuple[str, float]] = []
        self.taken = 0

    def get(self, path: str) -> bytes:
        """The page at that path; anything but a page raises WrongAnswerError."""
        answer = self._ask("GET", path)
        if answer.status != 200:
            raise WrongAnswerError(f"GET was answered with {answer.status}")
        return answer.body

    def post(self, path: str, fields: dict[str, str]) -> str:
        """Sends a form and returns the path that the site leads to; nothing else will do."""
        answer = self._ask("POST", path, urlencode(fields).encode())
        if answer.status != 302:
            raise WrongAnswerError(f"POST was answered with {answer.status}")
        self.taken += 1
        return answer.location

    @property
    def cookies(self) -> str:
        """The cookies as a header sends them."""
        return "; ".join(f"{name}={text}" for name, text in self._cookies.items())

    def close(self) -> None:
        """Ends the connection."""
        self._connection.close()

    def _ask(self, method: str, path: str, body: bytes | None = None) -> Answer:
        headers = dict(FORM) if body is not None else {}
        if self._cookies:
            headers["Cookie"] = self.cookies
        began = time.perf_counter()
        try:
            self._connection.request(method, path, body, headers)
            response = self._connection.getresponse()
            content = response.read()
        except (OSError, HTTPException) as error:
            raise WrongAnswerError(f"{method} failed: {type(error).__name__}") from error
        self.times.append((method, time.perf_counter() - began))
        self._keep_cookies(response)
        return Answer(response.status, response.headers.get("Location", ""), content)

    def _keep_cookies(self, response: HTTPResponse) -> None:
        for header in response.headers.get_all("Set-Cookie", ()):
            name, _, text = header.partition(";")[0].partition("=")
            self._cookies[name] = text
