"""The short way of a participant's request: past all that the desk alone needs.

Sessions, logins, messages and a policy that is put together anew cost more than a participant's
page does. Whatever is not plainly a participant's page takes the long way, settings.MIDDLEWARE.
"""

from collections.abc import Callable
from functools import lru_cache
from io import BytesIO
from typing import Any, cast

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.core.handlers.exception import convert_exception_to_response
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.http.response import ResponseHeaders
from django.urls import ResolverMatch, get_resolver
from django.utils.module_loading import import_string

from coprod_site.requests import read_as_utf8

PARTICIPANTS = "/s/"
# Of the long way: what sets headers that are the same for every participant's page.
OF_HEADERS = (
    "coprod_site.response_headers.headers_always",
    "coprod_site.desk_policy.SitePolicy",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
)
# Of names that this site is asked by; who asks by more takes the long way.
MOST_HOSTS = 64

Respond = Callable[[HttpRequest], HttpResponseBase]


class ShortWay:
    """Middleware, the first of all: takes participants' pages, and hands everything else on."""

    def __init__(self, get_response: Respond) -> None:
        self._long_way = get_response
        self._short_way: Respond = _Short().way
        self._headers = ResponseHeaders(dict(ready_headers()))
        self._hosts: set[str] = set()
        # Not as a middleware, which would be one more call for every page.
        self._no_visits = import_string("responses.error_pages.no_visits")

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answers the request."""
        if not (_is_plain(request) and self._may_be_asked_by(request)):
            return self._long_way(request)
        read_as_utf8(request)
        response = self._short_way(request)
        if response.status_code == 405 and isinstance(response, HttpResponse):
            response = self._no_visits(request, response)
        # All at once, since each would be checked anew; what the answer says itself counts.
        headers = _Ready({})
        headers._store = {**self._headers._store, **response.headers._store}
        if isinstance(response, HttpResponse):
            # As CommonMiddleware does, unless it is a stream.
            headers._store["content-length"] = ("Content-Length", str(len(response.content)))
        response.headers = headers
        return response

    def _may_be_asked_by(self, request: HttpRequest) -> bool:
        """Whether the site answers to that name; the long way says so if it does not."""
        host = request.META.get("HTTP_HOST", "")
        if host in self._hosts:
            return True
        try:
            request.get_host()
        except DisallowedHost:
            return False
        if len(self._hosts) < MOST_HOSTS:
            self._hosts.add(host)
        return True


class _Ready(ResponseHeaders):
    """Headers that are handed on as they are kept; Django would look each of them up again."""

    def items(self) -> Any:
        """The names and values."""
        return self._store.values()


class _Short:
    """The participants' middleware alone, and the views behind it.

    What Django's handler does besides is for views that no address of a participant has: those
    that are coroutines, and responses that are rendered later.
    """

    def __init__(self) -> None:
        self._view_middleware: list[Any] = []
        self.way: Any = convert_exception_to_response(self._respond)
        for name in reversed(settings.PARTICIPANTS_MIDDLEWARE):
            middleware = import_string(name)(self.way)
            self._view_middleware.insert(0, middleware.process_view)
            self.way = convert_exception_to_response(middleware)

    def _respond(self, request: HttpRequest) -> HttpResponseBase:
        match = request.resolver_match = _address(request.path_info)
        for look in self._view_middleware:
            if response := look(request, match.func, match.args, match.kwargs):
                return cast(HttpResponseBase, response)
        return cast(HttpResponseBase, match.func(request, *match.args, **match.kwargs))


@lru_cache(maxsize=4096)
def _address(path: str) -> ResolverMatch:
    """Where an address leads, looked up once. Raises Resolver404."""
    return get_resolver().resolve(path)


def ready_headers() -> tuple[tuple[str, str], ...]:
    """The security headers of a participant's page, as the long way's middleware sets them."""
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": PARTICIPANTS,
        "wsgi.url_scheme": "https" if settings.SECURE_SSL_REDIRECT else "http",
        "wsgi.input": BytesIO(),
    }
    way: Respond = lambda request: HttpResponse()  # noqa: E731
    for name in reversed(OF_HEADERS):
        way = import_string(name)(way)
    found = dict(way(WSGIRequest(environ)).items())
    del found["Content-Type"]
    return tuple(found.items())


def _is_plain(request: HttpRequest) -> bool:
    """Whether it asks for a participant's page by its whole address, over TLS where that is due."""
    path = request.path_info
    return (
        path.startswith(PARTICIPANTS)
        and path.endswith("/")
        and (request.is_secure() or not settings.SECURE_SSL_REDIRECT)
    )
