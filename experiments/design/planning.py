"""PURE: the analysis that a design announces."""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from experiments.design.words import (
    Direction,
    Equivalence,
    Estimator,
    Exclusion,
    Family,
    Monitoring,
    Multiplicity,
    Spending,
    StandardErrors,
    Stopping,
    Text,
)


@dataclass(frozen=True)
class Contrast:
    """What is estimated: one level against another, or the interaction of several factors.

    A main effect has `factor`, `level` and `against`; it averages equally over the levels of the
    other factors. An interaction has `interaction`, two or more factor codes.
    """

    code: str
    label: Text
    factor: str = ""
    level: str = ""
    against: str = ""
    interaction: tuple[str, ...] = ()
    family: Family = Family.PRIMARY


@dataclass(frozen=True)
class Plan:
    """The analysis that the design announces.

    `sample_size` counts eligible completes; `looks` are fractions of it, the last one 1.
    `smallest_effect` is in raw points of the outcome. `covariates` and `associations` name
    scales, subscales or items that are answered before the treatment. `post_treatment_exclusions`
    names the checks after it that may exclude somebody all the same.

    `outcome_sd` is the standard deviation of the outcome that the plan counts on. `futility` is a
    conditional power under the smallest effect, below which a contrast is called futile;
    `harm_level` the one-sided p at which an effect in the harmful direction ends the study.
    `replan_at` is the share of the sample size at which it is fixed anew from the pooled standard
    deviation, never below the planned one and never above `most_participants`.
    """

    outcome: str
    sample_size: int
    contrasts: tuple[Contrast, ...]
    looks: tuple[float, ...] = (1.0,)
    alpha: float = 0.05
    spending: Spending = Spending.OBRIEN_FLEMING
    smallest_effect: float | None = None
    covariates: tuple[str, ...] = ()
    associations: tuple[str, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    post_treatment_exclusions: tuple[str, ...] = ()
    spending_parameter: float | None = None
    monitoring: Monitoring = Monitoring.GROUP_SEQUENTIAL
    estimator: Estimator = Estimator.DIFFERENCE
    standard_errors: StandardErrors = StandardErrors.HC2
    multiplicity: Multiplicity = Multiplicity.HOLM
    outcome_sd: float | None = None
    equivalence: Equivalence = Equivalence.NONE
    equivalence_alpha: float = 0.05
    equivalence_multiplicity: Multiplicity = Multiplicity.NONE
    futility: float | None = None
    harm_level: float | None = None
    harm_direction: Direction = Direction.LOWER
    stopping: Stopping = Stopping.RECOMMEND
    replan_at: float | None = None
    most_participants: int | None = None

    @property
    def sizes(self) -> tuple[int, ...]:
        """The participants of each look: its fraction of the sample size, rounded up."""
        # The fraction as written: 0.7 of 10 is 7, though 0.7 * 10 > 7 in binary.
        return tuple(ceil(Fraction(str(look)) * self.sample_size) for look in self.looks)
