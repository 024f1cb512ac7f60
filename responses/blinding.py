"""What stays secret while a live study collects: who was given which arm, and what tells it.

Manipulation checks nearly give the arm away, so they are as secret as the arm.
"""

from functools import lru_cache

from experiments.models import Status
from experiments.variables.arm_conditions import (
    pages_by_arm,
    pages_since_shown,
    telling_items,
    way_tells,
)
from responses.designs import version_of
from responses.models import Mode, Participant


def is_blinded(*, status: str, mode: str) -> bool:
    """Whether arms are secret outside the cuts of spent looks: until a live study closes."""
    return mode == Mode.LIVE and status != Status.CLOSED


def arm_is_secret(participant: Participant) -> bool:
    """Whether nobody may see this participant's arm yet."""
    blinded = is_blinded(status=participant.study.status, mode=participant.mode)
    return blinded and participant.first_look is None


def secret_items(participant: Participant) -> frozenset[str]:
    """The items whose answers, or whose being asked, would tell this participant's arm."""
    if not arm_is_secret(participant):
        return frozenset()
    return _told(participant.version_id)[0]


def secret_pages(participant: Participant) -> frozenset[str]:
    """The pages whose having been sent would tell this participant's arm."""
    return _told(participant.version_id)[1] if arm_is_secret(participant) else frozenset()


def untimed_pages(participant: Participant) -> frozenset[str]:
    """The pages whose times could tell which text this participant read."""
    return _told(participant.version_id)[2] if arm_is_secret(participant) else frozenset()


def way_is_secret(participant: Participant) -> bool:
    """Whether nobody may see on which page they are: some pages or items are shown by arm."""
    return arm_is_secret(participant) and way_tells(version_of(participant.version_id).design)


@lru_cache(maxsize=256)
def _told(version_id: int) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """The items and the pages of a version that tell its arms, and those whose times could."""
    design = version_of(version_id).design
    return telling_items(design), pages_by_arm(design), pages_since_shown(design)
