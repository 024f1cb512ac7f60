"""What a balancer and a watcher ask of a web process: does it answer, may it be sent anybody."""

from functools import cache

from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse

from responses.monitor.health import waiting_tasks

OK = "ok"


def healthz(request: HttpRequest) -> HttpResponse:
    """Says that this process answers; it asks nothing else."""
    return _said(f"{OK}\n", 200)


def readyz(request: HttpRequest) -> HttpResponse:
    """Says of database, migrations and broker how they are, a line each.

    503 where no page could be served. Without the broker they all can, so that alone is no reason
    to send people away.
    """
    database, migrations = _database()
    found = {"database": database, "migrations": migrations, "broker": _broker()}
    lines = "".join(f"{name}: {how}\n" for name, how in found.items())
    return _said(lines, 200 if database == migrations == OK else 503)


def _database() -> tuple[str, str]:
    try:
        applied = set(MigrationRecorder(connection).applied_migrations())
    except DatabaseError:
        # The pool looks for new ones while nobody waits.
        connection.close()
        return "does not answer", "unknown"
    waiting = len(_known() - applied)
    if waiting:
        return OK, f"{waiting} to be applied: run manage.py update_site"
    return OK, OK


@cache
def _known() -> set[tuple[str, str]]:
    """The migrations of the code that runs, which does not change under a process."""
    return set(MigrationLoader(None).disk_migrations)


def _broker() -> str:
    if waiting_tasks() is None:
        return "does not answer: looks wait, participants notice nothing"
    return OK


def _said(text: str, status: int) -> HttpResponse:
    response = HttpResponse(text, content_type="text/plain", status=status)
    response.headers["Cache-Control"] = "no-store"
    return response
