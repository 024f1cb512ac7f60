"""The plan of each statement of a participant's pages; imported once Django is set up."""

import json
from collections.abc import Mapping
from typing import Any

from django.db import connection, transaction

from benchmarks.explaining import EXPLAIN
from benchmarks.growth.journey import read_by_page
from responses import arrival, person, storing
from responses.models import State

NAMES: Mapping[str, str] = {
    "who enters, with their first page": arrival.ENTER,
    "read of a POST, and of a GET without a vignette": person.COLUMNS,
    "GET of a vignette, with the exposure": person.SERVE,
    "a page stored": storing.STORE_ON_AS_SHOWN,
    "the page before the vignette stored, with a position": storing.ALLOCATE_ALONE,
}


def explained() -> dict[str, Any]:
    """Of each statement the plan that it had last, as EXPLAIN tells it, by its name.

    But for the end, which few of a page's statements store: it is written to every index.
    """
    names = {statement: name for name, statement in NAMES.items()}
    found: dict[str, Any] = {}

    def explains(execute: Any, sql: str, asked: Any, *rest: Any) -> Any:
        if (name := names.get(sql)) and asked.get("state") in (None, State.ANSWERING):
            found[name] = _plan(sql, asked)
        return execute(sql, asked, *rest)

    with connection.execute_wrapper(explains):
        for _ in read_by_page(1):
            pass
    return found


def _plan(sql: str, asked: Any) -> Any:
    """What EXPLAIN tells; what it wrote is taken back."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(EXPLAIN + sql, asked)
            told = cursor.fetchone()[0]
        transaction.set_rollback(True)
    (plan,) = json.loads(told) if isinstance(told, str) else told
    return plan
