"""Pages that need scipy or Matplotlib are answered beside: the web's process never loads them."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client, RequestFactory
from django.urls import get_resolver, reverse
from pytest_django import Settings

from coprod_site.embedded import ROOT
from coprod_site.handler import Handler
from coprod_site.reckoned import RECKONED
from coprod_site.reckoner import Reckoner
from coprod_site.wsgi import served_by
from responses.export.formats import FORMATS
from tests.analysis.looking import figure_of, hand_made_look
from tests.live_site import database_of_the_test
from tests.permissions.asking import METHODS, Address, addresses, path_of, sent
from tests.permissions.there import Asked, made

# The last of what is asked: nobody is logged in after them, or not by this session.
LAST = ("admin/logout/", "admin/password_change/", "admin/auth/user/<id>/password/")
TOKEN = "c" * 32
Visit = tuple[str, str, dict[str, str], dict[str, Any]]


@pytest.fixture
def asked(transactional_db: None, settings: Settings, tmp_path: Path) -> Asked:
    settings.EXPORT_ROOT = tmp_path / "exports"
    return made()


@pytest.mark.slow
def test_no_address_of_the_site_loads_what_computes(asked: Asked) -> None:
    """But for decks that the site draws itself, which take numpy alone: no study here has one."""
    every = sorted(addresses(), key=lambda each: (each.name in LAST, each.name))
    reckoned = [each for each in every if name_of(path_of(asked, each, "superuser")) in RECKONED]
    assert len(reckoned) == len(RECKONED)
    strangers = [visit(asked, each, how, "anonymous") for how in METHODS for each in reckoned]
    gets, posts = ([visit(asked, each, how, "superuser") for each in every] for how in METHODS)
    visits = [*strangers, *gets, *exports(asked), *posts]
    told = list(zip(visits, told_of(visits), strict=True))
    assert [(each[:2], packages) for each, (_status, packages) in told if packages] == []
    # They were shown, and not refused: what they need is there.
    shown = {
        name_of(path): status
        for (method, path, *_more), (status, _packages) in told[len(strangers) :]
        if method == "GET" and name_of(path) in RECKONED
    }
    not_by_get = {"power_order", "power_cancel", "admin:analysis_retry_look"}
    assert shown == {name: "405" if name in not_by_get else "200" for name in RECKONED}
    made = [status for each, (status, _packages) in told if "format" in each[3]]
    assert made == ["303"] * len(FORMATS)


def exports(asked: Asked) -> list[Visit]:
    """The study's data are asked for in each format."""
    (page,) = (each for each in addresses() if each.pattern == "admin/export/<slug:slug>/")
    method, path, headers, _form = visit(asked, page, "POST", "superuser")
    form = {"mode": "live", "table": "participants", "language": "en"}
    return [(method, path, headers, {**form, "format": name}) for name in FORMATS]


@pytest.fixture
def reckoner(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Reckoner]:
    """Who reckons on the database of this test, which is not the one of its environment."""
    monkeypatch.setenv("DATABASE_URL", database_of_the_test())
    reckoner = Reckoner()
    yield reckoner
    reckoner.end()


def test_what_is_answered_beside_is_the_same(reckoner: Reckoner, admin_client: Client) -> None:
    look = hand_made_look()
    admin_client.cookies["django_language"] = "ko"
    program = None
    for path in (figure_of(look), reverse("admin:analysis_reach", args=[look.study.slug])):
        here = got(Handler(), "GET", path, admin_client)
        assert got(Handler(reckoner), "GET", path, admin_client) == here
        assert here[0] == "200 OK"
        # One process answers both.
        assert reckoner._process is not None
        program = program or reckoner._process.program
        assert reckoner._process.program is program
    retry = reverse("admin:analysis_retry_look", args=[look.study.slug])
    for path, token, status in ((retry, TOKEN, "302 Found"), (retry, "d" * 32, "403 Forbidden")):
        here = got(Handler(), "POST", path, admin_client, token)
        assert got(Handler(reckoner), "POST", path, admin_client, token) == here
        assert here[0] == status


def test_form_that_came_in_pieces_is_answered_where_it_was_read(
    transactional_db: None, admin_client: Client
) -> None:
    path = reverse("admin:analysis_retry_look", args=[hand_made_look().study.slug])
    headers = headers_of({name: each.value for name, each in admin_client.cookies.items()})
    request = RequestFactory(headers={**headers, "host": "localhost"}).post(
        path, {"csrfmiddlewaretoken": TOKEN}
    )
    del request.environ["HTTP_X_CSRFTOKEN"]
    assert request.content_type == "multipart/form-data"
    began: list[Any] = []
    reckoner = Reckoner()
    pieces: Any = served_by(Handler(reckoner))(request.environ, lambda *told: began.extend(told))
    pieces.close()
    assert (began[0], reckoner._process) == ("302 Found", None)


