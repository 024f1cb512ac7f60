"""The cookies by which a browser is known again: the token, and the language of notices."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

COOKIE_AGE = 365 * 24 * 3600
# Said by each response: to find it out of the settings took longer than all else of making one.
HTML = "text/html; charset=utf-8"


def token_of(request: HttpRequest, slug: str) -> str:
    """The resume code that the browser's cookie holds; empty if it has none."""
    return request.COOKIES.get(f"coprod_{slug}", "")


def remembered(
    request: HttpRequest, response: HttpResponse, slug: str, token: str, language: str
) -> HttpResponse:
    """Sets the cookie that is the token, and the one that words notices in their language.

    A browser that has just these keeps them.
    """
    wanted = {f"coprod_{slug}": token, settings.LANGUAGE_COOKIE_NAME: language}
    if wanted.items() <= request.COOKIES.items():
        return response
    options: dict[str, Any] = {
        "max_age": COOKIE_AGE,
        "path": _study_address(slug),
        "secure": settings.HTTPS,
        "httponly": True,
        "samesite": "Lax",
    }
    for name, text in wanted.items():
        response.set_cookie(name, text, **options)
    return response


def lead_to(slug: str, page: str) -> HttpResponse:
    """Leads to a page of the study."""
    # Django's own looks at an address as if somebody else had made it, which takes longer than all
    # else of such a response.
    headers = {"Content-Type": HTML, "Location": address_of(slug, page)}
    return HttpResponse(status=302, headers=headers)


def go_to(request: HttpRequest, slug: str, token: str, page: str, language: str) -> HttpResponse:
    """Leads a participant to the page that they are on, and remembers them."""
    return remembered(request, lead_to(slug, page), slug, token, language)


@lru_cache(maxsize=4096)
def address_of(slug: str, page: str) -> str:
    """The address of a page, which is looked up once."""
    return reverse("responses:page", kwargs={"slug": slug, "page": page})


@lru_cache(maxsize=4096)
def _study_address(slug: str) -> str:
    return reverse("responses:welcome", kwargs={"slug": slug})
