"""Pages that need scipy or Matplotlib are answered by a process beside the web server's.

Who imports them takes 100 MB more and keeps them. The other process answers the same request by the
same code, whoever asks: permissions, blinding and languages are as they would be here.
"""

import logging
from collections.abc import Callable
from typing import Any

from django.core.handlers.wsgi import WSGIRequest
from django.db import close_old_connections
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from analysis.api.problems import under_the_api
from analysis.api.tokens import TokenRefusedError, known_token
from coprod_site.reckoner import BrokeOffError, BusyError, Reckoner, TooLongError
from coprod_site.request_ids import current_request
from coprod_site.sent_whole import Answered, Asked
from responses.desk_notices import DeskNotice, desk_notice
from responses.served import RECKONER

logger = logging.getLogger(__name__)

# The pages by the names of their addresses. A test opens every address of the site and finds those
# that are missing here (tests/coprod_site/test_reckoned.py).
RECKONED = frozenset(
    {
        *("admin:analysis_look_change", "admin:analysis_look_figure", "admin:analysis_look_pdf"),
        *("admin:analysis_look_download", "admin:analysis_progress", "admin:analysis_integrity"),
        *("admin:analysis_looks", "admin:analysis_order_look", "admin:analysis_retry_look"),
        *("admin:analysis_reach", "admin:analysis_deviations", "admin:analysis_deviations_file"),
        *("power", "power_order", "power_simulation", "power_download", "power_cancel"),
        *("rehearsal", "rehearsal_run"),
        "api:get_look",
    }
)
# Of what WSGI knows of a request: what others, the server and Django put beside it stays here.
SENT = ("HTTP_", "CONTENT_", "REMOTE_", "REQUEST_", "SERVER_", "PATH_", "QUERY_", "SCRIPT_")
MULTIPART = "multipart/form-data"
SCHEME = "wsgi.url_scheme"
NOTICES: dict[type[Exception], DeskNotice] = {
    BusyError: DeskNotice.BUSY,
    TooLongError: DeskNotice.TOOK_TOO_LONG,
    BrokeOffError: DeskNotice.OUR_FAULT,
}
Respond = Callable[[HttpRequest], HttpResponse]


class Reckoned:
    """Middleware, the last one: has such a page answered beside, where there is somebody to do it.

    The rest of the site's middleware has passed by then, there and here: a request that it refuses
    comes to neither.
    """

    def __init__(self, get_response: Respond) -> None:
        self._respond = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answers the request."""
        return self._respond(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """The page; None where it is answered here."""
        reckoner: Reckoner | None = request.META.get(RECKONER)
        match = request.resolver_match
        if reckoner is None or match is None or match.view_name not in RECKONED:
            return None
        if request.content_type == MULTIPART and request.method == "POST":
            # Read piece by piece already, for its token; no form of such a page is sent like that.
            return None
        # A stranger is told here what strangers are told, and starts no process.
        return _beside(request, reckoner) if _is_known(request) else None


def _is_known(request: HttpRequest) -> bool:
    if not under_the_api(request):
        return request.user.is_active and getattr(request.user, "is_staff", False)
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    try:
        return scheme.lower() == "bearer" and bool(known_token(text, timezone.now()))
    except TokenRefusedError:
        return False


def _beside(request: HttpRequest, reckoner: Reckoner) -> HttpResponse:
    asked = Asked(environ_of(request), request.body, current_request())
    # While it is waited for, others may have the request's connection.
    close_old_connections()
    try:
        response = _response(reckoner.answer(asked))
    except tuple(NOTICES) as error:
        logger.error("A page that is computed was not answered: %s", type(error).__name__)
        response = desk_notice(request, NOTICES[type(error)])
        response.headers["Retry-After"] = "60"
    # Its token and its log are what the other process gave and wrote.
    request.META["CSRF_COOKIE_NEEDS_UPDATE"] = False
    response._has_been_logged = True  # type: ignore[attr-defined]  # the stubs leave it out
    return response


def environ_of(request: HttpRequest) -> dict[str, str]:
    """What the other process is told of a request."""
    told: dict[str, Any] = request.environ if isinstance(request, WSGIRequest) else request.META
    return {
        name: value
        for name, value in told.items()
        if isinstance(value, str) and (name.startswith(SENT) or name == SCHEME)
    }


def _response(answered: Answered) -> HttpResponse:
    number, _, reason = answered.status.partition(" ")
    kept = [(name, value) for name, value in answered.headers if name.lower() != "set-cookie"]
    response = HttpResponse(answered.body, status=int(number), reason=reason, headers=dict(kept))
    for name, value in answered.headers:
        if name.lower() == "set-cookie":
            response.cookies.load(value)
    return response
