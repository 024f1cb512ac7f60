"""The floor's views: a GET is one SELECT and a constant page, a POST is one CTE and a redirect.

The CTE does what can't be left out: it moves the participant on, folds the answers in and appends
the submission. Nothing is checked, allocated or logged, and nobody is told apart but by a cookie.
"""

import uuid
from functools import cache
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.urls import re_path
from psycopg.types.json import Jsonb

from benchmarks.floor.tables import CSRF_PLACE

COOKIE = "floor"
CARRIED = "-carried"
READ = "SELECT number FROM floor_participant WHERE token = %(token)s"
ENTER = """
WITH person AS (
    INSERT INTO floor_participant (token, number, answers) VALUES (%(token)s, 1, %(answers)s)
    RETURNING id, number
), stored AS (
    INSERT INTO floor_submission (participant_id, revision, answers)
    SELECT id, number, %(answers)s FROM person
)
SELECT number FROM person
"""
MOVE_ON = """
WITH person AS (
    UPDATE floor_participant SET number = number + 1, answers = answers || %(answers)s
    WHERE token = %(token)s RETURNING id, number
), stored AS (
    INSERT INTO floor_submission (participant_id, revision, answers)
    SELECT id, number, %(answers)s FROM person
)
SELECT number FROM person
"""


def page(request: HttpRequest) -> HttpResponse:
    """Any page: which one it is stands in the participant's row."""
    token = request.COOKIES.get(COOKIE, "")
    return _send(request, token) if request.method == "POST" else _show(request, token)


def _show(request: HttpRequest, token: str) -> HttpResponse:
    row = _one(READ, token=token)
    _, before, after = _pages()[row[0] if row else 0]
    return HttpResponse(f"{before}{get_token(request)}{after}" if after else before)


def _send(request: HttpRequest, token: str) -> HttpResponse:
    sent = request.POST.dict()
    # Stands in the page for its length; the product stores none of it.
    sent.pop(CARRIED, None)
    answers = Jsonb(sent)
    new = token or uuid.uuid4().hex
    row = _one(MOVE_ON if token else ENTER, token=new, answers=answers)
    if row is None:
        raise LookupError("There is no such participant.")
    response = HttpResponseRedirect(_pages()[row[0]][0])
    if not token:
        response.set_cookie(COOKIE, new, httponly=True)
    return response


@cache
def _pages() -> tuple[tuple[str, str, str], ...]:
    """Path, and the HTML before and after the CSRF token, of each page; read once per process."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT path, html FROM floor_page ORDER BY number")
        rows = cursor.fetchall()
    cut = ((path, html.partition(CSRF_PLACE)) for path, html in rows)
    return tuple((path, before, after) for path, (before, _, after) in cut)


def _one(statement: str, **parameters: Any) -> tuple[Any, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        row: tuple[Any, ...] | None = cursor.fetchone()
        return row


urlpatterns = [re_path("", page)]
