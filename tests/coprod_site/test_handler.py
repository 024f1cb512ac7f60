"""What the site's own handler reads of a form, beside what Django reads of it."""

from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import BadRequest, RequestDataTooBig, TooManyFieldsSent
from django.core.handlers.wsgi import WSGIRequest
from pytest_django import Settings

from coprod_site.handler import FORM, FormRequest

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
