"""PURE: what a look found, as frozen data that go to JSON and come back the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import msgspec

from analysis.consistency_results import ScaleConsistency
from analysis.contrasts import Pair
from analysis.decision import Decision
from analysis.distributions import Distribution, Flow, ScaleDistribution
from analysis.found import Found
from analysis.integrity_results import StepIntegrity
from analysis.missing_results import MissingOutcomes
from analysis.moderation_results import ScaleModeration
from analysis.robustness_results import Robustness
from analysis.statistics.effects import CellMean
from analysis.statistics.estimate import Estimate, JointTest
from analysis.statistics.scales import Reliability
from analysis.statistics.sequential import Bound
from analysis.unmarked_results import Unmarked
from experiments.design import Estimator, Family, Monitoring, Text


@dataclass(frozen=True)
class Spread:
    """The mean and standard deviation (n − 1) of `n` values; both None below two values."""

    n: int
    missing: int
    mean: float | None
    sd: float | None


@dataclass(frozen=True)
class ArmResult:
    """One arm: all its rows `n`, participants or vignettes, and the mean of those with an outcome.

    `clusters` is how many these are of, None where each row is for itself.
    """

    randomisation: str
    arm: str
    n: int
    mean: Found[CellMean]
    clusters: int | None = None


@dataclass(frozen=True)
class ScaleResult:
    """A scale or subscale, and how consistent its items are. `part_of` names a subscale's scale."""

    code: str
    label: Text
    part_of: str
    reliability: Found[Reliability]


@dataclass(frozen=True)
class RowResult:
    """One difference of means. `repeated` is the announced estimate again, its interval at the
    confidence that the look's bound asks for, which holds over all looks together; `simultaneous`
    that over all looks and all contrasts of its family.
    """

    pairs: tuple[Pair, ...]
    unadjusted: Found[Estimate]
    repeated: Found[Estimate]
    adjusted: Found[Estimate]
    simultaneous: Found[Estimate] | None = None


@dataclass(frozen=True)
class ContrastResult:
    """One contrast of the plan: a main effect's one row, or an interaction's rows and joint test.

    `p` is the one by which the look tests, of the announced estimate or the joint test. `crossed`
    says whether it is at most the bound's with all of alpha; None if there is no p. What becomes
    of the hypothesis is in the look's decision.
    """

    code: str
    label: Text
    rows: tuple[RowResult, ...]
    joint: Found[JointTest] | None
    joint_adjusted: Found[JointTest] | None
    crossed: bool | None
    p: Found[float] | None = None
    family: Family = Family.PRIMARY
    estimator: Estimator = Estimator.DIFFERENCE

    @property
    def announced(self) -> Found[Estimate] | None:
        """The estimate by which the plan tests; None where a joint test does."""
        if self.joint is not None:
            return None
        return self.announced_of(self.rows[0])

    def announced_of(self, row: RowResult) -> Found[Estimate]:
        """The one of a row's estimates that the plan announced."""
        return row.adjusted if self.estimator is Estimator.LIN else row.unadjusted


@dataclass(frozen=True)
class CheckShare:
    """How many of the `n` rows at one level that answered the check answered it right."""

    level: str
    n: int
    right: int


@dataclass(frozen=True)
class CheckResult:
    """A manipulation check, by the level that was shown."""

    item: str
    factor: str
    shares: Found[tuple[CheckShare, ...]]


@dataclass(frozen=True)
class Slope:
    """How the outcome goes along with one predictor, the others held; no effect of it."""

    predictor: str
    slope: Found[Estimate]


@dataclass(frozen=True)
class Slopes:
    """The slopes of one regression on `n` complete rows; `missing` rows were left out.

    `constant` predictors never vary there, such as an option that nobody chose: they have none.
    `clusters` is how many the rows are of, None where each is for itself.
    """

    slopes: tuple[Slope, ...]
    n: int
    missing: int
    constant: tuple[str, ...]
    clusters: int | None = None


@dataclass(frozen=True)
class Adjustment:
    """What the adjusted estimates adjust for.

    `columns` were used; `rare` are indicators of so few participants in some arm that they were
    counted with their reference category instead.
    """

    columns: tuple[str, ...]
    rare: tuple[str, ...]


@dataclass(frozen=True)
class Clustering:
    """A randomisation whose estimates count that the rows of one cluster err together (CR2).

    `parameter` is the one that its clusters share; empty where they are the vignettes that one
    participant judged.
    """

    randomisation: str
    parameter: str
    clusters: int


@dataclass(frozen=True)
class Results:
    """Everything that a look found; `completes` and `eligible` are as they stood when it ran.

    `planned_n` is None for a look that the plan does not announce. `without_arm` counts, for each
    randomisation, those of the `n` whose arm is none that the analysed design draws, as after a
    later version renamed it: they are in no arm and no contrast.
    `vignettes` is how many these judged, where each judged several and the outcome is of each: then
    `outcome`, arms, checks and associations count vignettes. `clustering` names the randomisations
    whose rows come in clusters; those of the others are taken for independent. `integrity` is that
    of everybody allocated by then. `overrun` is how many came after the look that first
    recommended to stop, if an earlier one did. `unmarked` is there if somebody of the cut was
    marked for exclusion by hand. Looks of earlier versions of Coprod have none of
    these.
    """

    n: int
    planned_n: int | None
    completes: int
    eligible: int
    closed: bool
    skipped: tuple[int, ...]
    bounds: tuple[Bound, ...]
    outcome: Spread
    without_arm: Mapping[str, int]
    arms: tuple[ArmResult, ...]
    scales: tuple[ScaleResult, ...]
    contrasts: tuple[ContrastResult, ...]
    adjustment: Adjustment
    checks: tuple[CheckResult, ...]
    associations: Found[Slopes] | None
    format: int = 1
    integrity: tuple[StepIntegrity, ...] | None = None
    clustering: tuple[Clustering, ...] = ()
    vignettes: int | None = None
    monitoring: Monitoring = Monitoring.GROUP_SEQUENTIAL
    decision: Decision | None = None
    overrun: int | None = None
    distributions: tuple[Distribution, ...] | None = None
    flow: Flow | None = None
    missing: MissingOutcomes | None = None
    consistency: tuple[ScaleConsistency, ...] = ()
    robustness: Robustness | None = None
    moderation: tuple[ScaleModeration, ...] = ()
    scale_distributions: tuple[ScaleDistribution, ...] = ()
    unmarked: Unmarked | None = None

    @property
    def bound(self) -> Bound | None:
        """The bound of this look with all of alpha; None where looks have none."""
        return self.bounds[-1] if self.bounds else None


class PastLook(Protocol):
    """What a later look reads of one before it: `Results` are that."""

    @property
    def contrasts(self) -> tuple[ContrastResult, ...]:
        """Its contrasts."""

    @property
    def decision(self) -> Decision | None:
        """What it decided."""


def to_builtins(results: Results) -> dict[str, Any]:
    """The results as what JSON can hold.

    ValueError if that is not all of them: a NaN would come back as nothing, and a spent look can't
    be mended.
    """
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(results))
    try:
        same = from_builtins(plain) == results
    except msgspec.ValidationError as error:
        raise ValueError(f"The results hold a number that JSON does not: {error}.") from error
    if not same:
        raise ValueError("The results come back from JSON as others.")
    return plain


def from_builtins(plain: Mapping[str, Any]) -> Results:
    """The results that `to_builtins` gave."""
    return msgspec.convert(plain, type=Results)
