"""The device that somebody comes by: a hash of the day, the address and the browser."""

from datetime import UTC

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from responses import tokens


def fingerprint_of(request: HttpRequest) -> bytes:
    """What finds duplicates of a day (UTC); it can't be compared with another day's."""
    day = timezone.now().astimezone(UTC).date().isoformat()
    return tokens.fingerprint(day, address_of(request), request.META.get("HTTP_USER_AGENT", ""))


def address_of(request: HttpRequest) -> str:
    """The address that the request came from.

    Behind a proxy it is the last one in X-Forwarded-For: the one that the proxy itself wrote. What
    stands before it the browser may have made up.
    """
    told = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.BEHIND_PROXY else ""
    return told.rsplit(",", maxsplit=1)[-1].strip() or str(request.META.get("REMOTE_ADDR", ""))
