"""What the commands of this room share: who runs them, and files in and out."""

import getpass
import os
import sys
from pathlib import Path

from django.core.management.base import CommandError


def shell_user() -> str:
    """The name of whoever runs a command, for records of what they did."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):  # a container's number without a name
        name = f"user {os.getuid()}"
    return f"{name} (shell)"


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
