"""PURE: what comes of one contrast with one share of alpha, look by look and in all."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from scipy import stats

from analysis.reach_rules import Rule, Share
from analysis.statistics.boundary import Characteristics, characteristics
from analysis.statistics.equivalence_over_looks import equivalence_chances
from analysis.statistics.estimate import NotEstimable

Number: TypeAlias = float | NotEstimable


@dataclass(frozen=True)
class LookReach:
    """A contrast at one look. Errors and widths are in standard deviations of the outcome.

    `half` is half the width of the repeated interval (of the confidence sequence, if anytime).
    `nil_alone` is the chance that it lies inside the bounds of equivalence if the effect is nil,
    `nil_by` that it does at this look or one before; `found_by` the chance to have found the
    smallest effect by then.
    """

    se: float
    z: float
    nominal_p: float
    half: float
    nil_alone: Number
    nil_by: Number
    found_by: Number


@dataclass(frozen=True)
class Chances:
    """What comes of one contrast if the effect is nil, or is the smallest one.

    `power` is the chance to find the smallest effect at any look, `single_power` by one test at
    the end of a plan without looks. `nil_last` is the chance that the interval of the last look
    shows equivalence, `nil_any` that of any look, `nil_tests` that two one-sided tests at the end
    do, `nil_either` intervals before the end or tests at it. `fraction` is the expected
    information if the smallest effect ends the study.
    """

    power: float
    single_power: float
    fraction: float
    nil_last: float
    nil_any: float
    nil_tests: float
    nil_either: float


@dataclass(frozen=True)
class Track:
    """A contrast with a share of alpha: its looks, what its rule is like, what comes of it."""

    share: Share
    rule: Rule
    looks: tuple[LookReach, ...]
    chances: Chances | NotEstimable


def track_of(rule: Rule, share: Share, errors: Sequence[float], smallest: Number) -> Track:
    """The track of a contrast whose standard errors at the looks are these."""
    halves = [z * se for z, se in zip(rule.z, errors, strict=True)]
    alone: list[Number]
    by: list[Number]
    reached: list[Number]
    if isinstance(smallest, NotEstimable):
        # Nothing can be said of equivalence, nor of power.
        alone = by = reached = [smallest] * len(errors)
        chances: Chances | NotEstimable = smallest
    else:
        insides = [smallest / se - z for se, z in zip(errors, rule.z, strict=True)]
        ended = characteristics(rule.boundary, smallest / errors[-1])
        alone = [_inside(each) for each in insides]
        by = list(equivalence_chances(rule.boundary.fractions, insides))
        reached = list(found_by(ended))
        chances = _chances(rule, share, insides, ended)
    told = zip(errors, rule.z, rule.nominal_p, halves, alone, by, reached, strict=True)
    return Track(share, rule, tuple(LookReach(*each) for each in told), chances)


def found_by(chances: Characteristics) -> tuple[float, ...]:
    """The chance to have crossed the upper bound by each look."""
    return tuple(sum(chances.high[: look + 1]) for look in range(len(chances.high)))


def _chances(rule: Rule, share: Share, insides: Sequence[float], ended: Characteristics) -> Chances:
    fractions = rule.boundary.fractions
    # The smallest effect in standard errors of the end.
    away = ended.drift
    tests = away - float(stats.norm.isf(share.tests))
    return Chances(
        power=ended.power,
        single_power=float(stats.norm.sf(stats.norm.isf(share.alpha / 2) - away)),
        fraction=ended.fraction,
        nil_last=_inside(insides[-1]),
        nil_any=equivalence_chances(fractions, insides)[-1],
        nil_tests=_inside(tests),
        nil_either=equivalence_chances(fractions, [*insides[:-1], tests])[-1],
    )


def _inside(reach: float) -> float:
    """The chance of |z| < reach without effect."""
    return max(0.0, float(1 - 2 * stats.norm.sf(reach)))
