"""The CSRF token of a page: Django's own, made and checked in one go, without renewing the cookie.

Django masks the secret letter by letter and sends the cookie along with every page that has a
form, to renew a time of a year. On a page that is kept and only filled, that was a third of the
work; and taking the mask off was a tenth of the work of a page that is sent.
"""

import secrets
from hmac import compare_digest

from django.http import HttpRequest, UnreadablePostError
from django.middleware.csrf import (
    CSRF_ALLOWED_CHARS,
    CSRF_SECRET_LENGTH,
    CsrfViewMiddleware,
    get_token,
)

_LETTERS = len(CSRF_ALLOWED_CHARS)
# A byte stands for a letter; those of the last round, which would favour some letters, for none.
_LETTER_OF = bytes(ord(CSRF_ALLOWED_CHARS[byte % _LETTERS]) for byte in range(256))
_UNFAIR = bytes(range(256 - 256 % _LETTERS, 256))
_SUM = {
    (one, other): CSRF_ALLOWED_CHARS[(first + second) % _LETTERS]
    for first, one in enumerate(CSRF_ALLOWED_CHARS)
    for second, other in enumerate(CSRF_ALLOWED_CHARS)
}


def csrf_token(request: HttpRequest) -> str:
    """The token for a form of this answer; the cookie is set for who has none yet."""
    secret = request.META.get("CSRF_COOKIE")
    return get_token(request) if secret is None else masked(secret)


def masked(secret: str) -> str:
    """The secret under a mask of its own, as Django's middleware reads it: 64 letters."""
    return _under(_mask(), secret)


class CsrfInOneGo(CsrfViewMiddleware):
    """Django's protection; who sent the right token is known by it without taking its mask off."""

    def _check_token(self, request: HttpRequest) -> None:
        """Lets pass what Django lets pass, and has Django say what is wrong with the rest."""
        try:
            sent = str(request.POST.get("csrfmiddlewaretoken", ""))
        except UnreadablePostError:
            sent = ""
        if not is_of(sent, str(request.META.get("CSRF_COOKIE", ""))):
            super()._check_token(request)  # type: ignore[misc]  # the stubs leave it out


def is_of(token: str, secret: str) -> bool:
    """Whether the token is the secret under some mask."""
    try:
        expected = _under(token[:CSRF_SECRET_LENGTH], secret)
    except (KeyError, ValueError):
        # Letters that neither has, or another length.
        return False
    return bool(secret) and compare_digest(expected.encode(), token.encode())


def _under(mask: str, secret: str) -> str:
    return mask + "".join(map(_SUM.__getitem__, zip(secret, mask, strict=True)))


def _mask() -> str:
    mask = b""
    while len(mask) < CSRF_SECRET_LENGTH:
        mask += secrets.token_bytes(2 * CSRF_SECRET_LENGTH).translate(_LETTER_OF, _UNFAIR)
    return mask[:CSRF_SECRET_LENGTH].decode()