def test_who_is_refused_starts_no_process(reckoner: Reckoner, client: Client) -> None:
    path = reverse("power", args=["park"])
    client.force_login(User.objects.create_user("guest"))
    assert got(Handler(reckoner), "GET", path, client)[0] == "302 Found"
    api = "/api/v1/studies/park/looks/live/1"
    for token in ("", "Basic x", f"Bearer coprod_{'0' * 10}_{'x' * 32}"):
        assert got(Handler(reckoner), "GET", api, client, authorization=token)[0] == (
            "401 Unauthorized"
        )
    assert reckoner._process is None


@pytest.mark.parametrize(
    ("bounds", "environment", "words"),
    [
        ({"waiting": 0}, {}, "Too many pages are being computed"),
        ({"seconds": 0.0}, {}, "The page took too long to compute"),
        ({}, {"COPROD_DATA_KEY": "short"}, "Something went wrong on the server"),
    ],
)
def test_who_can_not_be_answered_is_told(
    transactional_db: None,
    admin_client: Client,
    monkeypatch: pytest.MonkeyPatch,
    bounds: dict[str, Any],
    environment: dict[str, str],
    words: str,
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    reckoner = Reckoner(**bounds)
    status, headers, body = got(
        Handler(reckoner), "GET", reverse("power", args=["park"]), admin_client
    )
    assert (status[:1], words in body) == ("5", True)
    assert ("Retry-After", "60") in headers
    # Nothing is left of the process, and the next request has another one.
    assert reckoner._process is None


@pytest.mark.slow
def test_process_that_was_killed_is_started_anew(reckoner: Reckoner, admin_client: Client) -> None:
    path = reverse("power", args=["nowhere"])
    assert got(Handler(reckoner), "GET", path, admin_client)[0] == "404 Not Found"
    assert reckoner._process is not None
    first = reckoner._process.program
    first.kill()
    first.wait()
    assert got(Handler(reckoner), "GET", path, admin_client)[0] == "404 Not Found"
    assert reckoner._process.program is not first


def got(
    handler: Handler, method: str, path: str, client: Client, token: str = TOKEN, **more: str
) -> tuple[str, list[tuple[str, str]], str]:
    """Status, headers and body of a request, without what differs each time."""
    cookies = {name: each.value for name, each in client.cookies.items()}
    headers = {**headers_of(cookies), "host": "localhost", "x-csrftoken": token, **more}
    request = RequestFactory().generic(method, path, headers=headers)
    began: list[Any] = []
    pieces: Any = served_by(handler)(request.environ, lambda *told: began.extend(told))
    body = b"".join(pieces).decode()
    pieces.close()
    hidden = r'(?<=name="csrfmiddlewaretoken" value=")\w+'
    return began[0], sorted(steady(began[1])), re.sub(hidden, "", body)


def steady(headers: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Those that are the same each time: the words of a policy come in any order, and cookies
    are signed with the time.
    """
    for name, value in headers:
        if name == "Content-Security-Policy":
            yield name, " ".join(sorted(value.replace(";", "").split()))
        elif name == "Set-Cookie" and "messages=" in value:
            yield name, re.sub(r":\w+:[\w-]+;", ";", value)
        elif name not in ("Expires", "Set-Cookie"):
            yield name, value


def headers_of(cookies: dict[str, str]) -> dict[str, str]:
    """What goes with each request of a browser that has these cookies."""
    held = {**cookies, "csrftoken": TOKEN}
    cookie = "; ".join(f"{name}={value}" for name, value in held.items())
    return {"cookie": cookie, "x-csrftoken": TOKEN}


def visit(asked: Asked, address: Address, method: str, who: str) -> Visit:
    """What a browser of theirs, or for the API a program with their token, sends."""
    path = path_of(asked, address, who)
    headers = headers_of({name: each.value for name, each in asked.clients[who].cookies.items()})
    if path.startswith("/api/") and (token := asked.tokens.get(f"{who} looks")):
        headers["authorization"] = f"Bearer {token}"
    return method, path, headers, sent(asked, address) if method == "POST" else {}


def told_of(visits: list[Visit]) -> list[tuple[str, list[str]]]:
    """What a web process of its own tells of them."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.coprod_site.desk_visits"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": database_of_the_test()},
        input=json.dumps(visits),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [tuple(each) for each in json.loads(done.stdout)]


def name_of(path: str) -> str:
    """The name of the address that leads there."""
    return get_resolver().resolve(path).view_name
