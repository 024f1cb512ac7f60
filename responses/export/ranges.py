"""PURE: which part of a file a download asks for, so that one that broke off goes on.

After RFC 9110, section 14.
"""

import re

_RANGE = re.compile(r"bytes=(\d*)-(\d*)", re.IGNORECASE)
# Longer numbers are no place in a file, and cost time to read.
_LONGEST = 40


class UnsatisfiableError(Exception):
    """The file has no such part."""


def asked_range(header: str, size: int) -> range | None:
    """The bytes that a Range header asks for; None for the whole file.

    Several parts, other units and what can't be read are answered by the whole, as is allowed.
    Raises UnsatisfiableError.
    """
    match = _RANGE.fullmatch(header.strip()) if len(header) <= _LONGEST else None
    if match is None or match.group(1) == match.group(2) == "":
        return None
    first, last = match.groups()
    if not first:
        start, end = max(0, size - int(last)), size
    else:
        start, end = int(first), min(size, int(last) + 1 if last else size)
        if last and int(last) < start:
            return None
    if start >= end:
        raise UnsatisfiableError
    return range(start, end)
