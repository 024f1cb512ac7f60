"""How far participants had come when a look ran."""

from collections.abc import Sequence

from django.db.models import Count

from analysis.distributions import Flow
from analysis.integrity_results import StepIntegrity
from analysis.schedule import Standing
from responses.models import Participant


def flow_of(standing: Standing, integrity: Sequence[StepIntegrity], analysed: int) -> Flow:
    """Everybody by where they are now, all arms together; one statement."""
    counted = (
        Participant.objects.filter(study=standing.study, mode=standing.mode)
        .order_by()
        .values_list("state")
        .annotate(n=Count("id"))
    )
    arms = integrity[0].arms if integrity else ()
    exposed = [arm.exposed for arm in arms if arm.exposed is not None]
    return Flow(
        states=dict(counted),
        allocated=sum(arm.assigned for arm in arms) if arms else None,
        exposed=sum(exposed) if arms and len(exposed) == len(arms) else None,
        excluded=standing.completes - standing.eligible,
        analysed=analysed,
    )
