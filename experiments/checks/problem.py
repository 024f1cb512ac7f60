"""PURE: what a problem is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

_T = TypeVar("_T")


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: its place, as in ``pages[3].items[2].options``, and the remedy."""

    path: str
    message: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.message} — {self.remedy}"


def placed(things: Sequence[_T], path: str) -> Iterator[tuple[str, _T]]:
    """Each thing with its path."""
    for index, thing in enumerate(things):
        yield f"{path}[{index}]", thing


def listed(codes: Sequence[str]) -> str:
    """Codes as a person lists them, and what to say when there are none."""
    return ", ".join(codes) or "none so far"
