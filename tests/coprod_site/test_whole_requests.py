"""A request that breaks off in its middle is answered as none, by the server that people meet."""

import socket
import time
from io import BytesIO
from urllib.parse import urlencode, urlsplit

import httpx
import pytest
from lxml import html

from coprod_site.whole_requests import whole
from coprod_site.wsgi import application
from responses.models import Submission
from tests import processes
from tests.responses.studies import OPINION, WALK, launched


def broken_off(site: str, path: str, body: bytes, cookies: str, cut: int) -> None:
    """Sends a form to that many bytes of its body, and closes the line."""
    parts = urlsplit(site)
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {parts.netloc}\r\nCookie: {cookies}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=60) as line:
        line.sendall(head.encode() + body[:cut])
        # Long enough that the server has begun with it; less would only show less.
        time.sleep(0.3)


def test_form_whose_line_broke_is_kept_as_it_was_sent_again(live_site: str) -> None:
    launched()
    with httpx.Client(base_url=live_site, timeout=processes.ANSWER_SECONDS) as browser:
        page = browser.get("/s/park/")
        for sent in ({"consent": "agree"}, *(answers for _code, answers in WALK[:-1])):
            page = browser.post(page.url.path, data={**given(page), **sent}, follow_redirects=True)
        fields = {**given(page), **OPINION}
        # A text comes last: cut within it, the rest is a form that could be kept.
        fields["comment"] = fields.pop("comment")
        body = urlencode(fields).encode()
        cookies = "; ".join(f"{one.name}={one.value}" for one in browser.cookies.jar)
        for cut in (len(body) - 1, len(body) - 7, len(body) // 2):
            broken_off(live_site, page.url.path, body, cookies, cut)
        assert browser.post(page.url.path, data=fields).status_code == 302
    kept = Submission.objects.order_by("id").values_list("page", "answers")
    (answers,) = [answers for name, answers in kept if name == "opinion"]
    assert answers["comment"] == OPINION["comment"].replace("\r\n", "\n")


def given(page: httpx.Response) -> dict[str, str]:
    """The fields of a page's form as it came, with the button that leads on."""
    form = html.fromstring(page.text).get_element_by_id("page")
    return {**dict(form.form_values()), "move": "next"}


def answered(body: bytes, length: str) -> str:
    """The status that the application answers to a form of that body and stated length."""
    said: list[str] = []
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/s/park/",
        "QUERY_STRING": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "localhost",
        "HTTP_REFERER": "https://localhost/s/park/",
        "wsgi.url_scheme": "https",
        "wsgi.input": BytesIO(body),
        "wsgi.errors": BytesIO(),
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": length,
    }
    b"".join(application(environ, lambda status, headers, *_: said.append(status)))
    return said[0]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "length", "status"),
    [
        (b"consent=agree", "14", "400 Bad Request"),
        (b"", "14", "400 Bad Request"),
        # It was read, and has no token against forgery.
        (b"consent=agree", "13", "403 Forbidden"),
    ],
)
def test_form_that_ends_before_its_stated_length_is_refused(
    body: bytes, length: str, status: str
) -> None:
    launched()
    assert answered(body, length) == status


class InPieces:
    """A stream that gives a byte at a time, as a slow line may."""

    def __init__(self, body: bytes) -> None:
        self._body = BytesIO(body)

    def read(self, size: int) -> bytes:
        """One byte, however many are wanted."""
        return self._body.read(min(size, 1))

    def readline(self, size: int) -> bytes:
        """A line."""
        return self._body.readline(size)


def test_whole_request_is_read_whatever_pieces_it_comes_in() -> None:
    read: list[bytes] = []

    def reads(environ: dict[str, object], start: object) -> list[bytes]:
        stream = environ["wsgi.input"]
        read.extend([stream.readline(100), stream.read(100), stream.read(1)])  # type: ignore[attr-defined]
        return []

    stream = InPieces(b"one\ntwo\nthree")
    assert not list(whole(reads)({"wsgi.input": stream, "CONTENT_LENGTH": "13"}, lambda: None))
    assert read == [b"one\n", b"two\nthree", b""]
