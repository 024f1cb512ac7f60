"""What the commands of this room share: files in and out."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from django.core.management.base import CommandError

# What a shell reports of a program whose reader went away: 128 + SIGPIPE.
READER_LEFT = 141


def content_of(path: Path) -> bytes:
    """What a file holds; CommandError if it can't be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise CommandError(f"{path} can't be read: {error.strerror}.") from None


def write_result(content: bytes, output: Path | None) -> None:
    """Writes to a new file, or to standard output; CommandError if it can't be done."""
    try:
        if output is None:
            sys.stdout.buffer.write(content)
            sys.stdout.buffer.flush()
        else:
            # Links that were made are told once: no file that is there is overwritten.
            with output.open("xb") as file:
                file.write(content)
    except OSError as error:
        name = output or "standard output"
        raise CommandError(f"{name} can't be written: {error.strerror}.") from None


def standard_output() -> BinaryIO:
    """Where bytes go that are meant for a pipe or a file of the shell's."""
    return sys.stdout.buffer


@contextmanager
def quietly_if_left() -> Iterator[None]:
    """Ends the program without a word if whoever read its output has had enough."""
    try:
        yield
    except BrokenPipeError:
        # Python would complain when it closes the pipe.
        os.dup2(os.open(os.devnull, os.O_WRONLY), standard_output().fileno())
        raise SystemExit(READER_LEFT) from None


def broken_off(error: Exception) -> CommandError:
    """What to say of an export that its database or its disk left in the middle."""
    why = " ".join(str(error).split())
    return CommandError(f"The export broke off, the file is not whole: {why}")
