"""What is kept of logins at the desk: no address, no browser, and nothing for long."""

from datetime import datetime, timedelta
from importlib import import_module
from ipaddress import ip_address, ip_network
from typing import Any

import pytest
from axes.models import AccessAttempt, AccessLog
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.utils import timezone
from django.utils.module_loading import import_string
from pytest_django import Settings

from responses.tokens import pseudonym

pytestmark = pytest.mark.django_db

LOGIN = "/admin/login/"
WORD = "a-long-enough-word"
ADDRESS = "203.0.113.77"
BROWSER = {"User-Agent": "LynxOfHana/2.9 of-hana", "Accept": "text/x-of-hana"}
TABLES = ("axes_accesslog", "axes_accessattempt", "axes_accessfailurelog", "django_session")
MASK = "*" * 20


def stored() -> str:
    """All that the tables of logins hold, as text."""
    with connection.cursor() as cursor:
        rows = []
        for table in TABLES:
            cursor.execute(f"SELECT t::text FROM {table} t")
            rows += [row for (row,) in cursor.fetchall()]
    return "\n".join(rows)


def send(password: str, address: str = ADDRESS, **headers: str) -> int:
    """The status that a login of hana's is answered with."""
    sent = {"username": "hana", "password": password, "next": "/admin/?of=hana"}
    client = Client(REMOTE_ADDR=address, headers={**BROWSER, **headers})
    return client.post(f"{LOGIN}?next=/admin/?of=hana", sent).status_code


def test_failure_is_kept_without_address_and_browser() -> None:
    assert [send("wrong"), send("wrong"), send("wrong", "2001:db8::77")] == [200] * 3
    kept = AccessAttempt.objects.order_by("failures_since_start").values(
        *("username", "ip_address", "user_agent", "http_accept", "path_info", "get_data"),
        *("failures_since_start",),
    )
    same = {"username": "hana", "user_agent": "", "http_accept": "", "path_info": LOGIN}
    asked = f"next={MASK}"
    assert list(kept) == [
        {
            **same,
            "ip_address": pseudonym("2001:db8::/56"),
            "get_data": asked,
            "failures_since_start": 1,
        },
        {
            **same,
            "ip_address": pseudonym(ADDRESS),
            "get_data": f"{asked}\n---------\n{asked}",
            "failures_since_start": 2,
        },
    ]
    sent = AccessAttempt.objects.get(failures_since_start=1).post_data
    assert sent == f"username={MASK}\npassword={MASK}\nnext={MASK}"
    told = stored()
    for text in (ADDRESS, "2001:db8::77", "of-hana", "of=hana", "LynxOfHana", "wrong"):
        assert text not in told


def test_login_is_kept_without_address_and_browser(settings: Settings) -> None:
    User.objects.create_superuser("hana", password=WORD)
    settings.BEHIND_PROXY = True
    forwarded = {"X-Forwarded-For": f"198.51.100.9, {ADDRESS}"}
    assert send("wrong", "192.0.2.1", **forwarded) == 200
    assert send(WORD, "192.0.2.1", **forwarded) == 302
    assert AccessAttempt.objects.count() == 0
    (kept,) = AccessLog.objects.values(
        "username", "ip_address", "user_agent", "http_accept", "path_info"
    )
    assert kept == {
        "username": "hana",
        "ip_address": pseudonym(ADDRESS),
        "user_agent": "",
        "http_accept": "",
        "path_info": LOGIN,
    }
    told = stored()
    for text in (ADDRESS, "198.51.100.9", "192.0.2.1", "of-hana", "LynxOfHana", WORD):
        assert text not in told


def test_pseudonym_is_an_address_of_nobody_and_goes_by_the_data_key(settings: Settings) -> None:
    addresses = ("203.0.113.77", "203.0.113.78", "2001:db8::77", "", "unknown", "\udce9")
    made = [pseudonym(address) for address in addresses]
    assert made == [pseudonym(address) for address in addresses]
    assert len(set(made)) == len(made)
    assert all(ip_address(each) in ip_network("fd00::/8") for each in made)
    settings.DATA_KEY = "another-key-" * 4
    assert not {pseudonym(address) for address in addresses} & set(made)


def test_old_logins_failures_and_sessions_are_forgotten_and_young_ones_kept(
    settings: Settings,
) -> None:
    now = timezone.now()
    ages = {"old": timedelta(days=30, hours=1), "young": timedelta(days=29, hours=23)}
    for name, age in ages.items():
        logged(name, now - age)
    for name, left in (("over", timedelta(seconds=-1)), ("goes-on", timedelta(minutes=5))):
        Session.objects.create(session_key=name, expire_date=now + left)
    due = settings.CELERY_BEAT_SCHEDULE["forget-logins"]
    assert due["schedule"] <= 24 * 3600
    for _twice in range(2):
        import_string(due["task"])()
        assert names() == {"logins": ["young"], "failures": ["young"], "sessions": ["goes-on"]}


def logged(name: str, at: datetime) -> None:
    """A login and a failure of that name at that time."""
    common: dict[str, Any] = {"username": name, "ip_address": pseudonym(name), "path_info": LOGIN}
    login = AccessLog.objects.create(**common)
    failure = AccessAttempt.objects.create(**common, failures_since_start=1)
    for row in (login, failure):
        type(row).objects.filter(pk=row.pk).update(attempt_time=at)


def names() -> dict[str, list[str]]:
    return {
        "logins": list(AccessLog.objects.values_list("username", flat=True)),
        "failures": list(AccessAttempt.objects.values_list("username", flat=True)),
        "sessions": list(Session.objects.values_list("session_key", flat=True)),
    }


def test_migration_leaves_no_address_and_no_key_from_before() -> None:
    before = {"username": "hana", "ip_address": ADDRESS, "user_agent": "Lynx", "path_info": LOGIN}
    login = AccessLog.objects.create(**before, http_accept="text/x-of-hana")
    AccessAttempt.objects.create(**before, failures_since_start=1)
    Session.objects.create(session_key="in-the-clear", expire_date=timezone.now())
    migration = import_module("responses.migrations.0029_logins_of_no_device")
    with connection.cursor() as cursor:
        for statement in migration.FORGET:
            cursor.execute(statement)
    (kept,) = AccessLog.objects.values("username", "ip_address", "user_agent", "attempt_time")
    assert kept == {
        "username": "hana",
        "ip_address": None,
        "user_agent": "",
        "attempt_time": login.attempt_time,
    }
    told = stored()
    assert [text for text in (ADDRESS, "Lynx", "of-hana", "in-the-clear") if text in told] == []
