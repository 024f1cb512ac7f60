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
_LENGTH = CSRF_SECRET_LENGTH
# A byte stands for a letter; those of the last round, which would favour some letters, for none.
_LETTER_OF = bytes(ord(CSRF_ALLOWED_CHARS[byte % _LETTERS]) for byte in range(256))
_UNFAIR = bytes(range(256 - 256 % _LETTERS, 256))
# The place of each letter among them, and what is none.
_PLACE_OF = bytes(max(0, CSRF_ALLOWED_CHARS.find(chr(byte))) for byte in range(256))
_NO_LETTERS = bytes(set(range(256)) - set(CSRF_ALLOWED_CHARS.encode()))


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
        return bool(secret) and compare_digest(expected.encode(), token.encode())
    except ValueError:
        # Letters that neither has, or another length.
        return False


def _under(mask: str, secret: str) -> str:
    # The places of all letters at once, as two long numbers: no sum of two has more than a byte.
    total = _places(mask) + _places(secret)
    under = total.to_bytes(CSRF_SECRET_LENGTH, "big").translate(_LETTER_OF)
    return mask + under.decode()


def _places(letters: str) -> int:
    """The places of its letters as the bytes of a number; ValueError if it is no secret or mask."""
    places = letters.encode().translate(_PLACE_OF, _NO_LETTERS)
    if not len(letters) == len(places) == _LENGTH:
        raise ValueError("This is neither a secret nor a mask.")
    return int.from_bytes(places, "big")


def _mask() -> str:
    mask = b""
    while len(mask) < CSRF_SECRET_LENGTH:
        mask += secrets.token_bytes(2 * CSRF_SECRET_LENGTH).translate(_LETTER_OF, _UNFAIR)
    return mask[:CSRF_SECRET_LENGTH].decode()
