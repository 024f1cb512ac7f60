"""One visitor's browser: a kept connection, cookies, forms, and how long each answer took."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Any
from urllib.parse import urlencode, urlsplit

from rehearsal.forms import Fields, WrongAnswerError
from responses.tokens import REHEARSES

__all__ = ["Answer", "Asked", "Browser", "Received", "WrongAnswerError"]

SECONDS = 60
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True)
class Answer:
    """What came back: status, where to go on for a redirect, and the body."""

    status: int
    location: str
    body: str


@dataclass(frozen=True)
class Asked:
    """One request that was answered: its method, the page's code, seconds, and the status."""

    method: str
    page: str
    seconds: float
    status: int


@dataclass(frozen=True)
class Received:
    """An answer as it came over the line: status, `Location`, each `Set-Cookie`, and the body."""

    status: int
    location: str
    cookies: Iterable[str]
    content: bytes


class _Lines:
    """The lines of an answer's headers; an error where they break off."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def readline(self, size: int) -> bytes:
        """The next line, which ends as lines do."""
        line: bytes = self._stream.readline(size)
        if not line.endswith(b"\n"):
            raise HTTPException("The answer breaks off in its headers.")
        return line

    def close(self) -> None:
        """Ends the stream."""
        self._stream.close()


class _WholeResponse(HTTPResponse):
    """An answer with all its headers: http.client makes do with what came, a cookie less."""

    def begin(self) -> None:
        """Reads status and headers."""
        stream, self.fp = self.fp, _Lines(self.fp)  # type: ignore[assignment]
        try:
            super().begin()
        finally:
            if self.fp is not None:
                self.fp = stream


class Browser:
    """Asks one site; `asked` holds each request that was answered.

    A time runs from before the request is sent until the last byte is read. http.client is used
    since who asks often shares the cores with the site: an httpx request costs four times it.
    """

    def __init__(
        self, site: str, *, agent: str = "", language: str = "", rehearses: str = ""
    ) -> None:
        parts = urlsplit(site if "://" in site else f"http://{site}")
        connection = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._connection = connection(parts.netloc, timeout=SECONDS)
        self._connection.response_class = _WholeResponse
        # Over https Django wants to see where a form was sent from.
        self._site = f"{parts.scheme}://{parts.netloc}"
        self._own = {
            name: text
            for name, text in (
                *(("User-Agent", agent), ("Accept-Language", language)),
                (REHEARSES, rehearses),
            )
            if text
        }
        self.cookies: dict[str, str] = {}
        self.asked: list[Asked] = []

    @property
    def cookie_header(self) -> str:
        """The cookies as a header sends them."""
        return "; ".join(f"{name}={text}" for name, text in self.cookies.items())

    @property
    def taken(self) -> int:
        """How many forms the site took, which it says by leading on."""
        return sum(each.method == "POST" and each.status == 302 for each in self.asked)

    def get(self, path: str) -> str:
        """The page at that path; anything but a page raises WrongAnswerError."""
        answer = self.ask("GET", path)
        if answer.status != 200:
            raise WrongAnswerError(f"GET was answered with {answer.status}", answer.status)
        return answer.body

    def post(self, path: str, fields: Fields) -> str:
        """Sends a form and returns the path that the site leads to; nothing else will do."""
        answer = self.ask("POST", path, fields)
        if answer.status != 302:
            raise WrongAnswerError(f"POST was answered with {answer.status}", answer.status)
        return answer.location

    def ask(self, method: str, path: str, fields: Fields | None = None) -> Answer:
        """One request; WrongAnswerError if there is no answer to it."""
        headers = dict(self._own)
        body = None if fields is None else urlencode(fields, doseq=True).encode()
        if body is not None:
            headers |= FORM | {"Referer": f"{self._site}{path}"}
        if self.cookies:
            headers["Cookie"] = self.cookie_header
        began = self._begins()
        try:
            received = self._exchange(method, path, body, headers)
        except (OSError, HTTPException) as error:
            self.close()
            raise WrongAnswerError(f"{method} failed: {type(error).__name__}") from error
        took = time.perf_counter() - began
        self.asked.append(Asked(method, page_of(path), took, received.status))
        self._keep_cookies(received.cookies)
        body_read = received.content.decode(errors="replace")
        return Answer(received.status, received.location, body_read)

    def pause(self, seconds: float) -> None:
        """Lets its reader take so long."""
        time.sleep(seconds)

    def beside(self) -> "Browser":
        """Another connection of the same browser, with its cookies as they are now."""
        other = type(self)(self._site)
        other._own, other.cookies = self._own, dict(self.cookies)
        # What both ask is told once.
        other.asked = self.asked
        return other

    def forget(self) -> None:
        """Drops the cookies, as another device would have none."""
        self.cookies.clear()

    def close(self) -> None:
        """Ends the connection."""
        self._connection.close()

    def _begins(self) -> float:
        """When the time of a request begins that is sent now."""
        return time.perf_counter()

    def _exchange(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> Received:
        """Sends one request and reads its answer; OSError or HTTPException if there is none."""
        self._connection.request(method, path, body, dict(headers))
        response = self._connection.getresponse()
        if response.length is None and not response.chunked:
            # Of headers that were cut off, http.client makes do with what came.
            raise HTTPException("The answer does not say where it ends.")
        content = response.read()
        found = response.headers
        cookies = found.get_all("Set-Cookie", ())
        return Received(response.status, found.get("Location", ""), cookies, content)

    def _keep_cookies(self, headers: Iterable[str]) -> None:
        for header in headers:
            name, _, text = header.partition(";")[0].partition("=")
            self.cookies[name] = text


def page_of(path: str) -> str:
    """The last part of a path without its parameters: a page's code, or the study's at its door."""
    return urlsplit(path).path.rstrip("/").rpartition("/")[2]
