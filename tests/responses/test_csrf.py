"""The CSRF token of a page is one that Django's middleware takes."""

from collections import Counter

import pytest
from django.middleware.csrf import (  # type: ignore[attr-defined]  # the stubs leave one out
    CSRF_ALLOWED_CHARS,
    CSRF_SECRET_LENGTH,
    _does_token_match,
)
from django.test import Client

from responses.csrf import _LETTER_OF, _UNFAIR, is_of, masked
from tests.responses.studies import launched

SECRET = CSRF_ALLOWED_CHARS[-CSRF_SECRET_LENGTH:]


@pytest.mark.django_db
def test_token_of_a_page_is_taken_and_another_one_is_not() -> None:
    launched()
    client = Client(enforce_csrf_checks=True)
    client.get("/s/park/")
    fields = {"consent": "agree", "nonce": "nonce", "move": "next"}
    again = client.get("/s/park/")
    # Who has the cookie keeps it.
    assert "csrftoken" not in again.cookies
    token = again.content.decode().split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    wrong = masked(SECRET)
    assert client.post("/s/park/", {**fields, "csrfmiddlewaretoken": wrong}).status_code == 403
    assert client.post("/s/park/", {**fields, "csrfmiddlewaretoken": token}).status_code == 302


def test_mask_is_another_one_each_time() -> None:
    tokens = {masked(SECRET) for _time in range(50)}
    assert {len(token) for token in tokens} == {2 * CSRF_SECRET_LENGTH}
    assert len({token[:CSRF_SECRET_LENGTH] for token in tokens}) == 50


def test_each_letter_of_a_mask_is_as_likely() -> None:
    fair = bytes(range(256)).translate(_LETTER_OF, _UNFAIR)
    assert Counter(fair.decode()) == dict.fromkeys(CSRF_ALLOWED_CHARS, 4)


def test_token_is_known_by_its_secret() -> None:
    token = masked(SECRET)
    other = SECRET[::-1]
    assert _does_token_match(token, SECRET)
    given = {
        "its own": (token, SECRET),
        "of another secret": (masked(other), SECRET),
        "against another secret": (token, other),
        "one letter off": (token[:-1] + ("a" if token[-1] != "a" else "b"), SECRET),
        "one letter of the mask off": (("a" if token[0] != "a" else "b") + token[1:], SECRET),
        "without its mask": (SECRET, SECRET),
        "cut off": (token[:-1], SECRET),
        "too long": (token + "a", SECRET),
        "letters that no mask has": ("시" * 64, SECRET),
        "half a letter": (token[:-1] + "\ud800", SECRET),
        "nothing": ("", SECRET),
        "no secret": (token, ""),
        "neither": ("", ""),
    }
    assert [what for what, (sent, secret) in given.items() if is_of(sent, secret)] == ["its own"]


@pytest.mark.django_db
def test_what_django_takes_beside_a_masked_token_is_taken() -> None:
    launched()
    client = Client(enforce_csrf_checks=True)
    client.get("/s/park/")
    secret = client.cookies["csrftoken"].value
    fields = {"consent": "agree", "nonce": "nonce", "move": "next"}
    sent = {
        "bare": client.post("/s/park/", {**fields, "csrfmiddlewaretoken": secret}),
        "in the header": client.post("/s/park/", fields, headers={"x-csrftoken": masked(secret)}),
        "nowhere": client.post("/s/park/", fields),
    }
    assert {how: response.status_code for how, response in sent.items()} == {
        "bare": 302,
        "in the header": 302,
        "nowhere": 403,
    }
