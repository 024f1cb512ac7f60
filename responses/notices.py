"""Pages that are no page of a study: what happened, what is kept, and what to do next."""

from dataclasses import dataclass
from enum import Enum

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language_from_request, override
from django.utils.translation import gettext_lazy as _

from responses.csrf import csrf_token
from responses.questionnaire import Sent
from responses.rendering import language_context, private


@dataclass(frozen=True)
class Wording:
    """A notice's HTTP status, title and paragraph."""

    status: int
    title: str | Promise
    text: str | Promise


class Notice(Enum):
    """Everything that a participant can be told outside a page of the study."""

    NO_STUDY = Wording(
        404,
        _("There is no such survey"),
        _("Please check the link: it may have been cut off when it was copied."),
    )
    BROKEN_LINK = Wording(
        403,
        _("This link is not complete"),
        _("Please copy the whole link that you were sent and open it again."),
    )
    NOT_OPEN = Wording(
        404,
        _("This survey is not open yet"),
        _("Please come back later. Nothing was recorded."),
    )
    LINK_LACKS = Wording(
        403,
        _("This link is not complete"),
        _(
            "It lacks what tells us who invited you. Please open the survey again from the page or "
            "message that you were sent."
        ),
    )
    INVITATION_NEEDED = Wording(
        403,
        _("This survey is by invitation"),
        _("Please open it with the personal link that you were sent."),
    )
    INVITATION_USED = Wording(
        403,
        _("This invitation was used"),
        _("If it was you, type your resume code to go on where you were."),
    )
    ALREADY = Wording(
        403,
        _("You have started this survey before"),
        _(
            "Please go on in the browser that you started it in, or type your resume code to go on "
            "here."
        ),
    )
    WITHDREW = Wording(
        403,
        _("You have withdrawn from this survey"),
        _("Whoever withdraws can't take part again. There is nothing more to do."),
    )
    UNKNOWN = Wording(
        403,
        _("We can't tell which answers are yours"),
        _(
            "This browser has not started the survey, or it has lost its cookie. Type your resume "
            "code to go on where you were."
        ),
    )
    RESUME = Wording(
        200,
        _("Go on where you were"),
        _("Type the resume code that you were shown when you started."),
    )
    WRONG_CODE = Wording(
        422,
        _("No survey was found for this code"),
        _("A resume code has 12 letters and digits. Please check it and type it again."),
    )
    WITHDRAW = Wording(
        200,
        _("Withdraw from the survey"),
        _("Type the resume code that you were shown when you started."),
    )
    WITHDRAW_WRONG_CODE = Wording(
        422,
        _("No survey was found for this code"),
        _("A resume code has 12 letters and digits. Please check it and type it again."),
    )
    FOUND_AGAIN = Wording(
        200,
        _("Welcome back"),
        _("Your answers of the last page are still here. Send them again to go on."),
    )
    EXPIRED = Wording(
        403,
        _("This page was open for too long"),
        _(
            "Your answers are still here. Send them again to go on. If this page comes back, "
            "please allow cookies for this site."
        ),
    )
    NOT_WITHDRAWN = Wording(
        403,
        _("You have not withdrawn yet"),
        _(
            "This page was open for too long. If you still want to withdraw, please go on. If this "
            "page comes back, please allow cookies for this site."
        ),
    )
    FORGED = Wording(
        403,
        _("This was not sent from our page"),
        _("Please open the survey again with the link that you were sent."),
    )
    DATABASE_GONE = Wording(
        503,
        _("We can't save at the moment"),
        _(
            "Your answers are kept in this browser window. Please leave it open, wait a moment "
            "and send them again."
        ),
    )
    TOO_MANY = Wording(
        429,
        _("Too many people are sending at once"),
        _(
            "They share your network with you. Your answers are still here: please wait "
            "%(minutes)s min and send them again."
        ),
    )
    TOO_LARGE = Wording(
        400,
        _("That was too much to send"),
        _("Go back with your browser: what you typed is still there. Shorten it and try again."),
    )
    UNREADABLE = Wording(
        400,
        _("We could not read this request"),
        _("Please go back with your browser and try again."),
    )
    WRONG_ADDRESS = Wording(
        400,
        _("This site does not answer at this address"),
        _("Whoever runs it can allow the address with COPROD_ALLOWED_HOSTS."),
    )
    OUR_FAULT = Wording(
        500,
        _("Something went wrong on our side"),
        _("Your answers are kept in this browser window. Wait a moment and send them again."),
    )
    NOT_FOUND = Wording(
        404,
        _("There is no such page"),
        _("Please check the address."),
    )
    NO_VISITS = Wording(
        405,
        _("This address can't be opened by itself"),
        _("Please go back with your browser, or open the survey again with your link."),
    )


WRONG_CODES = (Notice.WRONG_CODE, Notice.WITHDRAW_WRONG_CODE)


def notice_response(
    request: HttpRequest,
    notice: Notice,
    *,
    language: str = "",
    slug: str = "",
    carry: Sent | None = None,
    to: str = "",
    to_withdraw: bool = False,
    minutes: int = 0,
) -> HttpResponse:
    """The notice as a page. `carry` holds sent fields to send again `to` that address.

    With a `slug` it asks for the resume code of that study, to go on or `to_withdraw`; without, who
    wants to withdraw is led on to be asked. `minutes` is how long to wait, for a notice that says
    so.
    """
    asked = _asked_language(request)
    known = asked if asked in dict(settings.LANGUAGES) else get_language_from_request(request)
    language = language or known
    with override(language):
        context = {
            "title": notice.value.title,
            "text": notice.value.text % {"minutes": minutes} if minutes else notice.value.text,
            "slug": slug,
            "to_withdraw": to_withdraw,
            "asks_at": reverse(f"responses:{'withdraw' if to_withdraw else 'resume'}", args=[slug])
            if slug
            else "",
            "carry": [(name, text) for name, texts in (carry or {}).items() for text in texts],
            "to": to or request.get_full_path(),
            "csrf": csrf_token(request),
            "retry": notice in (Notice.DATABASE_GONE, Notice.OUR_FAULT) and not carry,
            "wrong_code": request.POST.get("code", "")[:40] if notice in WRONG_CODES else "",
            **language_context(language),
        }
        html = render_to_string("responses/notice.html", context)
    return private(html, language, status=notice.value.status)


def _asked_language(request: HttpRequest) -> str:
    try:
        return str(request.GET.get("lang", ""))
    except SuspiciousOperation:
        # The query is why there is a notice: it has more parameters than Django reads.
        return ""
