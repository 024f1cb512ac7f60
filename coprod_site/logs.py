"""How the site writes its log: a line for people, or JSON for whoever collects it.

A log outlives a withdrawal, so it must hold nothing that a participant gave. What is quoted in the
message of an error may be an answer or an identity; only the error's kind and its place are told.
"""

import json
import logging
import re
import sys
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from django.db import DatabaseError
from psycopg import Error

from coprod_site.request_ids import current_request

CELERY_FAILURES = "celery.app.trace"
# From the first thing quoted to the last, or to the end: what is quoted may hold quotes and ends of
# lines. An apostrophe within a word opens nothing. Postgres brackets: Key (panel_id)=(X1) exists.
VALUES = re.compile(r"""(?<!\w)['"](?:.*['"]|.*)|=\((?:.*\)|.*)""", re.DOTALL)
# A refused form quotes the page that it says it came from, whose address may name somebody.
REFUSED, ADDRESSES = "django.security.csrf", re.compile(r"https?://\S+")
CAUSED = "\nThe above exception was the direct cause of the following exception:\n\n"
MEANWHILE = "\nDuring handling of the above exception, another exception occurred:\n\n"

ExcInfo = tuple[type[BaseException] | None, BaseException | None, TracebackType | None]


def logging_of(*, level: str, as_json: bool) -> dict[str, Any]:
    """The settings of Python's logging: everything to standard error, in one of the two forms."""
    form = JsonLines if as_json else Lines
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": f"{__name__}.{form.__name__}"}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": level},
        # Celery gives this one a handler of its own unless it has one.
        "loggers": {"celery.task": {"handlers": ["console"], "propagate": False}},
    }


class Lines(logging.Formatter):
    """Level, logger and message; with the request or task that it belongs to."""

    def __init__(self) -> None:
        super().__init__("{levelname} {name} {message}", style="{")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802
        """The line, without the values of an error."""
        record.message = message_of(record)
        within = " ".join(f"{name}={value}" for name, value in work_at_hand().items())
        line = super().formatMessage(record)
        return f"{line} [{within}]" if within else line

    def formatException(self, ei: Any) -> str:  # noqa: N802
        """The traceback, without the values of an error."""
        return traceback_of(ei)


class JsonLines(logging.Formatter):
    """The same as one JSON object a line, with the time in UTC."""

    def format(self, record: logging.LogRecord) -> str:
        """The line; what a library hangs on a record is left out."""
        told = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": message_of(record),
            **work_at_hand(),
        }
        if record.exc_info:
            told["error"] = traceback_of(record.exc_info)
        return json.dumps(told, ensure_ascii=False)


def work_at_hand() -> dict[str, str]:
    """The request or the task that this thread is at: numbers that are drawn and name nobody."""
    # Where Celery runs it is loaded; a web worker would pay for it with its memory.
    celery = sys.modules.get("celery._state")
    if celery and (task := celery.get_current_task()):
        return {"task": str(task.name), "task_id": str(task.request.id)}
    return {"request": request} if (request := current_request()) else {}


def message_of(record: logging.LogRecord) -> str:
    """What is said; where an error is told with it, without the error's values."""
    told = record.getMessage()
    if record.name == REFUSED:
        return ADDRESSES.sub("…", told)
    return without_values(told) if record.exc_info or record.name == CELERY_FAILURES else told


def traceback_of(told: ExcInfo) -> str:
    """The traceback of an error and of those that led to it, without their values."""
    error = told[1]
    return "" if error is None else "".join(_lines(error, set())).rstrip("\n")


def _lines(error: BaseException, seen: set[int]) -> Iterator[str]:
    seen.add(id(error))
    before, words = error.__cause__, CAUSED
    if before is None and not error.__suppress_context__:
        before, words = error.__context__, MEANWHILE
    if before is not None and id(before) not in seen:
        yield from _lines(before, seen)
        yield words
    yield "Traceback (most recent call last):\n"
    yield from traceback.format_tb(error.__traceback__)
    yield f"{type(error).__module__}.{type(error).__qualname__}: {safe_message(error)}\n"


def safe_message(error: BaseException) -> str:
    """The message of an error without its values; of the database's, without its details."""
    of_database = isinstance(error, Error | DatabaseError)
    message = str(error).partition("\n")[0] if of_database else str(error)
    return without_values(message)


def without_values(message: str) -> str:
    """The message with an ellipsis for whatever it quotes."""
    return VALUES.sub("…", message)
