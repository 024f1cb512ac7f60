"""The numbers of a look's plots with their names, from what it and those before it stored."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from django.utils.translation import gettext as _

from analysis.distributions import LEFT, Distribution, Flow
from analysis.drawing import named
from analysis.information import counted
from analysis.look_figures import ArmSteps, Bars, Course, Limit, Path, Step
from analysis.models import Look
from analysis.monitoring import Monitor
from analysis.results import ContrastResult, Results, from_builtins
from analysis.statistics.estimate import normal_statistic
from analysis.wording import Wording
from experiments.design import Family, Multiplicity
from responses.models import State

# Everybody but those who completed, in the order in which they are told beside a box.
GONE = (
    *(State.REFUSED, State.SCREENED_OUT, State.QUOTA_FULL),
    *(State.ANSWERING, State.WITHDRAWN),
)


@dataclass(frozen=True)
class Spent:
    """What a look found, with its information and its participants."""

    fraction: float
    n: int
    results: Results


def looks_so_far(look: Look, results: Results) -> tuple[Spent, ...]:
    """The looks of its study and mode up to this one; one statement."""
    earlier = look.study.looks.filter(mode=look.mode, number__lt=look.number).order_by("number")
    found = [*((each, from_builtins(each.results)) for each in earlier), (look, results)]
    return tuple(Spent(counted(each, its.bound), each.n, its) for each, its in found)


def names_of(words: Wording, kind: str) -> Callable[[ContrastResult], str]:
    """How a plot of that kind names a contrast."""
    return lambda contrast: named(kind, words.text(contrast.label), contrast.code)


def paths(looks: Sequence[Spent], name: Callable[[ContrastResult], str]) -> tuple[Path, ...]:
    """Z of the announced estimate of each primary main effect, at the looks that could tell it.

    The z that has the p of its t, since the bounds beside it are those of a normal statistic.
    """
    found = []
    for contrast in _primary(looks[-1].results):
        told = [
            (look.fraction, normal_statistic(there.value))
            for look in looks
            for each in look.results.contrasts
            if each.code == contrast.code and (there := each.announced) and there.value
        ]
        found.append(Path(name(contrast), tuple(t for t, _z in told), tuple(z for _t, z in told)))
    return tuple(found)


def courses(looks: Sequence[Spent], name: Callable[[ContrastResult], str]) -> tuple[Course, ...]:
    """The confidence sequence of each primary main effect, at the looks that could tell it."""
    found = []
    for contrast in _primary(looks[-1].results):
        told = [
            (look.n, there)
            for look in looks
            for each in look.results.contrasts
            if each.code == contrast.code and (there := each.rows[0].repeated.value)
        ]
        found.append(
            Course(
                label=name(contrast),
                n=tuple(n for n, _value in told),
                estimates=tuple(value.estimate for _n, value in told),
                low=tuple(value.low for _n, value in told),
                high=tuple(value.high for _n, value in told),
            )
        )
    return tuple(found)


def _primary(results: Results) -> list[ContrastResult]:
    return [c for c in results.contrasts if c.family is Family.PRIMARY and c.joint is None]


def limits(look: Look, results: Results) -> Iterator[Limit]:
    """The bounds with all of alpha and with the share that the primary contrasts begin with."""
    plan = look.version.design.plan
    so_far = tuple(bound.fraction for bound in results.bounds)
    monitor = Monitor(plan, so_far, (0,) * len(so_far), final=look.final, size=plan.sample_size)
    whole = replace(monitor, fractions=(*so_far, *monitor.coming), final=True)
    shares = [(plan.alpha, _("bounds with all of alpha"))]
    primary = sum(each.family is Family.PRIMARY for each in plan.contrasts)
    if primary > 1 and plan.multiplicity is Multiplicity.HOLM:
        shares.append((plan.alpha / primary, _("bounds with the share of alpha to begin with")))
    for alpha, said in shares:
        found = whole.bounds_at(alpha)
        yield Limit(said, tuple(b.fraction for b in found), tuple(b.z for b in found))


def bars(found: Sequence[Distribution], words: Wording, kind: str) -> tuple[Bars, ...]:
    """The values of outcome or scale in each arm of the cut."""
    return tuple(
        Bars(
            named(kind, words.arm(each.randomisation, each.arm), each.arm),
            each.values,
            each.counts,
        )
        for each in found
    )


def arm_steps() -> tuple[str, ...]:
    """The steps of an arm's way, as `ArmSteps` counts them."""
    return (
        *(_("Allocated"), _("Saw the vignette"), _("Completed")),
        *(_("Excluded by the plan"), _("Analysed")),
    )


