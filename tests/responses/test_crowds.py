"""What a network may send as the site limits it by itself: a hall goes through, a farm does not."""

import os
import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import pytest
import redis
from django.db import connection
from django.test import Client, RequestFactory
from django.urls import URLPattern, get_resolver
from pytest_django import Settings

from responses import crowds, tokens
from responses.crowds import network_of
from responses.models import Mode, Participant
from responses.rates import Counted, Limit, seconds_to_wait
from tests import processes
from tests.desk import text_of
from tests.factories import LiveStudyFactory
from tests.responses.rated import valkey_is_waited_for
from tests.responses.studies import ABOUT

pytestmark = pytest.mark.django_db

SECONDS = 1_000_000 * 60


@pytest.fixture
def usual(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """The limits of a site that raises none of them, at a moment that stays: no window ends."""
    settings.RATE_TIMES = 1
    moment = time.time() // 3600 * 3600 + 1805
    monkeypatch.setattr(crowds, "time", SimpleNamespace(time=lambda: moment))
    with valkey_is_waited_for():
        yield settings


def somewhere() -> Client:
    """A client of a network that nobody came from before."""
    number = uuid4().int
    return Client(REMOTE_ADDR=f"2001:db8:{number >> 112:x}:{number >> 96 & 0xFFFF:x}::1")


def agreed(client: Client, address: str = "/s/park/", headers: dict[str, str] | None = None) -> Any:
    """What is answered to one more consent."""
    form = {"consent": "agree", "nonce": uuid4().hex, "move": "next"}
    return client.post(address, form, headers=headers)


def few(settings: Settings, **most: int) -> None:
    settings.RATES = settings.RATES | most


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2ff:3::4", "2001:db8:1:200::/56"),
        ("fe80::1%eth0", "fe80::/56"),
        ("unix", "unix"),
        ("", ""),
    ],
)
def test_network_is_a_prefix_of_the_address(address: str, network: str) -> None:
    assert network_of(address) == network


def test_a_lecture_hall_goes_through_the_usual_limits(usual: Settings) -> None:
    """300 people behind one address in two minutes, each form sent twice, typing all the while."""
    waits, hall = set(), uuid4().hex

    def sends(second: float, *limits: Limit) -> None:
        waits.add(seconds_to_wait([Counted(each, hall) for each in limits], SECONDS + second))

    for person in range(300):
        comes = 20 + person * 80 / 300  # most of them within the same minute
        for click in (0, 0.3):
            sends(comes + click, crowds.ENTRIES, crowds.ENTRIES_OF_AN_HOUR, crowds.STUDY_ENTRIES)
            sends(comes + click, crowds.POSTS)
        for page in range(10):
            for second in range(8):  # a draft each second
                sends(comes + 8 * page + second, crowds.POSTS)
            sends(comes + 8 * page, crowds.POSTS)
            sends(comes + 8 * page, crowds.POSTS)
        sends(comes, crowds.CODES)
    assert waits == {0}


def test_who_enters_too_often_is_told_to_wait_and_keeps_what_was_sent(usual: Settings) -> None:
    few(usual, entries=2)
    LiveStudyFactory(slug="park")
    client = somewhere()
    page = "/s/park/?lang=ko"
    answers = [agreed(client, page) for _ in range(3)]
    refused = answers[-1]
    assert [each.status_code for each in answers] == [302, 302, 429]
    assert refused["Retry-After"] == "55"
    assert "한꺼번에 너무 많은 분이 보내고 있습니다" in text_of(refused)
    assert "1분 기다렸다가" in text_of(refused)
    held = refused.content.decode()
    assert 'name="nonce"' in held
    assert f'action="{page}"' in held
    assert refused["Cache-Control"] == "no-store, private"
    # Another network, and another study of the same one, are not held.
    assert agreed(somewhere()).status_code == 302
    LiveStudyFactory(slug="pond")
    assert agreed(client, "/s/pond/").status_code == 302


def test_nothing_is_asked_of_the_database_before(
    usual: Settings, django_assert_num_queries: Any
) -> None:
    few(usual, entries=0, posts=0, codes=0, logins=0)
    client = somewhere()
    with django_assert_num_queries(0):
        for path in ("", "resume/", "withdraw/", "first/", "first/draft/"):
            assert client.post(f"/s/park/{path}", {"code": "X"}).status_code == 429
        login = client.post("/admin/login/", {"username": "hana", "password": "x"})
    assert (login.status_code, login["Retry-After"].isdigit()) == (429, True)
    assert "Too many logins at once" in text_of(login)


