"""What the site's own handler reads and answers, beside what Django's own does."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import BadRequest, RequestDataTooBig, TooManyFieldsSent
from django.core.handlers.wsgi import WSGIHandler as DjangosHandler
from django.core.handlers.wsgi import WSGIRequest
from django.core.signals import request_finished
from django.db import connection
from pytest_django import Settings

from coprod_site.handler import FORM, FormRequest, Handler
from tests.responses.studies import launched

# What is drawn anew for each page.
DRAWN = re.compile('name="(csrfmiddlewaretoken|nonce)" value="[^"]+"')

BODIES = (
    b"",
    b"a=1&b=2&a=3",
    b"name=%EC%8B%9C%EB%AF%BC&empty=&lone&=nameless&&x=a+b%2Bc%26d",
    "name=시민&b=1".encode(),
    b"bad=%FF%FE&cut=%E3%81&percent=100%&half=%ud800",
    b"raw=\xff\xfe",
    b"a=1;b=2&c==d=e&%61=4",
    b"\x00=nul&b=%00",
)


def environ_of(body: bytes, kind: str) -> dict[str, Any]:
    return {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/s/park/about/",
        "CONTENT_TYPE": kind,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": BytesIO(body),
    }


def read(request: type[WSGIRequest], body: bytes, kind: str) -> Any:
    """The fields, in order, or the error that reading them raises."""
    try:
        return list(request(environ_of(body, kind)).POST.lists())
    except (BadRequest, RequestDataTooBig, TooManyFieldsSent) as error:
        return type(error)


@pytest.mark.parametrize("kind", [FORM, f"{FORM}; charset=utf-8", f"{FORM}; charset=latin-1"])
@pytest.mark.parametrize("body", BODIES)
def test_form_is_read_as_django_reads_it(body: bytes, kind: str) -> None:
    assert read(FormRequest, body, kind) == read(WSGIRequest, body, kind)


@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=b", "application/json", ""])
def test_what_is_no_plain_form_is_left_to_django(kind: str) -> None:
    body = b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--b--\r\n'
    assert read(FormRequest, body, kind) == read(WSGIRequest, body, kind)


def test_form_that_was_read_before_is_left_to_django() -> None:
    results = []
    for kind in (FormRequest, WSGIRequest):
        request = kind(environ_of(b"a=1&b=2", FORM))
        request.read(3)
        results.append(list(request.POST.lists()))
    assert results == [[], []]


def test_limits_are_djangos(settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 2
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 20
    bodies = (b"a=1&b=2", b"a=1&b=2&c=3", b"a=" + b"1" * 30)
    assert [read(FormRequest, body, FORM) for body in bodies] == [
        [("a", ["1"]), ("b", ["2"])],
        TooManyFieldsSent,
        RequestDataTooBig,
    ]


def test_fields_can_not_be_changed() -> None:
    fields = FormRequest(environ_of(b"a=1", FORM)).POST
    with pytest.raises(AttributeError):
        fields["a"] = "2"  # type: ignore[misc]
    copy = fields.copy()
    copy["a"] = "2"
    assert (fields["a"], copy["a"], type(copy).__name__) == ("1", "2", "QueryDict")


def asked(path: str, *, handler: Any, **more: str) -> tuple[str, list[tuple[str, str]], str]:
    """Status, headers and body of a GET, as WSGI has them."""
    environ = {**environ_of(b"", ""), "REQUEST_METHOD": "GET", "PATH_INFO": path}
    environ |= {"SERVER_NAME": "testserver", "SERVER_PORT": "80", **more}
    head: list[Any] = []
    answer = handler(environ, lambda *told: head.extend(told))
    body = b"".join(answer).decode()
    getattr(answer, "close", bool)()
    return head[0], head[1], body


@pytest.fixture
def ended() -> Iterator[list[str]]:
    """What ended with Django's signal."""
    found: list[str] = []

    def note(**_: Any) -> None:
        found.append("request")

    request_finished.connect(note)
    yield found
    request_finished.disconnect(note)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", ["/s/park/", "/s/nowhere/", "/s/park/about/", "/s/park/a/b/c/d/"])
def test_participants_request_is_answered_as_djangos_handler_answers_it(
    path: str, ended: list[str]
) -> None:
    launched()
    ours, djangos = Handler(), DjangosHandler()
    (status, headers, body), theirs = asked(path, handler=ours), asked(path, handler=djangos)
    assert (status, [name for name, _ in headers]) == (theirs[0], [name for name, _ in theirs[1]])
    assert DRAWN.sub("", body) == DRAWN.sub("", theirs[2])
    assert ended == ["request"]


@pytest.mark.django_db(transaction=True)
def test_participants_connection_is_given_back_before_the_answer_is_sent(
    ended: list[str],
) -> None:
    launched()
    held: list[bool] = []
    environ = {**environ_of(b"", ""), "REQUEST_METHOD": "GET", "PATH_INFO": "/s/park/"}
    environ |= {"SERVER_NAME": "testserver", "SERVER_PORT": "80"}
    pages: Any = Handler()(environ, lambda *_: held.append(connection.connection is not None))
    assert (held, len(pages), ended) == ([False], 1, [])


@pytest.mark.django_db(transaction=True)
def test_other_requests_end_with_djangos_signals(settings: Settings, ended: list[str]) -> None:
    launched()
    asked("/healthz", handler=Handler())
    asked("/s/park/", handler=Handler(), SCRIPT_NAME="/below")
    settings.SENTRY_DSN = "https://key@errors.example/1"
    asked("/s/park/", handler=Handler())
    assert ended == ["request"] * 3
