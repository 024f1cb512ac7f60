"""How far participants had come when a look ran."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import BooleanField, Count, ExpressionWrapper, Max, Q, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Greatest

from analysis.distributions import LEFT, Flow
from analysis.eligibility import eligible
from analysis.integrity_results import StepIntegrity
from analysis.schedule import Standing
from experiments.design import Method
from experiments.models import DesignVersion
from responses.models import Allocation, Participant, State

# When something happened to a participant that a look counts.
EVENTS = ("entered_at", "exposed_at", "completed_at", "ended_at")
# Who completed has been exposed, also where the page's serving left no time.
SAW = ExpressionWrapper(Q(exposed_at__isnull=False) | Q(completed_at__isnull=False), BooleanField())


def flow_of(standing: Standing, integrity: Sequence[StepIntegrity], analysed: int) -> Flow:
    """Everybody by where they are now; two statements, and another if the plan excludes anybody."""
    step = integrity[0] if integrity else None
    counted = list(
        Participant.objects.filter(study=standing.study, mode=standing.mode)
        .order_by()
        .values_list("state", ExpressionWrapper(_holds(step), BooleanField()), SAW)
        .annotate(n=Count("id"), last=Max(Greatest(*EVENTS)))
    )
    states: Counter[str] = Counter()
    for state, _held, _seen, n, _at in counted:
        states[state] += n
    arms = step.arms if step else ()
    exposed = [arm.exposed for arm in arms if arm.exposed is not None]
    excluded = standing.completes - standing.eligible
    return Flow(
        states=dict(states),
        allocated=sum(arm.assigned for arm in arms) if arms else None,
        exposed=sum(exposed) if arms and len(exposed) == len(arms) else None,
        excluded=excluded,
        analysed=analysed,
        excluded_by_arm=_by_arm(standing) if excluded else {},
        until=_last([at for *_key, at in counted], standing),
        left=_left({(*key,): n for *key, n, _at in counted}, step) if step else None,
    )


def excluded_completes(version: DesignVersion, mode: str) -> QuerySet[Participant]:
    """Who completed and is taken out by that version's plan, which governs the mode."""
    people = Participant.objects.filter(study=version.study_id, mode=mode, state=State.COMPLETED)
    return people.exclude(eligible(version.design)).order_by()


def _holds(step: StepIntegrity | None) -> Q:
    """Who holds a row of the randomisation; nobody if there is none."""
    if step is None:
        return Q(pk__in=())
    held = Q(assignments__has_key=step.randomisation)
    return held & Q(version__number__in=step.versions)


def _left(
    counted: Mapping[tuple[str, bool, bool], int], step: StepIntegrity
) -> dict[str, dict[str, int]]:
    """Those of each state by the stage they left after, from how many held a row and saw a page.

    Who withdrew holds no row any more: of them as many were allocated as rows have no holder, and
    those who saw the vignette are among these.
    """
    recorded = all(arm.exposed is not None for arm in step.arms)
    cut_off = sum(arm.cut_off for arm in step.arms)
    found: dict[str, Counter[str]] = {stage: Counter() for stage in LEFT}
    # Those who saw it come first.
    for (state, held, seen), n in sorted(counted.items(), reverse=True):
        stage = "exposed" if seen and recorded else "allocated"
        allocated = n
        if not held:
            allocated = min(n, cut_off) if state == State.WITHDRAWN else 0
            cut_off -= allocated
        found["entered"][state] += n - allocated
        # Who completed went on from here.
        if state != State.COMPLETED:
            found[stage][state] += allocated
    return {stage: dict(+states) for stage, states in found.items()}


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
