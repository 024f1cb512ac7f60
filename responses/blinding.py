"""What stays secret while a live study collects: who was given which arm, and what tells it.

Manipulation checks nearly give the arm away, so they are as secret as the arm.
"""

from experiments.models import Status
from experiments.variables import variables
from responses.models import Mode, Participant


def is_blinded(*, status: str, mode: str) -> bool:
    """Whether arms are secret outside the cuts of spent looks: until a live study closes."""
    return mode == Mode.LIVE and status != Status.CLOSED


def arm_is_secret(participant: Participant) -> bool:
    """Whether nobody may see this participant's arm yet."""
    blinded = is_blinded(status=participant.study.status, mode=participant.mode)
    return blinded and participant.first_look is None


def secret_items(participant: Participant) -> frozenset[str]:
    """The codes of the items whose answers would tell this participant's arm, if it is secret."""
    if not arm_is_secret(participant):
        return frozenset()
    design = participant.version.design
    return frozenset(variable.name for variable in variables(design) if variable.reveals_arm)
