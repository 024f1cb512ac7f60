"""Messages between a web server's process and the one that reckons for it, over their socket.

They go through memory alone: neither arguments nor files hold what somebody asked for.
"""

import socket
import time
from typing import TypeVar

import msgspec

# A message is told by its length in so many bytes, and then sent.
_LENGTH, _PIECE = 8, 1 << 16
Message = TypeVar("Message")


class Asked(msgspec.Struct, frozen=True):
    """A request: what WSGI knows of it, its body, and the number under which the log has it."""

    environ: dict[str, str]
    body: bytes
    number: str


class Answered(msgspec.Struct, frozen=True):
    """The response to it, as WSGI has it."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes


def send(line: socket.socket, message: Asked | Answered, until: float | None = None) -> None:
    """Sends it; TimeoutError if it is not taken until then, by the monotonic clock."""
    content = msgspec.msgpack.encode(message)
    _wait(line, until)
    line.sendall(len(content).to_bytes(_LENGTH) + content)


def receive(line: socket.socket, kind: type[Message], until: float | None = None) -> Message:
    """The next message; TimeoutError if it is not there until then, EOFError if none will come."""
    length = int.from_bytes(_read(line, _LENGTH, until))
    return msgspec.msgpack.decode(_read(line, length, until), type=kind)


def _read(line: socket.socket, length: int, until: float | None) -> bytes:
    came = bytearray()
    while len(came) < length:
        _wait(line, until)
        piece = line.recv(min(_PIECE, length - len(came)))
        if not piece:
            raise EOFError("The other process ended.")
        came += piece
    return bytes(came)


def _wait(line: socket.socket, until: float | None) -> None:
    """Sets how long the next act on the line may take."""
    if until is None:
        line.settimeout(None)
        return
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    line.settimeout(left)
