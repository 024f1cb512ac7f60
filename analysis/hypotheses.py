"""PURE: from a look's contrasts and those of the looks before to its decision."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from analysis.decision import Decision, Hypothesis, recommended
from analysis.equivalent import equivalences
from analysis.found import Found
from analysis.monitoring import Monitor
from analysis.outlook import after_stop, decides_alone, with_outlook
from analysis.results import ContrastResult, PastLook
from analysis.statistics.estimate import Estimate, JointTest, NotEstimable, Reason
from analysis.statistics.graphs import Graph, gatekeeping, graph_test
from analysis.statistics.graphs_over_looks import Rejection, p_over_looks, rejections
from analysis.statistics.multiplicity import P, benjamini_hochberg
from experiments.design import Direction, Family, Multiplicity


def decide(
    contrasts: Sequence[ContrastResult], monitor: Monitor, before: Sequence[PastLook]
) -> Decision:
    """The decision of this look; `before` has the results of the looks that count, in order.

    Without the numbers that take a search, which `completed` adds.
    """
    history = [*(each.contrasts for each in before), contrasts]
    rejected = _rejected(history, monitor)
    equivalent = equivalences(contrasts, monitor, before)
    hypotheses = []
    for contrast in contrasts:
        held = rejected.get(contrast.code, Hypothesis(contrast.code, contrast.family))
        found = replace(held, harmful=_harmful(contrast, monitor))
        if contrast.code in equivalent:
            found = replace(
                found,
                equivalence=equivalent[contrast.code].found,
                equivalent_at=equivalent[contrast.code].at,
            )
        hypotheses.append(with_outlook(found, contrast, monitor))
    return Decision(
        action=recommended(hypotheses, final=monitor.final),
        hypotheses=tuple(hypotheses),
        exact=decides_alone(monitor.plan),
        final=monitor.final,
    )


def completed(
    decision: Decision,
    contrasts: Sequence[ContrastResult],
    monitor: Monitor,
    before: Sequence[PastLook],
) -> Decision:
    """The decision with adjusted p-values, and if the study ends here its stage-wise answers.

    An adjusted p is the least alpha that would reject the hypothesis.
    """
    history = [*(each.contrasts for each in before), contrasts]
    found: dict[str, P] = {}
    for tested in _families(contrasts, monitor):
        least = [
            p_over_looks(_path(history, code), monitor.fractions, monitor.levels)
            for code in tested.hypotheses
        ]
        found |= zip(tested.hypotheses, graph_test(tested, least).p, strict=True)
    exploratory = [each for each in contrasts if each.family is Family.EXPLORATORY]
    own = [_p(each) for each in exploratory]
    if own:
        names = [each.code for each in exploratory]
        found |= zip(names, benjamini_hochberg(own).p, strict=True)
    told = replace(
        decision,
        hypotheses=tuple(
            replace(each, adjusted_p=Found.of(found[each.contrast])) for each in decision.hypotheses
        ),
    )
    return after_stop(told, history, monitor)


def _families(contrasts: Sequence[ContrastResult], monitor: Monitor) -> list[Graph]:
    """The graphs by which contrasts share alpha: one, or one for each if they do not share."""
    primary = [each.code for each in contrasts if each.family is Family.PRIMARY]
    secondary = [each.code for each in contrasts if each.family is Family.SECONDARY]
    if monitor.plan.multiplicity is Multiplicity.NONE:
        return [gatekeeping([code]) for code in (*primary, *secondary)]
    return [gatekeeping(*filter(None, (primary, secondary)))] if primary or secondary else []


def _rejected(
    history: Sequence[Sequence[ContrastResult]], monitor: Monitor
) -> Mapping[str, Hypothesis]:
    """The tested hypotheses with what they hold of alpha, and the looks that rejected them."""
    families = {each.code: each.family for each in history[-1]}
    told: dict[str, Hypothesis] = {}
    for tested in _families(history[-1], monitor):
        table = [[_p_of(look, code) for code in tested.hypotheses] for look in history]
        held, left = rejections(
            tested, table, monitor.fractions, monitor.levels, alpha=monitor.plan.alpha
        )
        for place, code in enumerate(tested.hypotheses):
            alpha = float(left.weights[place]) * monitor.plan.alpha
            told[code] = _told(code, families[code], held.get(place), alpha, monitor)
    return _gated(told) if monitor.plan.multiplicity is Multiplicity.NONE else told


def _told(
    code: str, family: Family, held: Rejection | None, alpha: float, monitor: Monitor
) -> Hypothesis:
    alpha = held.alpha if held else alpha
    return Hypothesis(
        contrast=code,
        family=family,
        rejected_at=monitor.numbers[held.rejected_at - 1] if held else None,
        crossed_at=monitor.numbers[held.crossed_at - 1] if held else None,
        alpha=alpha,
        level=monitor.level(alpha) if alpha else None,
    )


def _gated(told: Mapping[str, Hypothesis]) -> Mapping[str, Hypothesis]:
    """Secondary hypotheses that share no alpha still wait for all primary ones."""
    primary = [each.rejected_at for each in told.values() if each.family is Family.PRIMARY]
    opened = max((at for at in primary if at), default=0) if all(primary) else None
    found = dict(told)
    for code, each in told.items():
        if each.family is not Family.SECONDARY:
            continue
        if opened is None:
            found[code] = Hypothesis(code, each.family)
        elif each.rejected_at:
            found[code] = replace(each, rejected_at=max(each.rejected_at, opened))
    return found


def _harmful(contrast: ContrastResult, monitor: Monitor) -> bool:
    """Whether the contrast's effect in the harmful direction has a p that ends the study."""
    level, found = monitor.plan.harm_level, contrast.announced
    if level is None or found is None or found.value is None:
        return False
    sign = -1 if monitor.plan.harm_direction is Direction.LOWER else 1
    one_sided = found.value.p / 2 if sign * found.value.statistic > 0 else 1.0
    return one_sided <= level


def _path(history: Sequence[Sequence[ContrastResult]], code: str) -> list[P]:
    return [_p_of(look, code) for look in history]


def _p_of(look: Sequence[ContrastResult], code: str) -> P:
    return _p(next(each for each in look if each.code == code))


def _p(contrast: ContrastResult) -> P:
    """The p by which a look tested the contrast, or why it has none."""
    found: Found[float] | Found[JointTest] | Found[Estimate] | None = contrast.p
    if found is None:
        # A look of an earlier version of Coprod, which tested by the nominal p.
        found = contrast.joint or contrast.announced or Found()
    if found.why_not is not None or found.value is None:
        return found.why_not or NotEstimable(Reason.NO_ROWS, f"{contrast.code} has no p.")
    return found.value if isinstance(found.value, float) else found.value.p
