"""The CSRF token of a page is one that Django's middleware takes."""

from collections import Counter

import pytest
from django.middleware.csrf import CSRF_ALLOWED_CHARS, CSRF_SECRET_LENGTH
from django.test import Client

from responses.csrf import _LETTER_OF, _UNFAIR, masked
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
