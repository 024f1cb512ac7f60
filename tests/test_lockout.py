"""Logging in at the desk: who fails again and again is kept out, and what a password must be."""

import pytest
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from pytest_django import Settings

from tests.desk import text_of

pytestmark = pytest.mark.django_db

LOGIN = "/admin/login/"
GOOD = "a-long-enough-word"


def login(name: str, password: str, address: str = "192.0.2.1") -> int:
    """The status that a login is answered with."""
    sent = {"username": name, "password": password, "next": "/admin/"}
    return Client(REMOTE_ADDR=address).post(LOGIN, sent).status_code


def test_five_wrong_passwords_keep_the_account_out_from_that_address(settings: Settings) -> None:
    for name in ("hana", "kim"):
        User.objects.create_user(name, password=GOOD, is_staff=True)
    assert login("hana", GOOD) == 302
    assert [login("hana", "wrong") for _ in range(5)] == [200] * 4 + [429]
    assert [login("nobody", "wrong") for _ in range(5)] == [200] * 4 + [429]
    client = Client(REMOTE_ADDR="192.0.2.1")
    response = client.post(LOGIN, {"username": "hana", "password": GOOD})
    assert response.status_code == 429
    assert "Too many logins failed" in text_of(response)
    # Neither a colleague beside them nor they themselves elsewhere.
    assert (login("kim", GOOD), login("hana", GOOD, "192.0.2.2")) == (302, 302)
    settings.BEHIND_PROXY = True
    forwarded = Client(headers={"X-Forwarded-For": "192.0.2.3, 192.0.2.1"})
    assert forwarded.post(LOGIN, {"username": "hana", "password": GOOD}).status_code == 429


def test_addresses_of_one_network_of_ipv6_count_together() -> None:
    User.objects.create_user("hana", password=GOOD, is_staff=True)
    found = [login("hana", "wrong", f"2001:db8:0:{part:x}::{part}") for part in range(5)]
    assert found == [200] * 4 + [429]
    assert login("hana", GOOD, "2001:db8:0:ff:1:2:3:4") == 429
    assert login("hana", GOOD, "2001:db8:0:100::1") == 302


def test_participants_are_kept_out_of_nothing_and_sessions_end() -> None:
    User.objects.create_user("hana", password=GOOD, is_staff=True)
    client = Client()
    response = client.post(LOGIN, {"username": "hana", "password": GOOD, "next": "/admin/"})
    cookie = response.cookies["sessionid"]
    assert (cookie["max-age"], cookie["httponly"], cookie["samesite"]) == (43200, True, "Lax")
    for _ in range(5):
        login("hana", "wrong", "127.0.0.1")
    # Who is in stays in, from the same address.
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("password", ["short-word", "123456789012", "hana-kim-2026"])
def test_password_that_is_short_common_or_the_name_is_refused(password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password, User(username="hana-kim-2026"))
