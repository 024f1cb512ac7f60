"""Participants' requests take a short way, on which no header is another one."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client, override_settings
from pytest_django import Settings

from coprod_site.short_way import MOST_HOSTS, ShortWay, ready_headers
from experiments.models import Study
from responses.models import Participant
from tests.responses.studies import ABOUT, entered, launched, walked

pytestmark = pytest.mark.django_db
ALONG = {"move": "next"}


def headers_of(response: Any) -> tuple[int, dict[str, str]]:
    """The status, and the headers that a browser's protection depends on."""
    wanted = {name for name, _ in ready_headers()} | {"Content-Type", "Cache-Control"}
    return response.status_code, {name: response.get(name, "") for name in sorted(wanted)}


def every_kind_of_page(*, secure: bool = False) -> dict[str, tuple[int, dict[str, str]]]:
    """Each kind of answer that a participant can get, from a browser of its own."""
    client, strict = Client(), Client(enforce_csrf_checks=True)
    door = client.get("/s/park/", secure=secure)
    nonce = door.content.decode().split('name="nonce" value="')[1].split('"')[0]
    agreed = {"consent": "agree", "nonce": nonce, **ALONG}
    found = {
        "door": door,
        "consent": client.post("/s/park/", agreed, secure=secure),
        "page": client.get("/s/park/about/", secure=secure),
        "another page": client.get("/s/park/story/", secure=secure),
        "faults": client.post("/s/park/about/", ALONG, secure=secure),
        "draft": client.post("/s/park/about/draft/", {"gender": "woman"}, secure=secure),
        "answers": client.post("/s/park/about/", {**ABOUT, **ALONG}, secure=secure),
        "vignette": client.get("/s/park/story/", secure=secure),
        "no method": client.get("/s/park/story/draft/", secure=secure),
        "resume": client.get("/s/park/resume/", secure=secure),
        "withdraw": client.get("/s/park/withdraw/", secure=secure),
        "about": client.get("/s/park/about-study/", secure=secure),
        "no study": client.get("/s/nowhere/", secure=secure),
        "no page": client.get("/s/park/a/b/c/d/", secure=secure),
        "no slash": client.get("/s/park", secure=secure),
        "no token": strict.post("/s/park/about/", ALONG, secure=secure),
        "no host": client.get("/s/park/", headers={"host": "elsewhere.example"}, secure=secure),
    }
    Study.objects.update(status="closed")
    found["closed"] = client.get("/s/park/story/", secure=secure)
    Study.objects.update(status="live")
    return {kind: headers_of(response) for kind, response in found.items()}


def test_short_way_sets_the_headers_of_the_long_way() -> None:
    launched()
    short = every_kind_of_page()
    with override_settings(MIDDLEWARE=settings.MIDDLEWARE[1:]):
        long = every_kind_of_page()
    assert short == long
    assert short["page"][1]["Content-Security-Policy"]
    assert short["page"][1]["X-Frame-Options"] == "DENY"


def test_short_way_sets_the_headers_of_the_long_way_over_tls() -> None:
    launched()
    tls = {"SECURE_SSL_REDIRECT": True, "SECURE_HSTS_SECONDS": 3600, "SECURE_HSTS_PRELOAD": True}
    with override_settings(**tls):
        short = every_kind_of_page(secure=True)
        assert Client().get("/s/park/about/")["Location"] == "https://testserver/s/park/about/"
        with override_settings(MIDDLEWARE=settings.MIDDLEWARE[1:]):
            assert every_kind_of_page(secure=True) == short
    assert short["page"][1]["Strict-Transport-Security"] == "max-age=3600; preload"


def test_participant_has_no_session(client: Client) -> None:
    launched()
    walked(client)
    assert set(client.cookies) == {"csrftoken", "coprod_park", "django_language"}
    assert Participant.objects.get().state == "completed"


def test_language_of_a_page_is_said_and_a_threads_does_not_matter(client: Client) -> None:
    launched()
    korean = {"accept-language": "ko"}
    assert client.get("/admin/login/", headers=korean)["Content-Language"] == "ko"
    entered(client)
    assert client.get("/s/park/about/")["Content-Language"] == "en"
    told = Client().get("/s/nowhere/")
    assert (told["Content-Language"], "There is no such survey" in told.content.decode()) == (
        "en",
        True,
    )
    assert Client().get("/s/nowhere/", headers=korean)["Content-Language"] == "ko"


def test_names_that_a_site_is_asked_by_are_bounded(settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    client = Client()
    for number in range(MOST_HOSTS + 10):
        assert client.get("/s/no/", headers={"host": f"n{number}.example"}).status_code == 404
    handler: Any = client.handler
    way = handler._middleware_chain
    assert isinstance(way.__wrapped__, ShortWay)
    assert len(way.__wrapped__._hosts) == MOST_HOSTS
