"""A browser that calls the WSGI application itself, and counts what each request costs."""

import io
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from types import CodeType, FrameType
from typing import Any
from urllib.parse import urlencode, urlsplit

from benchmarks.budget.wire import Wire

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
HOST, PORT = "localhost", "8000"


@dataclass(frozen=True)
class Answered:
    """What one request was answered with, and what it cost.

    `calls` holds how often each Python function was called, `statements` and `trips` what went to
    Postgres and how often we waited for it, `size` the bytes of status line, headers and body.
    """

    status: int
    location: str
    body: str
    size: int
    statements: int
    trips: int
    calls: Counter[CodeType]


class Visitor:
    """One visitor: cookies, and the requests that the server would hand to the application."""

    def __init__(
        self, application: Application, wire: Wire, cookies: Mapping[str, str], *, count: bool
    ) -> None:
        self._application = application
        self._wire = wire
        self._count = count
        self.cookies = dict(cookies)

    def ask(self, method: str, path: str, fields: Mapping[str, Any] | None = None) -> Answered:
        """One request, counted from the call of the application until its answer is closed."""
        environ = self._environ(method, path, fields)
        calls: Counter[CodeType] = Counter()
        head: list[Any] = []

        def start(status: str, headers: list[tuple[str, str]], *_: Any) -> None:
            head[:] = [status, headers]

        def note(frame: FrameType, event: str, _: Any) -> None:
            if event == "call":
                calls[frame.f_code] += 1

        self._wire.begin()
        sys.setprofile(note if self._count else None)
        answer = self._application(environ, start)
        body = b"".join(answer)
        close = getattr(answer, "close", None)
        if close is not None:
            close()
        sys.setprofile(None)
        statements, trips = self._wire.end()
        status, headers = head
        self._keep_cookies(headers)
        lines = [f"HTTP/1.1 {status}", *(f"{name}: {text}" for name, text in headers), "", ""]
        return Answered(
            status=int(status.split()[0]),
            location=dict(headers).get("Location", ""),
            body=body.decode(),
            size=len("\r\n".join(lines).encode()) + len(body),
            statements=statements,
            trips=trips,
            calls=calls,
        )

    def _environ(self, method: str, path: str, fields: Mapping[str, Any] | None) -> Environ:
        """The request as granian puts it, from a browser of today."""
        parts = urlsplit(path)
        body = urlencode(fields or {}, doseq=True).encode()
        environ: Environ = {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": parts.path,
            "QUERY_STRING": parts.query,
            "SERVER_NAME": HOST,
            "SERVER_PORT": PORT,
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": f"{HOST}:{PORT}",
            "HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101",
            "HTTP_ACCEPT": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "HTTP_ACCEPT_LANGUAGE": "en",
            "HTTP_ACCEPT_ENCODING": "gzip, deflate, br",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.input_terminated": True,
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        if self.cookies:
            environ["HTTP_COOKIE"] = "; ".join(
                f"{name}={text}" for name, text in self.cookies.items()
            )
        if method == "POST":
            environ |= {
                "CONTENT_TYPE": "application/x-www-form-urlencoded",
                "CONTENT_LENGTH": str(len(body)),
                "HTTP_ORIGIN": f"http://{HOST}:{PORT}",
                "HTTP_REFERER": f"http://{HOST}:{PORT}{parts.path}",
            }
        return environ

    def _keep_cookies(self, headers: Iterable[tuple[str, str]]) -> None:
        for name, text in headers:
            if name == "Set-Cookie":
                cookie, _, value = text.partition(";")[0].partition("=")
                self.cookies[cookie] = value


def page(answered: Answered) -> str:
    """The body of a page; anything else is a mistake in what is counted."""
    if answered.status != HTTPStatus.OK:
        raise RuntimeError(f"A page was answered with {answered.status}: {answered.body[-500:]}")
    return answered.body
