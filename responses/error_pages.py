"""What the site answers where no view of ours was reached: bad requests and unknown pages."""

from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import (
    DisallowedHost,
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import REASON_BAD_ORIGIN, REASON_BAD_REFERER

from responses.at_the_desk import at_the_desk
from responses.desk_notices import DeskNotice, desk_notice
from responses.notices import Notice, notice_response
from responses.outage import sent_fields
from responses.questionnaire import Sent

Respond = Callable[[HttpRequest], HttpResponse]
PARTICIPANTS = "/s/"
TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
# How Django's reasons begin when a form did not come from a page of this site.
FROM_ELSEWHERE = tuple(reason.split(" - ")[0] for reason in (REASON_BAD_ORIGIN, REASON_BAD_REFERER))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token is gone: hands the answers back to be sent again.

    What another site sent is not handed back, so that nobody is made to confirm it.
    """
    if at_the_desk(request):
        return desk_notice(request, DeskNotice.EXPIRED)
    if reason.startswith(FROM_ELSEWHERE):
        return notice_response(request, Notice.FORGED)
    sent = dict(_answers(request) or {})
    if request.resolver_match and request.resolver_match.url_name == "withdraw":
        # It is asked again: being sure is said on our page alone.
        sent.pop("sure", None)
        return notice_response(request, Notice.NOT_WITHDRAWN, carry=sent, to_withdraw=True)
    return notice_response(request, Notice.EXPIRED, carry=sent)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request that Django won't read: too large, for another site, or garbled."""
    if isinstance(exception, DisallowedHost):
        return notice_response(request, Notice.WRONG_ADDRESS)
    too_much = isinstance(exception, TOO_MUCH)
    if at_the_desk(request):
        return desk_notice(request, DeskNotice.TOO_LARGE if too_much else DeskNotice.UNREADABLE)
    return notice_response(request, Notice.TOO_LARGE if too_much else Notice.UNREADABLE)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A page of the desk that the account may not open; participants' pages refuse by notices."""
    return desk_notice(request, DeskNotice.REFUSED)


def locked_out(
    request: HttpRequest, response: HttpResponse, credentials: Mapping[str, Any] | None
) -> HttpResponse:
    """A login that failed too often; it is the same whether there is such an account or not."""
    return desk_notice(request, DeskNotice.LOCKED_OUT)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """An address that leads nowhere."""
    if at_the_desk(request):
        return desk_notice(request, DeskNotice.NOT_FOUND)
    return notice_response(request, Notice.NOT_FOUND)


def no_empty_refusals(get_response: Respond) -> Respond:
    """Middleware: shows a page, not nothing at all, where an address takes no visits."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        return no_visits(request, response) if response.status_code == 405 else response

    return respond


def no_visits(request: HttpRequest, refused: HttpResponse) -> HttpResponse:
    """An address that was visited and takes only what is sent; its `Allow` says so to programs."""
    if request.method not in ("GET", "HEAD"):
        return refused
    if at_the_desk(request):
        page = desk_notice(request, DeskNotice.NO_VISITS)
    else:
        page = notice_response(request, Notice.NO_VISITS)
    page.headers["Allow"] = refused.headers["Allow"]
    return page


def server_error(request: HttpRequest) -> HttpResponse:
    """A fault of ours: says so, with a participant's answers still there to be sent again."""
    if at_the_desk(request):
        return desk_notice(request, DeskNotice.OUR_FAULT)
    return notice_response(request, Notice.OUR_FAULT, carry=_answers(request))


def _answers(request: HttpRequest) -> Sent | None:
    """What a participant sent; anything else, a password perhaps, is not written into a page."""
    return sent_fields(request) if request.path.startswith(PARTICIPANTS) else None
