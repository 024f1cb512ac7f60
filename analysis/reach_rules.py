"""PURE: how each contrast of a plan is tested at its looks, whatever the data will be."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import ceil, sqrt

from analysis.statistics import tails
from analysis.statistics.anytime import asymptotic_margin, tuned_rho2
from analysis.statistics.boundary import (
    Boundary,
    characteristics,
    drift_for_power,
    inflation,
)
from analysis.statistics.estimate import NotEstimable, Reason
from analysis.statistics.sequential import bounds
from analysis.statistics.spending import Family as SpendingFamily
from analysis.statistics.spending import Spending
from experiments.design import Contrast, Equivalence, Family, Monitoring, Multiplicity, Plan

# A plan that may be read at any time has no looks: it is shown at these shares of its rows.
SHOWN_ANYTIME = (0.25, 0.5, 0.75, 1.0)
# The powers whose smallest detectable effects are told.
POWERS = (0.8, 0.9)


class Part(StrEnum):
    """How much of alpha a contrast has."""

    ALL = "all"  # once it is the last of its family, or the only one
    FIRST = "first"  # with which it starts, as one of its family under Holm


@dataclass(frozen=True)
class Moment:
    """A look, or a share of the rows that an anytime plan is shown at.

    `size` counts eligible completes, `rows` what is analysed: vignettes where each is judged.
    """

    fraction: float
    size: int
    rows: int


@dataclass(frozen=True)
class Levels:
    """What equivalence is tested at: a two-sided interval at looks, one-sided tests at the end.

    `tests` is None for a plan that may be read at any time, which has no planned end.
    """

    interval: float
    tests: float | None


@dataclass(frozen=True)
class Share:
    """What a contrast is tested at: differences two-sided at `alpha`, equivalence as `nil` says.

    `nil` is None where equivalence is not tested.
    """

    part: Part
    alpha: float
    nil: Levels | None

    @property
    def alphas(self) -> tuple[float, ...]:
        """The alphas of its intervals: for differences, and for equivalence if that is tested."""
        return (self.alpha, self.nil.interval) if self.nil else (self.alpha,)


@dataclass(frozen=True)
class Rule:
    """A contrast's rule at one alpha. Effects are drifts, as in `boundary`; sizes are fractions.

    `z` are the bounds of the looks, which are the repeated intervals' half-widths in standard
    errors, too. `least` holds the drifts found with `POWERS`, `nil` the expected information
    without effect, `inflation` the most rows over those of one test, at the first of `POWERS`.
    """

    alpha: float
    z: tuple[float, ...]
    boundary: Boundary
    least: tuple[float, ...]
    nil: float
    inflation: float

    @property
    def nominal_p(self) -> tuple[float, ...]:
        """The bounds on the scale of a two-sided p."""
        return tuple(float(2 * tails.norm_sf(z)) for z in self.z)


def moments_of(plan: Plan, draws: int = 1) -> tuple[Moment, ...]:
    """The plan's looks, or the shares that an anytime plan is shown at.

    Each participant brings as many rows as draws.
    """
    if plan.monitoring is Monitoring.GROUP_SEQUENTIAL:
        shown = zip(plan.looks, plan.sizes, strict=True)
    else:
        sizes = [ceil(Fraction(str(each)) * plan.sample_size) for each in SHOWN_ANYTIME]
        shown = zip(SHOWN_ANYTIME, sizes, strict=True)
    return tuple(Moment(fraction, size, size * draws) for fraction, size in shown)


def shares_of(plan: Plan, contrast: Contrast) -> tuple[Share, ...]:
    """All of alpha, and the parts that the contrast starts with if one of them is less.

    Secondary contrasts start once every primary one is rejected; exploratory ones have no part.
    """
    nils = [_levels(plan, contrast, part) for part in Part]
    first = plan.alpha / _family_size(plan, contrast.family)
    alone = Share(Part.ALL, plan.alpha, nils[0])
    start = Share(Part.FIRST, first, nils[1])
    same = (alone.alpha, alone.nil) == (start.alpha, start.nil)
    return (alone,) if same else (alone, start)


def _family_size(plan: Plan, family: Family) -> int:
    """How many contrasts a family's alpha is shared by at the start."""
    if plan.multiplicity is Multiplicity.NONE or family is Family.EXPLORATORY:
        return 1
    return sum(contrast.family is family for contrast in plan.contrasts)


def _levels(plan: Plan, contrast: Contrast, part: Part) -> Levels | None:
    """What equivalence of the contrast is tested at, as `equivalent.equivalences` does it.

    The intervals share alpha equally from first to last; the tests at the end hand it on.
    """
    if plan.equivalence is Equivalence.NONE or not _tested(contrast):
        return None
    together = plan.equivalence_multiplicity is Multiplicity.HOLM
    several = sum(_tested(each) for each in plan.contrasts) if together else 1
    tests = plan.equivalence_alpha / (several if part is Part.FIRST else 1)
    anytime = plan.monitoring is Monitoring.ANYTIME
    return Levels(plan.alpha / several, None if anytime else tests)


def _tested(contrast: Contrast) -> bool:
    """Whether a plan with a rule for equivalence puts the contrast to it."""
    return contrast.family is Family.PRIMARY and not contrast.interaction


def rule_of(plan: Plan, moments: Sequence[Moment], alpha: float) -> Rule | NotEstimable:
    """The rule of a contrast with this alpha; OUT_OF_REACH if a look has no alpha to spend."""
    fractions = tuple(moment.fraction for moment in moments)
    if plan.monitoring is Monitoring.ANYTIME:
        rho2 = tuned_rho2(moments[-1].rows, alpha)
        z = tuple(
            asymptotic_margin(moment.rows, rho2=rho2, alpha=alpha) * sqrt(moment.rows)
            for moment in moments
        )
    else:
        spending = Spending(SpendingFamily(plan.spending), plan.spending_parameter)
        try:
            found = bounds(fractions, alpha, spending=spending, final=True)
        except ValueError as error:
            return NotEstimable(Reason.OUT_OF_REACH, str(error))
        z = tuple(bound.z for bound in found)
    boundary = Boundary(fractions, tuple(-each for each in z), z)
    least = tuple(drift_for_power(boundary, power) for power in POWERS)
    return Rule(
        alpha=alpha,
        z=z,
        boundary=boundary,
        least=least,
        nil=characteristics(boundary, 0.0).fraction,
        inflation=inflation(least[0], alpha, POWERS[0]),
    )
