"""The database goes away: tries again, and loses nothing that was sent."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from psycopg_pool import PoolTimeout

from responses import carried
from responses.notices import Notice, notice_response
from responses.questionnaire import Sent

Respond = Callable[..., HttpResponse]

# Fields of a form that answer nothing, and are not sent again.
OWN_FIELDS = frozenset({"csrfmiddlewaretoken", "move", "paradata", "time_up", carried.FIELD})


def survive_outage(view: Respond) -> Respond:
    """Tries once more on a fresh connection, then says that nothing is lost and how to go on.

    Trying twice is safe: sending the same page twice gives the same result.
    """

    @wraps(view)
    def tried(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, **kwargs)
        except (OperationalError, InterfaceError) as error:
            _drop_dead_connections()
            # Who waited for a connection in vain need not wait twice.
            if isinstance(error.__cause__, PoolTimeout):
                return _gone(request)
        try:
            return view(request, **kwargs)
        except (OperationalError, InterfaceError):
            _drop_dead_connections()
            return _gone(request)

    return tried


def _gone(request: HttpRequest) -> HttpResponse:
    return notice_response(request, Notice.DATABASE_GONE, carry=sent_fields(request))


def sent_fields(request: HttpRequest) -> Sent:
    """What a POST brought of answers, to be sent again: all but what the page itself sends."""
    fields = request.POST.lists()
    return {name: tuple(map(str, values)) for name, values in fields if name not in OWN_FIELDS}


def _drop_dead_connections() -> None:
    """Gives this thread's connection back and has the pool look at those that it keeps."""
    connection.close()
    if pool := getattr(connection, "pool", None):
        pool.check()
