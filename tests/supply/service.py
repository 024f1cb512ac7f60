"""A service that tells what is known against packages, as OSV does, on this machine."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

# What every such service knows: much is known against that release.
TOUCHSTONE = ("jinja2", "2.10")


def known(package: str, name: str, *fixed_in: str) -> dict[str, Any]:
    """One thing that is known against a package, in OSV's words."""
    events = [{"introduced": "0"}, *({"fixed": version} for version in fixed_in)]
    return {
        "id": name,
        "aliases": [name.replace("PYSEC", "CVE")],
        "summary": "it lets anybody in",
        "affected": [
            {
                "package": {"name": package, "ecosystem": "PyPI"},
                "ranges": [{"type": "ECOSYSTEM", "events": events}],
            }
        ],
    }


@contextmanager
def service(
    against: Mapping[tuple[str, str], list[dict[str, Any]]], *, answer: bytes | None = None
) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Its address, and what it was asked for; with `answer` it answers everything by that."""
    asked: list[tuple[str, str]] = []

    class Answer(BaseHTTPRequestHandler):
        """Answers one question about one release of one package."""

        def do_POST(self) -> None:
            query = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            release = (query["package"]["name"], query["version"])
            asked.append(release)
            found = against.get(release, [])
            body = answer or json.dumps({"vulns": found} if found else {}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/v1/query", asked
        finally:
            server.shutdown()
