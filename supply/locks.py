"""PURE: what a lock file pins."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

# `name==version`, with the machines that it is for behind a semicolon, and a line for each hash.
PIN = re.compile(r"(?P<name>[a-z0-9-]+)==(?P<version>[^ ;]+)(?: ; (?P<marker>.+?))? \\")
HASH = re.compile(r"    --hash=sha256:(?P<digest>[0-9a-f]{64})(?: \\)?")


@dataclass(frozen=True, order=True)
class Pin:
    """One package in one version; `marker` says on which machines, "" on all."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]


def pins(lock: str) -> list[Pin]:
    """Each package of the text of a lock file; ValueError at a line that is none of a lock."""
    return [
        Pin(each["name"], each["version"], each["marker"] or "", hashes)
        for each, hashes in _entries(lock)
    ]


def _entries(lock: str) -> Iterator[tuple[re.Match[str], tuple[str, ...]]]:
    named: re.Match[str] | None = None
    hashes: list[str] = []
    for number, line in enumerate(lock.splitlines(), start=1):
        if found := HASH.fullmatch(line):
            hashes.append(found["digest"])
            continue
        if named:
            yield named, tuple(hashes)
        named, hashes = PIN.fullmatch(line), []
        if named is None:
            raise ValueError(f"line {number} of the lock is neither a pin nor a hash: {line}")
    if named:
        yield named, tuple(hashes)


def without_markers(pinned: list[Pin]) -> str:
    """A lock of the same packages that every machine reads whole."""
    return "".join(
        " \\\n".join([f"{pin.name}=={pin.version}", *_hashes(pin)]) + "\n" for pin in pinned
    )


def _hashes(pin: Pin) -> list[str]:
    return [f"    --hash=sha256:{digest}" for digest in pin.hashes]
