"""PURE: the modes of a participant, and which launched version each of them enters."""

from enum import StrEnum
from typing import TypeVar

T = TypeVar("T")


class ModeCode(StrEnum):
    """Whether a participant counts: only live ones are the study's data."""

    LIVE = "live"
    PILOT = "pilot"
    REHEARSAL = "rehearsal"


def version_for(mode: str, *, live: T | None, pilot: T | None) -> T | None:
    """The version that somebody of this mode enters and that their looks analyse by.

    Rehearsals take what is live, and before that the pilot's.
    """
    if mode == ModeCode.LIVE:
        return live
    return pilot if mode == ModeCode.PILOT else live or pilot
