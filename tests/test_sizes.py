"""Requests that are too large are refused in words, or by the server before our code runs."""

import http.client
from contextlib import closing
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client, RequestFactory

from coprod_site.handler import LARGEST_UPLOAD, PIECE
from coprod_site.wsgi import application
from tests.desk import desk, text_of
from tests.responses.studies import entered, launched

MANY = {f"field{number}": "x" for number in range(1001)}
LARGE = {"will1": "x" * (2 * 1024**2 + 1)}


@pytest.mark.django_db
@pytest.mark.parametrize("fields", [MANY, LARGE], ids=["fields", "bytes"])
def test_form_that_is_too_large_is_refused_in_words(fields: dict[str, str]) -> None:
    launched()
    client = Client()
    entered(client)
    for address in ("/s/park/about/", "/s/park/resume/"):
        # As a browser sends a form: what is uploaded as a file is bounded where it is read.
        refused = client.post(address, _form(fields), "application/x-www-form-urlencoded")
        assert (refused.status_code, "That was too much to send" in text_of(refused)) == (400, True)
    lead = desk()
    refused = lead.post("/admin/auth/user/add/", _form(fields), "application/x-www-form-urlencoded")
    assert (refused.status_code, "The form holds too much" in text_of(refused)) == (400, True)


class _Unread:
    """A body that nobody may read."""

    def read(self, size: int = -1) -> bytes:
        """Fails."""
        raise AssertionError("what is too large was read")

    readline = read


class _Passing:
    """A body of some length that is taken piece by piece, and is over then."""

    def __init__(self, length: int) -> None:
        self.left = length

    def read(self, size: int) -> bytes:
        """Some of it, never much at once."""
        assert 0 < size <= PIECE
        size = min(size, self.left)
        self.left -= size
        return b"x" * size


@pytest.fixture
def nothing_is_read_as_a_form(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever makes Django's reader of forms with files, which writes large ones to the disk."""

    def read(*_given: Any, **_named: Any) -> None:
        raise AssertionError("what is too large was read as a form")

    monkeypatch.setattr("django.http.request.MultiPartParser", read)


def _answered(address: str, length: int, body: _Unread | _Passing) -> tuple[list[str], str]:
    environ = RequestFactory().post(address, {"csrfmiddlewaretoken": "x" * 32}).environ
    environ |= {"CONTENT_LENGTH": str(length), "wsgi.input": body}
    environ |= {"HTTP_COOKIE": f"csrftoken={'x' * 32}"}
    assert environ["CONTENT_TYPE"].startswith("multipart/form-data")
    said: list[str] = []
    pieces = application(environ, lambda status, *_rest: said.append(status))
    return said, b"".join(pieces).decode()


OF_PARTICIPANTS = ("/s/park/", "/s/park/about/", "/s/park/about/draft/", "/s/park/resume/")


@pytest.mark.django_db
@pytest.mark.usefixtures("nothing_is_read_as_a_form")
@pytest.mark.parametrize("length", [2 * 1024**2 + 1, LARGEST_UPLOAD])
@pytest.mark.parametrize("address", OF_PARTICIPANTS)
def test_too_large_a_form_of_a_participant_comes_to_its_end_and_is_kept_nowhere(
    address: str, length: int
) -> None:
    """A proxy that can't hand all of it on would say that the site is broken."""
    launched()
    body = _Passing(length)
    said, page = _answered(address, length, body)
    assert (said, body.left) == (["400 Bad Request"], 0)
    assert "too much" in page


@pytest.mark.django_db
@pytest.mark.usefixtures("nothing_is_read_as_a_form")
def test_too_large_a_form_that_breaks_off_is_answered_all_the_same() -> None:
    launched()
    body = _Passing(PIECE + 1)
    said, page = _answered("/s/park/", LARGEST_UPLOAD, body)
    assert (said, body.left, "too much" in page) == (["400 Bad Request"], 0, True)


@pytest.mark.django_db
@pytest.mark.usefixtures("nothing_is_read_as_a_form")
@pytest.mark.parametrize(
    ("address", "most"),
    [
        *((address, LARGEST_UPLOAD) for address in OF_PARTICIPANTS),
        ("/admin/login/", LARGEST_UPLOAD),
        ("/admin/experiments/study/import/", LARGEST_UPLOAD),
        ("/no/such/address/", LARGEST_UPLOAD),
    ],
)
def test_form_with_files_that_is_too_large_is_not_read(address: str, most: int) -> None:
    launched()
    said, page = _answered(address, most + 1, _Unread())
    # Where no form is expected none is read.
    assert said == (["404 Not Found"] if address.startswith("/no/") else ["400 Bad Request"])
    assert "too much" in page or address.startswith("/no/")


def _form(fields: dict[str, str]) -> str:
    return "&".join(f"{name}={value}" for name, value in fields.items())


def test_server_takes_no_endless_headers_and_goes_on(live_site: str) -> None:
    site = urlsplit(live_site).netloc

    def asked(path: str, headers: dict[str, str]) -> int:
        with closing(http.client.HTTPConnection(site, timeout=60)) as connection:
            try:
                connection.request("GET", path, headers=headers)
                return connection.getresponse().status
            except (OSError, http.client.HTTPException):
                return 0  # it hung up

    found: dict[str, Any] = {
        "usual": asked("/healthz", {"X-Some": "x" * 4000}),
        "a header of a megabyte": asked("/healthz", {"X-Some": "x" * 1024**2}),
        "an address of 100 kB": asked(f"/healthz?{'x' * 100_000}", {}),
        "afterwards": asked("/healthz", {}),
    }
    assert found["usual"] == found["afterwards"] == 200
    assert found["a header of a megabyte"] in (0, 431)
    assert found["an address of 100 kB"] in (0, 414)
