"""Lines that break in the middle, and clients that never come to the end of what they send."""

import os
import pwd
import re
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import httpx

from coprod_site.embedded import ROOT
from tests.chaos.people import PatientBrowser
from tests.chaos.stage import Stage
from tests.processes import free_port

OPERATIONS = ROOT / "docs" / "operations.md"
HEADER = b"GET /s/chaos/ HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
BODY = (
    b"POST /s/chaos/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n\r\nnonce="
)


def cut(stage: Stage) -> str:
    """Breaks connections for some seconds, in the middle of requests and of answers."""
    line = stage.line
    before = line.broken_requests, line.broken_responses
    line.breaks = stage.random.choice([0.05, 0.15, 0.3])
    try:
        end = time.monotonic() + stage.lasting(3, 10)
        while (
            time.monotonic() < end
            or line.broken_requests == before[0]
            or line.broken_responses == before[1]
        ):
            time.sleep(0.05)
    finally:
        line.breaks = 0.0
    stage.count("requests cut", line.broken_requests - before[0])
    stage.count("answers cut", line.broken_responses - before[1])
    return "connections cut"


def slow_headers(stage: Stage) -> str:
    """Hundreds of clients who send a byte of a header now and then; people are served beside."""
    number = 100 if stage.short else 500
    with dawdling(stage.machine.port, HEADER, number) as there:
        time.sleep(stage.lasting(3, 15))
        _served_beside(stage, there, number)
    stage.count("slow clients", number)
    return f"{number} slow clients"


def slow_bodies(stage: Stage) -> str:
    """Hundreds who send a byte of a body now and then, to the proxy as operations.md has it."""
    number = 100 if stage.short else 300
    with proxy(stage) as port, dawdling(port, BODY, number) as there:
        address = f"http://127.0.0.1:{port}/s/{stage.study.slug}/"
        end = time.monotonic() + stage.lasting(3, 15)
        while time.monotonic() < end:
            assert httpx.get(address, timeout=60).status_code == 200
            time.sleep(0.2)
        _served_beside(stage, there, number)
    stage.count("slow clients", number)
    return f"{number} slow clients with bodies, before a proxy"


def _served_beside(stage: Stage, there: Callable[[], int], number: int) -> None:
    """Waits until people were answered twenty times more while all slow clients were there."""
    before = PatientBrowser.answered
    stage.machine.until(
        lambda: PatientBrowser.answered > before + 20 and there() == number,
        "people to be served beside slow clients",
    )


@contextmanager
def proxy(stage: Stage) -> Iterator[int]:
    """nginx before the site, with what operations.md says of it; yields its port."""
    program, folder, port = shutil.which("nginx"), stage.machine.var / "nginx", free_port()
    assert program, "install nginx (on Debian nginx-light), or leave slow-bodies out with --only"
    told = re.search(r"^```\n(client_header_timeout .*?)```", OPERATIONS.read_text(), re.M | re.S)
    assert told, "operations.md has no settings of nginx"
    folder.mkdir(exist_ok=True)
    own = pwd.getpwuid(os.geteuid()).pw_name
    places = "".join(
        f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi")
    ) + "".join(f"{name}_temp_path {folder}/{name};" for name in ("uwsgi", "scgi"))
    (folder / "nginx.conf").write_text(
        f"{f'user {own};' if os.geteuid() == 0 else ''} daemon off; pid {folder}/pid;"
        f"error_log {folder}/error.log; events {{ worker_connections 4096; }}"
        f"http {{ access_log off; {places} {told[1]} server {{ listen 127.0.0.1:{port};"
        f"location / {{ proxy_pass http://127.0.0.1:{stage.machine.port};"
        "proxy_set_header Host $http_host; } } }"
    )
    process = subprocess.Popen([program, "-c", folder / "nginx.conf", "-e", folder / "error.log"])
    try:
        stage.machine.until(lambda: _listens(port), "nginx to listen")
        yield port
    finally:
        process.terminate()
        process.wait(30)


def _listens(port: int) -> bool:
    with socket.socket() as end:
        return end.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def dawdling(port: int, beginning: bytes, number: int) -> Iterator[Callable[[], int]]:
    """So many connections that send a byte each second while the block lasts.

    Who is sent away comes again. Yields what tells how many are open and were told nothing.
    """
    over = threading.Event()
    ends = [_begun(port, beginning) for _n in range(number)]

    def dawdle() -> None:
        while not over.wait(1.0):
            for place, end in enumerate(ends):
                with suppress(OSError):
                    if _waits(end):
                        end.send(b"x")
                    else:
                        end.close()
                        ends[place] = _begun(port, beginning)

    thread = threading.Thread(target=dawdle)
    thread.start()
    try:
        yield lambda: sum(map(_waits, ends))
    finally:
        over.set()
        thread.join()
        for end in ends:
            end.close()


def _begun(port: int, beginning: bytes) -> socket.socket:
    end = socket.create_connection(("127.0.0.1", port), timeout=30)
    end.sendall(beginning)
    end.setblocking(False)
    return end


def _waits(end: socket.socket) -> bool:
    """Whether the other side keeps the line and has said nothing."""
    try:
        end.recv(1, socket.MSG_PEEK)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False
