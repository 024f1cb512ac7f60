"""What a site with two factors asks for, at the pages that ask and at those that ask anew.

Each has its line in `two_factor.txt`, and what was found is in `.pytest_cache/two_factor.txt`;
every other address of the desk leads to the second factor.
"""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import URLResolver, get_resolver
from django_otp import DEVICE_ID_SESSION_KEY
from pytest_django import Settings

from coprod_site.embedded import ROOT
from coprod_site.fresh_login import GUARDED, PROVED_AT
from coprod_site.second_factor import new_device
from tests.desk import client_of
from tests.permissions.asking import addresses, answer, line
from tests.permissions.there import Asked, made

pytestmark = pytest.mark.django_db

TABLE = Path(__file__).with_name("two_factor.txt")
FOUND = ROOT / ".pytest_cache" / "two_factor.txt"
STATES = ("anonymous", "password alone", "both long ago", "both just now")
ASKING = {"fresh_login", "second_factor"}


@pytest.fixture
def asked(settings: Settings, tmp_path: Path) -> Asked:
    settings.TWO_FACTOR = True
    settings.EXPORT_ROOT = tmp_path / "exports"
    owner = {"password alone": None, "both long ago": 3600, "both just now": 0}
    there = made()
    clients = {state: logged_in(seconds) for state, seconds in owner.items()}
    return replace(there, clients={"anonymous": Client(), **clients})


def logged_in(seconds_ago: int | None) -> Client:
    """A client of the owner: by the password alone, or by both so long ago."""
    user = User.objects.get(username="owner")
    client = client_of(user)
    if seconds_ago is not None:
        device = new_device(user=user)
        type(device).objects.update(confirmed=True)
        session = client.session
        session[DEVICE_ID_SESSION_KEY] = device.persistent_id
        session[PROVED_AT] = int(time.time()) - seconds_ago
        session.save()
    return client


def table() -> list[str]:
    """The lines of the table without its head."""
    return [each for each in TABLE.read_text().splitlines() if not each.startswith("#")]


def named(resolver: URLResolver, before: str = "", space: str = "") -> Iterator[tuple[str, str]]:
    """The name of every address, and its pattern."""
    for each in resolver.url_patterns:
        path = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from named(each, path, f"{space}{each.namespace}:" if each.namespace else space)
        elif each.name:
            yield f"{space}{each.name}", path


def test_pages_that_ask_do_so_until_it_was_shown_just_now(asked: Asked) -> None:
    wanted = {pattern for name, pattern in named(get_resolver()) if name in GUARDED | ASKING}
    found = [line(asked, each, STATES) for each in addresses() if each.pattern in wanted]
    FOUND.write_text("\n".join(found))
    assert found == table()


@pytest.mark.slow
def test_password_alone_opens_no_address_of_the_desk(asked: Asked) -> None:
    desk = [each for each in addresses() if each.pattern.startswith("admin/")]
    found = {
        each.pattern: [answer(asked, "password alone", way, each) for way in ("GET", "POST")]
        for each in desk
    }
    assert {pattern: said for pattern, said in found.items() if said != ["2nd", "2nd"]} == {
        "admin/second-factor/": ["200", "200"],
        "admin/language/": ["302", "302"],
        "admin/login/": ["302", "200"],
        "admin/logout/": ["405", "200"],
    }
