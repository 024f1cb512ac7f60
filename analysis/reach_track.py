"""PURE: what comes of one contrast with one share of alpha, look by look and in all."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from analysis.reach_rules import Levels, Rule, Share
from analysis.statistics import tails
from analysis.statistics.boundary import Characteristics, characteristics
from analysis.statistics.equivalence_over_looks import equivalence_chances
from analysis.statistics.estimate import NotEstimable

Number: TypeAlias = float | NotEstimable


@dataclass(frozen=True)
class LookReach:
    """A contrast at one look. Errors and widths are in standard deviations of the outcome.

    `half` is half the width of the repeated interval (of the confidence sequence, if anytime),
    `found_by` the chance to have found the smallest effect by then. `nil` is None where
    equivalence is not tested.
    """

    se: float
    z: float
    nominal_p: float
    half: float
    found_by: Number
    nil: "NilLook | None"


@dataclass(frozen=True)
class NilLook:
    """Equivalence at one look. `half` is half the width of the interval that shows it.

    `alone` is the chance that it lies inside the bounds of equivalence if the effect is nil, `by`
    that it does at this look or one before.
    """

    half: float
    alone: Number
    by: Number


@dataclass(frozen=True)
class NilChances:
    """The chances of equivalence if the effect is nil.

    `last` is that of the interval of the last look, `any` that of any look, `tests` that of two
    one-sided tests at the end, `either` that of intervals before the end or tests at it. `wrong` is
    the chance of that if the effect is the smallest one, at a bound. Without a planned end these
    three are None.
    """

    last: float
    any: float
    tests: float | None
    either: float | None
    wrong: float | None


@dataclass(frozen=True)
class Chances:
    """What comes of one contrast if the effect is the smallest one, or (`nil`) if there is none.

    `power` is the chance to find the smallest effect at any look, `single_power` by one test at
    the end of a plan without looks, `fraction` the expected information if it ends the study.
    `nil` is None where equivalence is not tested.
    """

    power: float
    single_power: float
    fraction: float
    nil: NilChances | None


@dataclass(frozen=True)
class Track:
    """A contrast with a share of alpha: its looks, what its rule is like, what comes of it."""

    share: Share
    rule: Rule
    looks: tuple[LookReach, ...]
    chances: Chances | NotEstimable


def track_of(
    rule: Rule, share: Share, errors: Sequence[float], smallest: Number, nil: Rule | None
) -> Track:
    """The track of a contrast whose standard errors at the looks are these.

    `nil` is the rule of the interval for equivalence; None where that is not tested.
    """
    reached: list[Number]
    if isinstance(smallest, NotEstimable):
        # Nothing can be said of power.
        reached = [smallest] * len(errors)
        chances: Chances | NotEstimable = smallest
    else:
        ended = characteristics(rule.boundary, smallest / errors[-1])
        reached = list(found_by(ended))
        chances = Chances(
            power=ended.power,
            single_power=float(tails.norm_sf(tails.norm_isf(share.alpha / 2) - ended.drift)),
            fraction=ended.fraction,
            nil=_nil_chances(nil, share.nil, errors, smallest) if nil and share.nil else None,
        )
    told = zip(
        errors,
        rule.z,
        rule.nominal_p,
        (z * se for z, se in zip(rule.z, errors, strict=True)),
        reached,
        _nil_looks(nil, errors, smallest) if nil else [None] * len(errors),
        strict=True,
    )
    return Track(share, rule, tuple(LookReach(*each) for each in told), chances)


def _nil_looks(nil: Rule, errors: Sequence[float], smallest: Number) -> list[NilLook]:
    halves = [z * se for z, se in zip(nil.z, errors, strict=True)]
    if isinstance(smallest, NotEstimable):
        return [NilLook(half, smallest, smallest) for half in halves]
    insides = _insides(nil, errors, smallest)
    by = equivalence_chances(nil.boundary.fractions, insides)
    alone = [_inside(each) for each in insides]
    return [NilLook(*each) for each in zip(halves, alone, by, strict=True)]


def found_by(chances: Characteristics) -> tuple[float, ...]:
    """The chance to have crossed the upper bound by each look."""
    return tuple(sum(chances.high[: look + 1]) for look in range(len(chances.high)))


def _nil_chances(nil: Rule, levels: Levels, errors: Sequence[float], smallest: float) -> NilChances:
    fractions, insides = nil.boundary.fractions, _insides(nil, errors, smallest)
    tests = either = wrong = None
    if levels.tests is not None:
        away = smallest / errors[-1]
        inside = away - float(tails.norm_isf(levels.tests))
        both = [*insides[:-1], inside]
        tests = _inside(inside)
        either = equivalence_chances(fractions, both)[-1]
        wrong = equivalence_chances(fractions, both, drift=away)[-1]
    return NilChances(
        last=_inside(insides[-1]),
        any=equivalence_chances(fractions, insides)[-1],
        tests=tests,
        either=either,
        wrong=wrong,
    )


def _insides(nil: Rule, errors: Sequence[float], smallest: float) -> list[float]:
    """How near to nil z must be at each look for its interval to lie within ± the smallest."""
    return [smallest / se - z for se, z in zip(errors, nil.z, strict=True)]


def _inside(reach: float) -> float:
    """The chance of |z| < reach without effect."""
    return max(0.0, float(1 - 2 * tails.norm_sf(reach)))
