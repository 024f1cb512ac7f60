"""Marks in a rendered page: holes that a request fills, and where items and options begin and end.

A mark carries a word that nobody outside this process knows, so no text holds one.
"""

import re
import secrets

from experiments.vignette import render, slots

# It begins and ends like a word does, so that Markdown takes it for what will stand there.
BOUNDARY, TAIL = secrets.token_hex(8), secrets.token_hex(4)
MARK = re.compile(rf"{BOUNDARY}-([a-z_]+)(?:\.([a-z0-9_-]+?))?-{TAIL}")


def hole(name: str) -> str:
    """The mark of a hole; the part after a point says whose it is."""
    return f"{BOUNDARY}-{name}-{TAIL}"


def as_address(address: str) -> str:
    """A link's address whose slots are filled percent-encoded."""
    return MARK.sub(lambda mark: hole(f"url.{mark[2]}"), address)


def piped_text(text: str) -> str:
    """A text with a hole in place of each slot."""
    return render(text, {name: hole(f"pipe.{name}") for name in slots(text)})
