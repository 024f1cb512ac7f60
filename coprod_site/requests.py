"""What is settled about a request before a view reads it: encoding, no NUL, how the API
speaks.
"""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse

from analysis.api.problems import PROBLEM_JSON, of_status, under_the_api
from responses.at_the_desk import at_the_desk

# What says more of a problem than its status.
KEPT_HEADERS = ("Content-Range", "Retry-After")
Respond = Callable[[HttpRequest], HttpResponse]


def utf8_only(get_response: Respond) -> Respond:
    """Middleware: reads every request as UTF-8, as all our pages are sent."""

    def respond(request: HttpRequest) -> HttpResponse:
        read_as_utf8(request)
        return get_response(request)

    return respond


def read_as_utf8(request: HttpRequest) -> None:
    """Has the request read as UTF-8, whatever it names.

    It may name another encoding, and Python knows some that decode to no text at all.
    """
    if "charset" in (request.content_params or {}):
        request.encoding = settings.DEFAULT_CHARSET


def desk_without_nul(get_response: Respond) -> Respond:
    """Middleware: refuses an address of the desk that asks for a NUL, which Postgres can't hold.

    The filters of Django's lists would hand it on to the database.
    """

    def respond(request: HttpRequest) -> HttpResponse:
        asked = request.META.get("QUERY_STRING", "")
        if "%00" in asked and at_the_desk(request):
            raise BadRequest("The address asks for a NUL.")
        return get_response(request)

    return respond


def api_manners(get_response: Respond) -> Respond:
    """Middleware: the API only reads, keeps nothing in caches, and says problems as JSON alone.

    Also of addresses below it that lead nowhere, for which Django would show a page.
    """

    def respond(request: HttpRequest) -> HttpResponse:
        if not under_the_api(request):
            return get_response(request)
        if request.method != "GET":
            response: HttpResponse = of_status(405, {"Allow": "GET"})
        else:
            response = get_response(request)
        if response.status_code >= 400 and response.headers.get("Content-Type") != PROBLEM_JSON:
            kept = {each: response[each] for each in KEPT_HEADERS if each in response}
            response = of_status(response.status_code, kept)
        response.headers["Cache-Control"] = "no-store"
        return response

    return respond
