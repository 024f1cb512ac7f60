"""Whether a request is for the researchers' desk or for a participant's page."""

from functools import cache

from django.http import HttpRequest
from django.urls import reverse


def at_the_desk(request: HttpRequest) -> bool:
    """Whether the address lies under the desk; asked on every page, so it resolves nothing anew."""
    return request.path.startswith(_desk())


@cache
def _desk() -> str:
    return reverse("admin:index")
