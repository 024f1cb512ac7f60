"""Requests that are too large are refused in words, or by the server before our code runs."""

import http.client
from contextlib import closing
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client, RequestFactory

from coprod_site.handler import LARGEST_UPLOAD
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


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/s/park/", 2 * 1024**2),
        ("/s/park/about/", 2 * 1024**2),
        ("/s/park/about/draft/", 2 * 1024**2),
        ("/s/park/resume/", 2 * 1024**2),
        ("/admin/login/", LARGEST_UPLOAD),
        ("/admin/experiments/study/import/", LARGEST_UPLOAD),
        ("/no/such/address/", LARGEST_UPLOAD),
    ],
)
def test_form_with_files_that_is_too_large_is_not_read(address: str, most: int) -> None:
    launched()
    environ = RequestFactory().post(address, {"csrfmiddlewaretoken": "x" * 32}).environ
    environ |= {"CONTENT_LENGTH": str(most + 1), "wsgi.input": _Unread()}
    environ |= {"HTTP_COOKIE": f"csrftoken={'x' * 32}"}
    assert environ["CONTENT_TYPE"].startswith("multipart/form-data")
    said: list[str] = []
    pieces = application(environ, lambda status, *_rest: said.append(status))
    page = b"".join(pieces).decode()
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
