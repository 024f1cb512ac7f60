"""Keeps what a process remembers from reaching the next test."""

import csv
from collections.abc import Iterator

import pytest


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
