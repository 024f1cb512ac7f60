"""Where a page leads that its script sent: a header says it, for scripts can't see redirects."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

_Respond = Callable[..., HttpResponse]


def leads_by_header(view: _Respond) -> _Respond:
    """Answers a script with 204 and `X-Go-To` where a browser would be redirected."""

    @wraps(view)
    def led(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        response = view(request, **kwargs)
        if response.status_code == 302 and request.META.get("HTTP_X_SENT_BY") == "script":
            response.status_code = 204
            response["X-Go-To"] = response["Location"]
            del response["Location"]
        return response

    return led
