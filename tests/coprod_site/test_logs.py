"""What the log says, and that it holds nothing that a participant gave."""

import json
import logging
import sys
from contextvars import copy_context
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client

from coprod_site.logs import JsonLines, Lines, message_of, traceback_of, without_values
from coprod_site.request_ids import numbered
from coprod_site.sentry import _without_people
from experiments.models import Study

ANSWER = "my-secret-answer"


def failing() -> logging.LogRecord:
    """The record of an error whose message quotes what somebody sent."""
    try:
        _fail()
    except KeyError:
        told = sys.exc_info()
    return record("Broke off at %s.", "a page", exc_info=told)


def _fail() -> None:
    try:
        int(ANSWER)
    except ValueError as error:
        raise KeyError(ANSWER) from error


def record(message: str, *given: object, **more: Any) -> logging.LogRecord:
    return logging.makeLogRecord({
        "name": "responses", "levelname": "ERROR", "msg": message, "args": given, "created": 0.5,
        **more,
    })  # fmt: skip


@pytest.mark.parametrize("form", [Lines(), JsonLines()])
def test_log_tells_where_an_error_came_from_and_not_what_was_sent(form: logging.Formatter) -> None:
    line = form.format(failing())
    assert "test_logs.py" in line
    assert "builtins.ValueError: invalid literal for int() with base 10: …" in line
    assert "builtins.KeyError: …" in line
    assert ANSWER not in line.replace("int(ANSWER)", "")


def test_json_line_is_one_object() -> None:
    assert json.loads(JsonLines().format(record("Waits for %s.", "왜"))) == {
        "time": "1970-01-01T00:00:00.500+00:00",
        "level": "ERROR",
        "logger": "responses",
        "message": "Waits for 왜.",
    }


@pytest.mark.django_db
def test_log_leaves_out_the_details_of_the_database() -> None:
    Study.objects.create(slug="twice", title={}, languages=["en"])
    with pytest.raises(IntegrityError) as met:
        Study.objects.create(slug="twice", title={}, languages=["en"])
    error = met.value
    assert "twice" in str(error)
    told = traceback_of((type(error), error, error.__traceback__))
    assert "duplicate key value violates unique constraint …" in told
    assert "twice" not in told.replace('slug="twice"', "")


@pytest.mark.parametrize("form", [Lines(), JsonLines()])
def test_log_hides_the_page_that_a_refused_form_came_from(
    form: logging.Formatter, caplog: pytest.LogCaptureFixture
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies["csrftoken"] = "x" * 32
    referer = "https://panel.example.org/PANELIST-888?PROLIFIC_PID=PANELIST-888"
    refused = client.post("/s/park/resume/", headers={"Referer": referer}, secure=True)
    assert refused.status_code == 403
    told = [form.format(each) for each in caplog.records if "Referer checking" in each.getMessage()]
    assert len(told) == 1
    assert "Forbidden (Referer checking failed - … does not match any trusted" in told[0]
    assert "PANELIST" not in told[0]


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("can't read 'my answer'", "can't read …"),
        ("can't read 'it's mine', or \"hers\" either", "can't read … either"),
        ("bad value 'first line\nsecond line' of a text", "bad value … of a text"),
        ("cut off in 'the middle of", "cut off in …"),
        ("Key (panel_id)=(X (1)) already exists.", "Key (panel_id)… already exists."),
        ("the participants' page isn't there", "the participants' page isn't there"),
    ],
)
def test_nothing_that_a_message_quotes_is_left(message: str, told: str) -> None:
    assert without_values(message) == told


def test_log_hides_what_a_failed_task_quotes() -> None:
    said = "Task a[b] raised unexpected: ValueError('my-secret-answer')"
    assert message_of(record(said, name="celery.app.trace")) == (
        "Task a[b] raised unexpected: ValueError(…)"
    )


@pytest.mark.parametrize(
    ("sent", "behind_proxy", "kept"),
    [
        ("0123-abcd_EF.9", True, True),
        ("0123-abcd_EF.9", False, False),
        ("short", True, False),
        ("line\nbreak-and-more", True, False),
        (None, True, False),
    ],
)
def test_request_has_the_number_of_the_proxy_or_its_own(
    sent: str | None, behind_proxy: bool, kept: bool
) -> None:
    lines = []

    def application(environ: dict[str, Any], start: Any) -> list[bytes]:
        lines.append(json.loads(JsonLines().format(record("Something."))))
        return []

    environ = {"HTTP_X_REQUEST_ID": sent} if sent else {}
    for _ in range(2):
        # Each thread of a server has its own; a test gives this one back.
        copy_context().run(numbered(application, behind_proxy=behind_proxy), environ, list)
    first, second = (line["request"] for line in lines)
    if kept:
        assert first == second == sent
    else:
        assert first != second
        assert len(first) == len(second) == 16


def test_sentry_is_told_nothing_of_a_person() -> None:
    event = {
        "exception": {"values": [{"type": "KeyError", "value": f"'{ANSWER}'\nDETAIL: {ANSWER}"}]},
        "request": {
            "url": "https://example.org/s/study/",
            "query_string": f"pid={ANSWER}",
            "headers": {"Cookie": ANSWER},
            "data": ANSWER,
            "cookies": ANSWER,
            "env": {"REMOTE_ADDR": ANSWER},
        },
        "user": {"ip_address": ANSWER},
        "extra": {"answers": ANSWER},
        "logentry": {"message": f"Broke off: '{ANSWER}'", "params": [ANSWER]},
    }
    assert _without_people(event, {}) == {
        "exception": {"values": [{"type": "KeyError", "value": "…"}]},
        "request": {"url": "https://example.org/s/study/"},
        "logentry": {"message": "Broke off: …"},
    }
