"""A request whose line broke in its middle is none: half a form is not what somebody sent.

The web server hands on what came, and says by an early end that it is not all. A form that ends
within an answer can still be read as one; it would be kept, and the whole one, sent again, would
come too late.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import BadRequest

from coprod_site.request_ids import Application

LENGTH, INPUT = "CONTENT_LENGTH", "wsgi.input"


def whole(application: Application) -> Application:
    """The WSGI application, which answers 400 to a request that ends before its stated length."""

    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if length := stated_length(environ):
            environ[INPUT] = Whole(environ[INPUT], length)
        return application(environ, start)

    return answer


def stated_length(environ: dict[str, Any]) -> int:
    """How many bytes the body has by its own word, 0 if it says nothing that is a number."""
    stated = environ.get(LENGTH) or ""
    return int(stated) if stated.isascii() and stated.isdigit() else 0


class Whole:
    """What a request brings, read to its stated length; BadRequest where it ends before."""

    def __init__(self, stream: Any, length: int) -> None:
        self._stream, self._left = stream, length

    def read(self, size: int) -> bytes:
        """So many bytes, or all that are left if those are fewer."""
        wanted, pieces = min(size, self._left), []
        while wanted:
            piece = self._stream.read(wanted)
            pieces.append(self._came(piece))
            wanted -= len(piece)
        return b"".join(pieces)

    def readline(self, size: int) -> bytes:
        """A line, so many bytes of it at most."""
        wanted = min(size, self._left)
        return self._came(self._stream.readline(wanted)) if wanted else b""

    def _came(self, piece: bytes) -> bytes:
        if not piece:
            raise BadRequest("The request ended before its stated length.")
        self._left -= len(piece)
        return piece
