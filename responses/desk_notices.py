"""What the desk says where a page of it can't be shown: in its own words, with a way back."""

from enum import Enum

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language_from_request, override
from django.utils.translation import gettext_lazy as _

from responses.notices import Wording
from responses.rendering import language_context, private


class DeskNotice(Enum):
    """Everything that goes wrong outside the pages of participants."""

    UNREADABLE = Wording(
        400,
        _("This request can't be read"),
        _("Nothing was changed. Go back with your browser, check the address and try again."),
    )
    TOO_LARGE = Wording(
        400,
        _("The form holds too much"),
        _("Nothing was changed. Go back with your browser and send less at a time."),
    )
    EXPIRED = Wording(
        403,
        _("The form was not accepted"),
        _(
            "Nothing was changed. You may have logged in or out in another window since you "
            "opened it. Go back with your browser, reload the page and send it again; allow "
            "cookies for this site."
        ),
    )
    REFUSED = Wording(
        403,
        _("Your account may not open this page"),
        _("Ask whoever manages the accounts for the right to, or log in with another account."),
    )
    LOCKED_OUT = Wording(
        429,
        _("Too many logins failed"),
        _(
            "Wait a quarter of an hour and try again. If it was not you who tried, tell whoever "
            "manages the accounts."
        ),
    )
    TOO_MANY_LOGINS = Wording(
        429,
        _("Too many logins at once"),
        _("They come from the network that you are in. Wait a minute and try again."),
    )
    NOT_FOUND = Wording(
        404,
        _("There is no such page"),
        _("It may have been deleted, or the address is not complete."),
    )
    NO_VISITS = Wording(
        405,
        _("This address can't be opened by itself"),
        _("It takes what a button on another page sends. Open that page, and press it there."),
    )
    BUSY = Wording(
        503,
        _("Too many pages are being computed"),
        _("Nothing was changed. Wait a minute, and open the page again."),
    )
    TOOK_TOO_LONG = Wording(
        503,
        _("The page took too long to compute"),
        _(
            "It was stopped after two minutes. Try again when the server has less to do. If you "
            "sent a form, look first whether it was taken."
        ),
    )
    OUR_FAULT = Wording(
        500,
        _("Something went wrong on the server"),
        _(
            "What you sent was probably not saved: go back with your browser, where it is still "
            "in the form, and try again. If it happens again, look at the server's log."
        ),
    )


def desk_notice(request: HttpRequest, notice: DeskNotice) -> HttpResponse:
    """The notice as a page that needs neither the database nor a session.

    It is in the language that the desk has for them, also where no middleware came to choose that.
    """
    language = get_language_from_request(request)
    with override(language):
        context = {
            "title": notice.value.title,
            "text": notice.value.text,
            **language_context(language),
        }
        html = render_to_string("responses_desk/notice.html", context)
    return private(html, status=notice.value.status)
