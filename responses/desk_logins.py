"""Logins at the desk as the lock-out keeps them: by no address, of no browser, and not for long.

django-axes counts who fails, and notes who logged in. It needs an address only to tell one from
another: a keyed hash does that, in the form of an address, since that is what its column takes.
"""

from datetime import timedelta
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from responses import tokens
from responses.crowds import network_of
from responses.device import address_of

KEPT_DAYS = 30


class LoginsOfNoDevice(AxesDatabaseHandler):  # type: ignore[misc]  # axes has no types
    """What django-axes keeps of logins, without what tells the browser."""

    def user_login_failed(
        self, sender: Any, credentials: Any, request: HttpRequest | None = None, **kwargs: Any
    ) -> None:
        """Counts a login that failed."""
        _without_browser(request)
        super().user_login_failed(sender, credentials, request, **kwargs)

    def user_logged_in(self, sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
        """Notes a login."""
        _without_browser(request)
        super().user_logged_in(sender, request, user, **kwargs)


def pseudonym_of(request: HttpRequest) -> str:
    """What an address is known by: the same for the same address, as long as the data key is.

    One of IPv6 counts as its network, since whoever has one address there has millions.
    """
    address = address_of(request)
    return tokens.pseudonym(network_of(address) if ":" in address else address)


@transaction.atomic
def forget_old_logins() -> int:
    """Deletes sessions that are over, and logins and failures of more than 30 days: how many."""
    now = timezone.now()
    sessions, _ = Session.objects.filter(expire_date__lt=now).delete()
    old = now - timedelta(days=KEPT_DAYS)
    failures, _ = AccessAttempt.objects.filter(attempt_time__lt=old).delete()
    logins = LoginsOfNoDevice().reset_logs(age_days=KEPT_DAYS)
    return int(sessions + failures + logins)


def _without_browser(request: Any) -> None:
    # The proxy of django-axes has put both there, for the handler to write.
    if request is not None:
        request.axes_user_agent = request.axes_http_accept = ""