def test_a_study_has_a_limit_from_wherever_they_come(usual: Settings) -> None:
    few(usual, study_entries=1)
    slug = f"park_{uuid4().hex[:8]}"
    LiveStudyFactory(slug=slug)
    assert [agreed(somewhere(), f"/s/{slug}/").status_code for _ in range(2)] == [302, 429]


def test_rehearsals_use_up_nothing_of_participants(usual: Settings) -> None:
    few(usual, entries=1)
    usual.REHEARSAL_RATE_TIMES = 3
    LiveStudyFactory(slug="park")
    client = somewhere()
    signed = {tokens.REHEARSES: tokens.sign_link("park", Mode.REHEARSAL)}
    forged = {tokens.REHEARSES: tokens.sign_link("pond", Mode.REHEARSAL)}

    def sent(headers: dict[str, str] | None) -> int:
        return int(agreed(client, headers=headers).status_code)

    assert [sent(signed) for _ in range(4)] == [302, 302, 302, 429]
    assert [sent(None), sent(forged)] == [302, 429]


def test_no_address_reaches_valkey(usual: Settings) -> None:
    request, now = RequestFactory().post("/s/park/", REMOTE_ADDR="192.0.2.77"), time.time()
    today, tomorrow = (crowds._whose(request, now + day * 86400) for day in (0, 1))
    assert (len({today, tomorrow}), len(today)) == (2, 32)
    few(usual, entries=0)
    agreed(Client(REMOTE_ADDR="192.0.2.77"))
    with redis.from_url(usual.REDIS_URL) as valkey:
        keys = [key.decode() for key in valkey.scan_iter("coprod:rate:*")]
    ours = [key for key in keys if today in key]
    assert ours
    # Beside the digest they name a limit, a study and the number of a window, and nothing more.
    told = re.compile(rf"coprod:rate:[a-z-]+:{today}(:park)?:\d+")
    assert [key for key in ours if not told.fullmatch(key)] == []
    # Of others' the digests may have these three digits by chance, but no dot after them.
    assert not any("192.0" in key for key in keys)


def test_every_form_of_participants_is_limited() -> None:
    ours = next(each for each in get_resolver().url_patterns if str(each.pattern) == "s/")
    free = {
        str(each.name)
        for each in ours.url_patterns  # type: ignore[union-attr]
        if isinstance(each, URLPattern) and not _held(each.callback)
    }
    assert free == {"about", "image", "withdrawn"}, "these only read"


def _held(view: Any) -> bool:
    """Whether a limit is among what is wrapped around a view."""
    while view is not None:
        if getattr(view, "__code__", None) and "crowds" in view.__code__.co_filename:
            return True
        view = getattr(view, "__wrapped__", None)
    return False


@pytest.fixture
def site_as_it_is(transactional_db: None, tmp_path: Path) -> Iterator[str]:
    """The address of a site that raises no limit, on the database of the test."""
    address = urlsplit(os.environ["DATABASE_URL"])
    name = f"/{connection.settings_dict['NAME']}"
    given = {"DATABASE_URL": address._replace(path=name).geturl(), "COPROD_RATE_TIMES": "1"}
    with processes.web(tmp_path / "web.log", given) as site:
        yield site


@pytest.mark.slow
def test_300_people_behind_one_address_all_get_in_and_a_farm_does_not(site_as_it_is: str) -> None:
    LiveStudyFactory(slug="park")

    # Any secret of a browser's own will do for CSRF, so that no form need be fetched before.
    token = "c" * 32

    def click(path: str, cookie: str = "", **fields: str) -> httpx.Response:
        form = {**fields, "csrfmiddlewaretoken": token, "move": "next"}
        cookies = "; ".join(filter(None, (f"csrftoken={token}", cookie)))
        # Without certificates to load, of which each would take longer than what is asked.
        with httpx.Client(base_url=site_as_it_is, timeout=60, verify=False) as browser:  # noqa: S501 - plain HTTP
            return browser.post(path, data=form, headers={"Cookie": cookies})

    def person(number: int) -> list[int]:
        agreed = {"consent": "agree", "nonce": f"{number:016}"}
        first, second = (click("/s/park/", **agreed) for _ in range(2))
        cookie = f"coprod_park={first.cookies['coprod_park']}"
        answered = [click("/s/park/about/", cookie, **ABOUT).status_code for _ in range(2)]
        return [first.status_code, second.status_code, *answered]

    with ThreadPoolExecutor(12) as hall:
        found = list(hall.map(person, range(300)))
    assert found == [[302] * 4] * 300
    assert Participant.objects.filter(revision=2).count() == 300
    with ThreadPoolExecutor(12) as farm:
        clicks = farm.map(lambda n: click("/s/park/", consent="agree", nonce=f"f{n}"), range(1500))
        assert 429 in {each.status_code for each in clicks}
