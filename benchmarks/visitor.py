"""A browser on the hub: HTTP/1.1 on one kept connection, as little as a load generator needs."""

import socket
import time
from collections.abc import Mapping
from http.client import BadStatusLine, IncompleteRead, UnknownTransferEncoding
from urllib.parse import urlsplit

from benchmarks.hub import Hub
from rehearsal.browser import SECONDS, Browser, Received
from rehearsal.forms import Fields, WrongAnswerError

MOST_BYTES = 1 << 18
# A draft that is kept, and a page that a script sent: neither has anything to show.
NOTHING = 204


class Visitor(Browser):
    """Asks one site over http; others run while it waits.

    The time of a request begins when it was due: at `due`, which is when its respondent is to come,
    or when they have thought. So what keeps them from sending it in time counts as waiting.
    """

    def __init__(self, hub: Hub, site: str, due: float | None = None) -> None:
        super().__init__(site)
        self._hub = hub
        self._due = due
        self._host = urlsplit(site).netloc
        self._line: socket.socket | None = None
        self.drafts: list[float] = []

    def keep(self, path: str, fields: Fields) -> None:
        """Sends a draft; WrongAnswerError if the site does not keep it."""
        answer = self.ask("POST", path, fields)
        # Nobody waits for a draft, so it is no request as the others are.
        self.drafts.append(self.asked.pop().seconds)
        if answer.status != NOTHING:
            raise WrongAnswerError(f"A draft was answered with {answer.status}", answer.status)

    def pause(self, seconds: float) -> None:
        """Lets its reader take so long, and others run."""
        if seconds > 0:
            self._due = time.perf_counter() + seconds
            self._hub.sleep_until(self._due)

    def close(self) -> None:
        """Ends the connection."""
        super().close()
        if self._line:
            self._line.close()
            self._line = None

    def _begins(self) -> float:
        due, self._due = self._due, None
        return time.perf_counter() if due is None else due

    def _exchange(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> Received:
        until = time.perf_counter() + SECONDS
        line = self._line or self._connected(until)
        fields = "".join(f"{name}: {text}\r\n" for name, text in headers.items())
        length = "" if body is None else f"Content-Length: {len(body)}\r\n"
        asked = f"{method} {path} HTTP/1.1\r\nHost: {self._host}\r\n{fields}{length}\r\n"
        self._send(line, asked.encode() + (body or b""), until)
        return self._received(line, until)

    def _connected(self, until: float) -> socket.socket:
        host, _, port = self._host.partition(":")
        self._line = line = socket.socket()
        line.setblocking(False)
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        line.connect_ex((host, int(port or 80)))
        self._hub.watch(line)
        self._hub.wait(line, until)
        if error := line.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            raise OSError(error, "no connection")
        return line

    def _send(self, line: socket.socket, content: bytes, until: float) -> None:
        while content:
            try:
                content = content[line.send(content) :]
            except BlockingIOError:
                self._hub.wait(line, until)

    def _received(self, line: socket.socket, until: float) -> Received:
        content = self._more(line, until)
        while (end := content.find(b"\r\n\r\n")) < 0:
            content += self._more(line, until)
        first, *rest = content[:end].decode("latin-1").split("\r\n")
        if not first.startswith("HTTP/1."):
            raise BadStatusLine(first)
        said = [each.partition(":") for each in rest]
        found = {name.lower(): text.strip() for name, _, text in said}
        cookies = [text.strip() for name, _, text in said if name.lower() == "set-cookie"]
        status = int(first.split(" ", 2)[1])
        rest_of_it = content[end + 4 :]
        body = b"" if status == NOTHING else self._body(line, rest_of_it, found, until)
        if found.get("connection", "").lower() == "close":
            self.close()
        location = found.get("location") or found.get("x-go-to", "")
        return Received(status, location, cookies, body)

    def _body(
        self, line: socket.socket, content: bytes, headers: Mapping[str, str], until: float
    ) -> bytes:
        """What follows the headers, of which some came with them."""
        if "transfer-encoding" in headers:
            return self._chunks(line, content, until)
        if "content-length" not in headers:
            raise UnknownTransferEncoding("no length")
        length = int(headers["content-length"])
        while len(content) < length:
            content += self._more(line, until)
        return content

    def _chunks(self, line: socket.socket, content: bytes, until: float) -> bytes:
        """The body of an answer that tells its length piece by piece."""
        body = b""
        while True:
            while (end := content.find(b"\r\n")) < 0:
                content += self._more(line, until)
            size = int(content[:end].partition(b";")[0], 16)
            while len(content) < end + size + 4:
                content += self._more(line, until)
            body += content[end + 2 : end + 2 + size]
            content = content[end + size + 4 :]
            if not size:
                return body

    def _more(self, line: socket.socket, until: float) -> bytes:
        """What came next; IncompleteRead if nothing will."""
        while True:
            try:
                content = line.recv(MOST_BYTES)
            except BlockingIOError:
                self._hub.wait(line, until)
                continue
            if not content:
                raise IncompleteRead(b"")
            return content
