"""An answer that breaks off is none, wherever that is."""

import socket
import threading
from collections.abc import Iterator

import pytest

from rehearsal.browser import Browser, WrongAnswerError

# As a page is answered that was taken: nothing but headers, the cookie last.
ANSWER = (
    b"HTTP/1.1 302 Found\r\nLocation: /s/park/about/\r\nContent-Length: 0\r\n"
    b"Set-Cookie: coprod_park=code; Path=/s/park/\r\n\r\n"
)


@pytest.fixture
def server() -> Iterator[socket.socket]:
    """A socket that listens."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening


def test_answer_that_breaks_off_anywhere_is_none(server: socket.socket) -> None:
    lengths = range(len(ANSWER) + 1)

    def answer() -> None:
        for length in lengths:
            line, _address = server.accept()
            with line:
                line.recv(65536)
                line.sendall(ANSWER[:length])

    thread = threading.Thread(target=answer)
    thread.start()
    whole = []
    for length in lengths:
        browser = Browser(f"127.0.0.1:{server.getsockname()[1]}")
        try:
            told = browser.ask("GET", "/s/park/")
        except WrongAnswerError:
            assert browser.cookies == {}
        else:
            whole.append((length, told.status, told.body, browser.cookies))
        browser.close()
    thread.join()
    assert whole == [(len(ANSWER), 302, "", {"coprod_park": "code"})]
