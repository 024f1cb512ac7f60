"""Sessions of the desk are in the database by a hash of their key, which is their owner's alone."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth.models import User
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import CreateError, UpdateError
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.utils import timezone

from coprod_site.hashed_sessions import SessionStore, kept_as
from tests.desk import client_of

pytestmark = pytest.mark.django_db

LOGIN = "/admin/login/"
WORD = "a-long-enough-word"


def stored() -> list[str]:
    """All that the table holds, as text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT s::text FROM django_session s ORDER BY session_key")
        return [row for (row,) in cursor.fetchall()]


def keys() -> list[str]:
    return sorted(Session.objects.values_list("session_key", flat=True))


def logged_in() -> tuple[Client, str]:
    """A client that has logged in by its password, and the key in its cookie."""
    User.objects.create_superuser("hana", password=WORD)
    client = Client()
    sent = {"username": "hana", "password": WORD, "next": "/admin/"}
    assert client.post(LOGIN, sent).status_code == 302
    return client, client.cookies["sessionid"].value


def status_of(key: str) -> int:
    """What the desk's first page answers to who sends that key: 200, or 302 to the login."""
    client = Client()
    client.cookies["sessionid"] = key
    return client.get("/admin/").status_code


def test_key_of_a_session_is_in_the_cookie_and_in_no_row() -> None:
    client, key = logged_in()
    assert keys() == [kept_as(key)]
    assert (len(key), len(kept_as(key))) == (32, 40)
    assert key not in "".join(stored())
    assert client.get("/admin/").status_code == 200
    assert status_of(key) == 200


def test_what_stands_in_a_row_opens_nothing() -> None:
    _client, key = logged_in()
    assert status_of(kept_as(key)) == 302
    assert status_of(key.upper()) == 302
    assert keys() == [kept_as(key)]


def test_logging_out_deletes_the_row() -> None:
    client, key = logged_in()
    assert client.post("/admin/logout/").status_code == 200
    assert keys() == []
    assert status_of(key) == 302


def test_login_and_proof_change_the_key_and_leave_one_row() -> None:
    first = SessionStore()
    first["seen"] = "before"
    first.save()
    before = first.session_key
    assert before
    assert keys() == [kept_as(before)]
    client = Client()
    client.cookies["sessionid"] = before
    client.force_login(User.objects.create_superuser("hana"))
    after = client.cookies["sessionid"].value
    assert after != before
    assert keys() == [kept_as(after)]
    assert client.session["seen"] == "before"
    session = SessionStore(after)
    session.cycle_key()
    assert session.session_key
    assert session.session_key != after
    assert keys() == [kept_as(session.session_key)]
    assert (status_of(before), status_of(after), status_of(session.session_key)) == (302, 302, 200)


def test_session_of_a_release_before_is_not_accepted() -> None:
    user = User.objects.create_superuser("hana")
    ours = client_of(user).session
    old = db.SessionStore()
    old.update(dict(ours.items()))
    old.save()
    assert old.session_key in keys()
    assert status_of(str(old.session_key)) == 302
    assert status_of(str(ours.session_key)) == 200


def test_session_whose_time_is_over_is_not_accepted() -> None:
    _client, key = logged_in()
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert status_of(key) == 302


@pytest.mark.parametrize(
    "key", ["", "short", "x" * 5000, "é-and-more", "a\\000b-and-more", "'; --'"]
)
def test_key_of_nobody_opens_nothing_and_makes_no_row(key: str) -> None:
    assert status_of(key) == 302
    assert stored() == []


def test_store_writes_once_and_writes_nothing_that_was_deleted() -> None:
    session = SessionStore()
    session["a"] = 1
    session.save()
    key = str(session.session_key)
    assert (session.exists(key), session.exists(kept_as(key))) == (True, False)
    again = SessionStore(key)
    assert dict(again.items()) == {"a": 1}
    with pytest.raises(CreateError):
        again.save(must_create=True)
    session["a"] = 2
    session.save()
    assert dict(SessionStore(key).items()) == {"a": 2}
    SessionStore().delete(key)
    SessionStore().delete(key)
    SessionStore().delete()
    assert (session.exists(key), stored()) == (False, [])
    session["a"] = 3
    with pytest.raises(UpdateError):
        session.save()
    gone = SessionStore(key)
    assert (dict(gone.items()), gone.session_key) == ({}, None)
    session.flush()
    assert (session.session_key, stored()) == (None, [])


@pytest.mark.django_db(transaction=True)
def test_asynchronous_ways_go_by_the_hash_too() -> None:
    async def used() -> dict[str, Any]:
        session = SessionStore()
        await session.aset("a", 1)
        await session.asave()
        first = str(session.session_key)
        found: dict[str, Any] = {
            "first": await session.aexists(first),
            "hash": await session.aexists(kept_as(first)),
        }
        await session.acycle_key()
        second = str(session.session_key)
        found |= {"cycled": await session.aexists(first), "second": await session.aexists(second)}
        found["read"] = await SessionStore(second).aget("a")
        await session.aflush()
        return found | {"flushed": await session.aexists(second), "keys": (first, second)}

    def used_here() -> dict[str, Any]:
        try:
            return async_to_sync(used)()
        finally:
            connection.close()

    # In a thread that has no event loop: a browser's tests leave theirs in the one of the tests.
    with ThreadPoolExecutor(1) as threads:
        found = threads.submit(used_here).result()
    first, second = found.pop("keys")
    assert first != second
    assert found == {
        **{"first": True, "hash": False, "cycled": False, "second": True},
        **{"read": 1, "flushed": False},
    }
    assert stored() == []
