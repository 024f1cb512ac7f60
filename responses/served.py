"""Whether a web server's process answers a request: it keeps what it loads, and is to be small."""

from django.http import HttpRequest

# How WSGI's environ calls the process that answers beside it (coprod_site/reckoner.py).
RECKONER = "coprod.reckoner"


def is_served(request: HttpRequest) -> bool:
    """Whether one does, and not a test's client or the process beside it."""
    return request.META.get(RECKONER) is not None
