"""What is settled about a request before a view reads it: encoding, the desk's language, no NUL."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from responses.at_the_desk import at_the_desk

Respond = Callable[[HttpRequest], HttpResponse]


def utf8_only(get_response: Respond) -> Respond:
    """Middleware: reads every request as UTF-8, as all our pages are sent.

    A request may name another encoding, and Python knows some that decode to no text at all.
    """

    def respond(request: HttpRequest) -> HttpResponse:
        if "charset" in (request.content_params or {}):
            request.encoding = settings.DEFAULT_CHARSET
        return get_response(request)

    return respond


def desk_in_english(get_response: Respond) -> Respond:
    """Middleware: the desk speaks English whatever the browser asks for, as its texts do.

    Half a page in Django's own Korean would be worse than none.
    """

    def respond(request: HttpRequest) -> HttpResponse:
        if at_the_desk(request):
            translation.activate(settings.LANGUAGE_CODE)
            request.LANGUAGE_CODE = settings.LANGUAGE_CODE
        return get_response(request)

    return respond


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
