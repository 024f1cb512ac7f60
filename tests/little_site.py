"""A little site that behaves as told: two forms and an end, held up, broken or doubled."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PAGE = (
    '<form id="page" data-page="{page}"><input type="hidden" name="csrf" value="{page}">'
    '<input type="radio" name="q" value="1" required>'
    '<button name="move" value="next">Next</button></form>'
)
PAGES = {"/s/park/": "/s/park/one/", "/s/park/one/": "/s/park/end/", "/s/park/end/": ""}
# What a request is met with besides: it may raise, wait, or answer and return true.
Meets = Callable[[BaseHTTPRequestHandler], bool | None]


@contextmanager
def little_site(meets: Meets = lambda _: None) -> Iterator[str]:
    """Serves it while the block lasts; yields its address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if not meets(self):
                to = PAGES.get(self.path)
                status = 404 if to is None else 200
                answer(self, status, PAGE.format(page=self.path) if to else "The end.")

        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["Content-Length"]))
            if sent.count(b"csrf=") != 1 or b"q=1" not in sent or b"move=next" not in sent:
                answer(self, 403, "")
            elif not meets(self):
                answer(self, 302, "", f"Location: {PAGES[self.path]}")

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    class Server(ThreadingHTTPServer):
        request_queue_size = 128

        def handle_error(self, *_: object) -> None:
            """Says nothing of those that were meant to break off."""

    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def answer(handler: BaseHTTPRequestHandler, status: int, body: str, *headers: str) -> None:
    """A whole answer."""
    content = body.encode()
    handler.send_response(status)
    for header in (*headers, f"Content-Length: {len(content)}"):
        name, _, text = header.partition(": ")
        handler.send_header(name, text)
    handler.end_headers()
    handler.wfile.write(content)
