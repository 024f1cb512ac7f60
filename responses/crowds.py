"""Which limits hold for whom: people are counted by the network that they come from.

A network is a prefix of an address, /24 or /56, and is known by a keyed hash of the day alone. A
lecture hall is one network: docs/security.md says what the limits leave it.
"""

import time
from collections.abc import Callable, Sequence
from functools import wraps
from ipaddress import IPv6Address, ip_network
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from responses import tokens
from responses.desk_notices import DeskNotice, desk_notice
from responses.device import address_of
from responses.models import Mode
from responses.notices import Notice, notice_response
from responses.outage import sent_fields
from responses.rates import Counted, Limit, seconds_to_wait

V6_BITS = 56
DAY = 24 * 3600
# `request.headers` would read every header anew.
REHEARSES = f"HTTP_{tokens.REHEARSES.upper().replace('-', '_')}"

ENTRIES = Limit("entries", lambda: settings.RATES["entries"], 60)
ENTRIES_OF_AN_HOUR = Limit("entries-hour", lambda: settings.RATES["entries_of_an_hour"], 3600)
# Of a study, from wherever they come.
STUDY_ENTRIES = Limit("study-entries", lambda: settings.RATES["study_entries"], 60)
POSTS = Limit("posts", lambda: settings.RATES["posts"], 60)
CODES = Limit("codes", lambda: settings.RATES["codes"], 60)
LOGINS = Limit("logins", lambda: settings.RATES["logins"], 60)

_View = Callable[..., HttpResponse]


def network_of(address: str) -> str:
    """The network of an address: its /24, or /56 of IPv6; what is no address stays as it is."""
    if ":" not in address:
        # Of what a server tells as an address this is one, and costs a form less than reading it.
        start, dot, _ = address.rpartition(".")
        return f"{start}.0/24" if dot else address
    try:
        found = IPv6Address(address.partition("%")[0])
    except ValueError:
        return address
    if found.ipv4_mapped is not None:
        return network_of(str(found.ipv4_mapped))
    return str(ip_network((found, V6_BITS), strict=False))


def limits_entries(view: _View) -> _View:
    """Holds a view whose POST makes a participant to how many may enter."""
    return _limited(view, (ENTRIES, ENTRIES_OF_AN_HOUR, POSTS), whole=(STUDY_ENTRIES,))


def limits_posts(view: _View) -> _View:
    """Holds a view to how many forms of a study a network may send."""
    return _limited(view, (POSTS,))


def limits_codes(view: _View) -> _View:
    """Holds a view that takes resume codes to how many a network may try."""
    return _limited(view, (CODES,))


def limits_logins(view: _View) -> _View:
    """Holds a view of the desk that takes a password or a code to how many a network may send."""

    @wraps(view)
    def held(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if request.method != "POST":
            return view(request, **kwargs)
        now = time.time()
        counted = Counted(LOGINS, _whose(request, now), settings.RATE_TIMES)
        if wait := seconds_to_wait([counted], now):
            return _later(desk_notice(request, DeskNotice.TOO_MANY_LOGINS), wait)
        return view(request, **kwargs)

    return held


def _limited(view: _View, limits: Sequence[Limit], *, whole: Sequence[Limit] = ()) -> _View:
    """Holds POSTs of a study's view to limits by network and study, and by the study as a `whole`.

    Nothing is asked of the database before.
    """

    @wraps(view)
    def held(request: HttpRequest, *, slug: str, **kwargs: Any) -> HttpResponse:
        if request.method == "POST":
            now = time.time()
            of, times = _of_study(request, slug)
            ours = f"{_whose(request, now)}:{of}"
            counted = [Counted(limit, ours, times) for limit in limits]
            counted += [Counted(limit, of, times) for limit in whole]
            if wait := seconds_to_wait(counted, now):
                return _told(request, wait)
        return view(request, slug=slug, **kwargs)

    return held


def _of_study(request: HttpRequest, slug: str) -> tuple[str, int]:
    """Whose limits a study's request counts against, and how many times the usual they are."""
    # A rehearsal signs what it sends, so that its people are nobody's neighbours.
    signature = request.META.get(REHEARSES, "")
    if signature and tokens.link_is_signed(slug, Mode.REHEARSAL, signature):
        return f"{slug}:rehearsal", settings.RATE_TIMES * settings.REHEARSAL_RATE_TIMES
    return slug, settings.RATE_TIMES


def _whose(request: HttpRequest, now: float) -> str:
    return tokens.network_hash(int(now) // DAY, network_of(address_of(request))).hex()


def _told(request: HttpRequest, wait: int) -> HttpResponse:
    """The page that says to wait, with everything that was sent; a script reads the header."""
    minutes = -(-wait // 60)
    notice = notice_response(request, Notice.TOO_MANY, carry=sent_fields(request), minutes=minutes)
    return _later(notice, wait)


def _later(response: HttpResponse, wait: int) -> HttpResponse:
    response["Retry-After"] = str(wait)
    return response
