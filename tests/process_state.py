"""Keeps what a process remembers from reaching the next test."""

import csv
from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture(scope="session", autouse=True)
def passwords_cost_little() -> None:
    """Has the test's own process hash a password in no time; a login takes a third of a second.

    The rounds of a site are Django's own, for whoever has stolen a dump.
    """
    from django.contrib.auth.hashers import PBKDF2PasswordHasher

    PBKDF2PasswordHasher.iterations = 1_000


@pytest.fixture(scope="session", autouse=True)
def files_are_read_once() -> Iterator[None]:
    """Has WhiteNoise read the site's files once: it does so for each handler, so for each client.

    A site has one handler in a process.
    """
    from whitenoise.base import WhiteNoise

    reading = WhiteNoise.update_files_dictionary
    read: dict[tuple[Any, ...], dict[str, Any]] = {}

    def remembered(server: Any, root: str, prefix: str) -> None:
        key = (root, prefix, server.max_age, server.allow_all_origins, server.charset)
        if key not in read:
            before = dict(server.files)
            reading(server, root, prefix)
            read[key] = {url: file for url, file in server.files.items() if url not in before}
        server.files.update(read[key])

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(WhiteNoise, "update_files_dictionary", remembered)
        yield


@pytest.fixture(autouse=True)
def own_process_state() -> Iterator[None]:
    """Begins each test in the site's own language and time zone, and with csv's own limit.

    A page in Korean leaves its thread speaking Korean: a server sets the language for each
    request, so that nobody notices there, but the next test does.
    """
    from django.utils import timezone, translation

    from coprod_site import request_ids
    from responses import person

    request_ids._current.set("")
    # Studies of other tests have the same names, and pages that show what theirs don't.
    person._armless.clear()
    translation.deactivate()
    timezone.deactivate()
    limit = csv.field_size_limit()
    yield
    assert csv.field_size_limit() == limit, "the limit of csv is the whole process's"