def arms_flow(results: Results, words: Wording, kind: str) -> tuple[ArmSteps, ...]:
    """How far each arm of each randomisation came, as it stood when the look ran."""
    analysed = {(each.randomisation, each.arm): each.n for each in results.arms}
    return tuple(
        ArmSteps(
            named(kind, words.arm(step.randomisation, arm.arm), arm.arm),
            (
                arm.assigned,
                arm.exposed,
                arm.completed,
                _excluded(results.flow, step.randomisation, arm.arm),
                analysed.get((step.randomisation, arm.arm)),
            ),
        )
        for step in results.integrity or ()
        for arm in step.arms
        if arm.assigned
    )


def _excluded(flow: Flow | None, randomisation: str, arm: str) -> int | None:
    """How many completes of an arm the plan takes out; None where it was not counted by arm."""
    if flow is None or (flow.excluded and randomisation not in flow.excluded_by_arm):
        return None
    return flow.excluded_by_arm.get(randomisation, {}).get(arm, 0)


def flow_steps(results: Results) -> list[Step]:
    """The boxes of the flow; empty for a look of before they were counted.

    Each has as many as the one before less those who left beside it.
    """
    found = results.flow
    if found is None:
        return []
    completed = found.states.get(State.COMPLETED.value, 0)
    after = [(_("excluded by the plan"), found.excluded)] if found.excluded else []
    if later := completed - found.excluded - found.analysed:
        after.append((_("completed after this look’s cut"), later))
    return [
        *_steps_to_the_end(found),
        Step(_("Completed"), completed, tuple(after)),
        Step(_("Analysed"), found.analysed),
    ]


def _steps_to_the_end(flow: Flow) -> list[Step]:
    """The boxes before Completed: how many came there, and whom they lost there."""
    boxes = _boxes(flow)
    left = _stages(flow, boxes) if flow.left is None else _kept(flow.left, boxes)
    # Where some completed past a box, what is known is where everybody ended.
    if left is None:
        boxes, left = boxes[:1], [_told(flow.states)]
    steps, here = [], boxes[0][1]
    for (label, _n), lost in zip(boxes, left, strict=True):
        steps.append(Step(label, here, lost))
        here -= sum(n for _label, n in lost)
    return steps


def _boxes(flow: Flow) -> list[tuple[str, int]]:
    counts = (
        (_("Entered"), sum(flow.states.values())),
        (_("Allocated to an arm"), flow.allocated),
        (_("Saw the vignette"), flow.exposed),
    )
    return [(label, n) for label, n in counts if n is not None]


def _kept(
    left: Mapping[str, Mapping[str, int]], boxes: Sequence[tuple[str, int]]
) -> list[tuple[tuple[str, int], ...]] | None:
    """Who left after each box, as the look kept it; None if some completed without an arm."""
    if left["entered"].get(State.COMPLETED.value):
        return None
    return [_told(left[stage]) for stage, _box in zip(LEFT, boxes, strict=False)]


def _stages(
    flow: Flow, boxes: Sequence[tuple[str, int]]
) -> list[tuple[tuple[str, int], ...]] | None:
    """The same of a look that kept the boxes' counts alone, which tell the states together.

    Who refused left after the first. None if there is but one, or if the counts do not fall.
    """
    refused = flow.states.get(State.REFUSED.value, 0)
    others = _told({**flow.states, State.REFUSED.value: 0})
    together = " / ".join(label for label, _n in others)
    counts = [*(n for _label, n in boxes), flow.states.get(State.COMPLETED.value, 0)]
    counts[0] -= refused
    lost = [before - after for before, after in pairwise(counts)]
    if len(boxes) == 1 or min(lost) < 0:
        return None
    found = [((together, n),) if n else () for n in lost]
    return [(*_told({State.REFUSED.value: refused}), *found[0]), *found[1:]]


def _told(states: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    """How many of each state left, in the order of `GONE`; those of whom there are any."""
    return tuple((str(state.label), n) for state in GONE if (n := states.get(state.value, 0)))
