"""PURE: what the looks to come may bring, and the right numbers once there is none."""

from collections.abc import Sequence
from dataclasses import replace
from math import sqrt

from analysis.decision import Decision, Hypothesis
from analysis.found import Found
from analysis.monitoring import Monitor
from analysis.results import ContrastResult
from analysis.statistics.boundary import Boundary
from analysis.statistics.conditional import Outlook, conditional_power, predictive_power
from analysis.statistics.estimate import Estimate, NotEstimable, normal_statistic
from analysis.statistics.stagewise import AfterStopping, after_stopping
from experiments.design import Equivalence, Family, Plan


def with_outlook(hypothesis: Hypothesis, contrast: ContrastResult, monitor: Monitor) -> Hypothesis:
    """A primary hypothesis with its conditional and predictive power, and whether it is futile.

    Conditional power is that of the smallest effect, in the direction in which it is likelier to
    be found. Both are of the normal statistic that has the look's p, as bounds are. A hypothesis
    that is decided, or has no look to come, has neither.
    """
    size, found = monitor.plan.smallest_effect, contrast.announced
    open_still = hypothesis.family is Family.PRIMARY and not hypothesis.decided
    if monitor.anytime or not (monitor.coming and open_still and size and found):
        return hypothesis
    if found.value is None:
        why = Found[float](why_not=found.why_not)
        return replace(hypothesis, conditional_power=why, predictive_power=why)
    value, here = found.value, monitor.fractions[-1]
    boundary = _ahead(monitor, hypothesis.alpha or monitor.plan.alpha)
    drift, z = size / (value.se * sqrt(here)), normal_statistic(value)
    chances = [_either(conditional_power(boundary, here, z, way)) for way in (drift, -drift)]
    numbers = [each for each in chances if not isinstance(each, NotEstimable)]
    power = max(numbers) if numbers else chances[0]
    limit = monitor.plan.futility
    return replace(
        hypothesis,
        conditional_power=Found.of(power),
        predictive_power=Found.of(_either(predictive_power(boundary, here, z))),
        futile=limit is not None and not isinstance(power, NotEstimable) and power < limit,
    )


def _ahead(monitor: Monitor, alpha: float) -> Boundary:
    """The bounds of the looks so far and of those to come as they are planned."""
    fractions = (*monitor.fractions, *monitor.coming)
    whole = replace(monitor, fractions=fractions, final=True)
    return Boundary.of(whole.bounds_at(alpha))


def _either(outlook: Outlook | NotEstimable) -> float | NotEstimable:
    return outlook if isinstance(outlook, NotEstimable) else outlook.high + outlook.low


def decides_alone(plan: Plan) -> bool:
    """Whether the bounds of one hypothesis of one row alone say when the study stops."""
    primary = [each for each in plan.contrasts if each.family is Family.PRIMARY]
    rules = plan.futility is not None or plan.harm_level is not None
    return len(primary) == 1 and plan.equivalence is Equivalence.NONE and not rules


def after_stop(
    decision: Decision, history: Sequence[Sequence[ContrastResult]], monitor: Monitor
) -> Decision:
    """The decision with the stage-wise answers of its primary hypotheses, if the study ends here.

    Each is read by its own bounds with all of alpha.
    """
    if monitor.anytime or not (decision.stops or monitor.final):
        return decision
    now = {each.code: each for each in history[-1]}
    return replace(
        decision,
        hypotheses=tuple(
            replace(each, after_stopping=_stopped(each.contrast, history, monitor))
            if each.family is Family.PRIMARY and now[each.contrast].announced
            else each
            for each in decision.hypotheses
        ),
    )


def _stopped(
    code: str, history: Sequence[Sequence[ContrastResult]], monitor: Monitor
) -> Found[AfterStopping] | None:
    """The stage-wise answer; rows after an earlier crossing count as Whitehead 1992 counts them."""
    paths = [next(each for each in look if each.code == code) for look in history]
    found = paths[-1].announced
    if found is None or found.value is None:
        return Found(why_not=found.why_not) if found else None
    bounds = monitor.bounds
    crossed = [
        place
        for place, each in enumerate(paths[:-1])
        if each.p and each.p.value is not None and each.p.value <= bounds[place].nominal_p
    ]
    kept = (*bounds[: crossed[0]], bounds[-1]) if crossed else bounds
    value = found.value
    answer = after_stopping(
        Boundary.of(kept),
        len(kept),
        estimate=value.estimate,
        se=_as_normal(value),
        alpha=monitor.plan.alpha,
    )
    return Found.of(answer)


def _as_normal(value: Estimate) -> float:
    """The standard error at which a normal statistic has the p that Student's t gave."""
    z = normal_statistic(value)
    return value.se if z == value.statistic else value.estimate / z
