"""A number for each request, so that what one request had written to the log is found together."""

import re
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from secrets import token_hex
from typing import Any

# A proxy's own number is kept, so that its log and ours can be laid side by side.
HEADER = "HTTP_X_REQUEST_ID"
FITTING = re.compile(r"[A-Za-z0-9._-]{8,64}")

_current: ContextVar[str] = ContextVar("request", default="")

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def numbered(application: Application, *, behind_proxy: bool) -> Application:
    """The WSGI application, each of its requests under the proxy's number or one that is drawn."""

    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        sent = environ.get(HEADER) if behind_proxy else None
        _current.set(sent if sent and FITTING.fullmatch(sent) else token_hex(8))
        return application(environ, start)

    return answer


def numbered_as(number: str) -> None:
    """Goes on under a number that another process gave to the request."""
    _current.set(number)


def current_request() -> str:
    """The number of this thread's request; empty outside of requests."""
    return _current.get()
