"""The cookies by which a browser is known again: the token, and the language of notices."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

COOKIE_AGE = 365 * 24 * 3600


def token_of(request: HttpRequest, slug: str) -> str:
    """The resume code that the browser's cookie holds; empty if it has none."""
    return request.COOKIES.get(f"coprod_{slug}", "")


def remembered(response: HttpResponse, slug: str, token: str, language: str) -> HttpResponse:
    """Sets the cookie that is the token, and the one that words notices in their language."""
    options: dict[str, Any] = {
        "max_age": COOKIE_AGE,
        "path": reverse("responses:welcome", kwargs={"slug": slug}),
        "secure": settings.HTTPS,
        "httponly": True,
        "samesite": "Lax",
    }
    response.set_cookie(f"coprod_{slug}", token, **options)
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, **options)
    return response


def go_to(slug: str, token: str, page: str, language: str) -> HttpResponse:
    """Leads a participant to the page that they are on, and remembers them."""
    return remembered(redirect("responses:page", slug=slug, page=page), slug, token, language)
