"""How far participants had come when a look ran."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Count, Max, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Greatest

from analysis.distributions import Flow
from analysis.eligibility import eligible
from analysis.integrity_results import StepIntegrity
from analysis.schedule import Standing
from experiments.design import Method
from experiments.models import DesignVersion
from responses.models import Allocation, Participant, State

# When something happened to a participant that a look counts.
EVENTS = ("entered_at", "exposed_at", "completed_at", "ended_at")


def flow_of(standing: Standing, integrity: Sequence[StepIntegrity], analysed: int) -> Flow:
    """Everybody by where they are now; two statements, and another if the plan excludes anybody."""
    counted = list(
        Participant.objects.filter(study=standing.study, mode=standing.mode)
        .order_by()
        .values_list("state")
        .annotate(n=Count("id"), last=Max(Greatest(*EVENTS)))
    )
    arms = integrity[0].arms if integrity else ()
    exposed = [arm.exposed for arm in arms if arm.exposed is not None]
    excluded = standing.completes - standing.eligible
    return Flow(
        states={state: n for state, n, _last in counted},
        allocated=sum(arm.assigned for arm in arms) if arms else None,
        exposed=sum(exposed) if arms and len(exposed) == len(arms) else None,
        excluded=excluded,
        analysed=analysed,
        excluded_by_arm=_by_arm(standing) if excluded else {},
        until=_last([last for _state, _n, last in counted], standing),
    )


def excluded_completes(version: DesignVersion, mode: str) -> QuerySet[Participant]:
    """Who completed and is taken out by that version's plan, which governs the mode."""
    people = Participant.objects.filter(study=version.study_id, mode=mode, state=State.COMPLETED)
    return people.exclude(eligible(version.design)).order_by()


def _last(events: Sequence[datetime], standing: Standing) -> datetime | None:
    """The last of these events and of the allocations."""
    rows = Allocation.objects.filter(version__study=standing.study, mode=standing.mode)
    allocated = rows.aggregate(last=Max("allocated_at"))["last"]
    return max([*events, *([allocated] if allocated else [])], default=None)


def _by_arm(standing: Standing) -> dict[str, dict[str, int]]:
    """How many of them had each arm of each randomisation that gives one."""
    design = standing.version.design
    steps = [step.code for step in design.randomisations if step.method is not Method.DECK]
    held = [KT(f"assignments__{step}__arm") for step in steps]
    rows = excluded_completes(standing.version, standing.mode).values_list(*held)
    found: dict[str, dict[str, int]] = {step: {} for step in steps}
    for *arms, n in rows.annotate(n=Count("id")) if steps else ():
        for step, arm in zip(steps, arms, strict=True):
            if arm:
                found[step][arm] = found[step].get(arm, 0) + n
    return found
