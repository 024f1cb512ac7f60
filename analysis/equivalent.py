"""PURE: which contrasts a look shows to be smaller than the smallest effect of interest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.found import Found
from analysis.monitoring import Monitor
from analysis.results import ContrastResult, PastLook
from analysis.statistics import tails
from analysis.statistics.equivalence import Equivalence as Tests
from analysis.statistics.equivalence import equivalence
from analysis.statistics.estimate import Estimate, NotEstimable
from analysis.statistics.multiplicity import holm
from experiments.design import Equivalence, Family, Multiplicity


@dataclass(frozen=True)
class Shown:
    """The tests of one contrast at this look, and the look that showed it to be equivalent."""

    found: Found[Tests]
    at: int | None


def equivalences(
    contrasts: Sequence[ContrastResult], monitor: Monitor, before: Sequence[PastLook]
) -> Mapping[str, Shown]:
    """The primary contrasts of one row that the plan's rule was put to; none without a rule.

    At looks by a repeated interval inside the bounds. At the last look too, or there by two
    one-sided tests. What an earlier look has shown stays shown.
    """
    plan = monitor.plan
    if plan.equivalence is Equivalence.NONE or plan.smallest_effect is None:
        return {}
    tested = {
        each.code: each.announced
        for each in contrasts
        if each.family is Family.PRIMARY and each.announced is not None
    }
    together = plan.equivalence_multiplicity is Multiplicity.HOLM
    two_tests = plan.equivalence is Equivalence.TWO_ONE_SIDED and monitor.final
    if two_tests and not monitor.anytime:
        found = {code: _tested(each, monitor, None) for code, each in tested.items()}
        shown = _together(found, plan.equivalence_alpha) if together else _alone(found)
    else:
        alpha = plan.alpha / len(tested) if together and tested else plan.alpha
        found = {code: _tested(each, monitor, alpha) for code, each in tested.items()}
        shown = _alone(found)
    return {
        code: Shown(each, _first(code, before) or (monitor.numbers[-1] if shown[code] else None))
        for code, each in found.items()
    }


def _tested(found: Found[Estimate], monitor: Monitor, alpha: float | None) -> Found[Tests]:
    """The tests at the plan's level, or, with an alpha, those that are its repeated interval."""
    if found.value is None:
        return Found(why_not=found.why_not)
    value, size = found.value, monitor.plan.smallest_effect or 0.0
    if alpha is None:
        level = monitor.plan.equivalence_alpha
    else:
        interval = monitor.interval(value, alpha)
        if isinstance(interval, NotEstimable):
            return Found(why_not=interval)
        level = _one_sided(value, interval)
    tests = equivalence(
        estimate=value.estimate, se=value.se, df=value.df, bounds=(-size, size), alpha=level
    )
    return Found.of(tests)


def _one_sided(value: Estimate, interval: Estimate) -> float:
    """The level of the one-sided tests that this interval, as wide as it is, stands for."""
    return float(tails.t_sf((interval.high - interval.estimate) / value.se, value.df))


def _alone(found: Mapping[str, Found[Tests]]) -> dict[str, bool]:
    return {code: each.value is not None and each.value.equivalent for code, each in found.items()}


def _together(found: Mapping[str, Found[Tests]], alpha: float) -> dict[str, bool]:
    p = [each.value.p if each.value else each.why_not for each in found.values()]
    rejected = holm([1.0 if each is None else each for each in p], alpha=alpha).rejected
    return dict(zip(found, rejected, strict=True))


def _first(code: str, before: Sequence[PastLook]) -> int | None:
    """The earlier look that showed it."""
    for look in before:
        for each in look.decision.hypotheses if look.decision else ():
            if each.contrast == code and each.equivalent_at is not None:
                return each.equivalent_at
    return None
