"""Kinds of bodies: one that is longer than any is none."""

from collections.abc import Callable, Iterable
from typing import Any

from coprod_site.request_ids import Application

# That of a form with files is some 70 characters.
LONGEST_KIND = 1000


def with_plain_kinds(application: Application) -> Application:
    """The WSGI application, to which a body whose kind is too long is one of no kind.

    Django takes a kind apart at every semicolon, in a time that grows with the square of them.
    """

    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if len(environ.get("CONTENT_TYPE", "")) > LONGEST_KIND:
            environ["CONTENT_TYPE"] = ""
        return application(environ, start)

    return answer
