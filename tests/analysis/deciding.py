"""Contrasts as a look finds them, made up for tests of what the look decides."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from analysis.contrasts import Pair
from analysis.decision import Decision, Hypothesis
from analysis.found import Found
from analysis.hypotheses import completed, decide
from analysis.monitoring import Monitor
from analysis.results import ContrastResult, RowResult
from experiments.design import Family, Plan
from tests.analysis.hand_made import estimate
from tests.designs import small

DF = 1000
FRACTIONS = (0.5, 0.75, 1.0)


@dataclass(frozen=True)
class MadeLook:
    """What a look found of its contrasts and decided."""

    contrasts: tuple[ContrastResult, ...]
    decision: Decision | None


def plan(**more: Any) -> Plan:
    """The small study's plan with three looks."""
    return replace(small().plan, looks=FRACTIONS, sample_size=1000, smallest_effect=0.3, **more)


def monitor(plan: Plan, looks: int, *, final: bool | None = None) -> Monitor:
    """The look of that number, all before it having been made."""
    last = looks == len(plan.looks) if final is None else final
    numbers = tuple(range(1, looks + 1))
    return Monitor(plan, plan.looks[:looks], numbers, final=last, size=plan.sample_size)


def contrast(
    code: str, z: float, monitor: Monitor, *, se: float = 0.1, family: Family = Family.PRIMARY
) -> ContrastResult:
    """A main effect with that statistic."""
    found = estimate(z * se, se, DF)
    value = found.value
    assert value is not None
    p = monitor.p(value)
    wide = Found.of(monitor.interval(value, monitor.plan.alpha))
    row = RowResult((Pair("reward", "money", "none"),), found, wide, found, wide)
    level = monitor.level(monitor.plan.alpha)
    return ContrastResult(code, {"en": code}, (row,), None, None, p <= level, Found(p), family)


def looked(
    plan: Plan,
    zs: Sequence[dict[str, float]],
    *,
    se: float = 0.1,
    families: dict[str, Family] | None = None,
) -> MadeLook:
    """The last of these looks, each with the statistics of its contrasts."""
    done: list[MadeLook] = []
    for number, found in enumerate(zs, start=1):
        at = monitor(plan, number)
        contrasts = tuple(
            contrast(code, z, at, se=se, family=(families or {}).get(code, Family.PRIMARY))
            for code, z in found.items()
        )
        decision = completed(decide(contrasts, at, done), contrasts, at, done)
        done.append(MadeLook(contrasts, decision))
    return done[-1]


def standing(look: MadeLook) -> dict[str, Hypothesis]:
    """The hypotheses by their contrast."""
    assert look.decision is not None
    return {each.contrast: each for each in look.decision.hypotheses}
