"""PURE: what is found of a randomisation's integrity, as frozen data that JSON can keep."""

from dataclasses import dataclass
from enum import StrEnum

from analysis.found import Found
from analysis.statistics.attrition import Loss, Stage
from analysis.statistics.counts import CountTest
from analysis.statistics.sample_ratio import ArmShare, SequentialRatio
from experiments.design import Method


class Among(StrEnum):
    """Whose covariates are compared."""

    ASSIGNED = "assigned"
    COMPLETED = "completed"
    CUT = "cut"


@dataclass(frozen=True)
class ArmFlow:
    """How many of one arm came how far; `cut_off` of those assigned have withdrawn.

    `exposed` is None where exposure to this randomisation was not recorded.
    """

    arm: str
    weight: int
    assigned: int
    cut_off: int
    exposed: int | None
    completed: int


@dataclass(frozen=True)
class Passage:
    """The loss of each arm between two stages, in the order of the arms, and whether it differs."""

    start: Stage
    end: Stage
    losses: tuple[Found[Loss], ...]
    test: Found[CountTest]


@dataclass(frozen=True)
class Ratio:
    """Those who came to a stage against the weights: for one reading, and for any number of them.

    `shares` are the arms' shares with their confidence sequences.
    """

    stage: Stage
    once: Found[CountTest]
    anytime: Found[SequentialRatio]
    shares: Found[tuple[ArmShare, ...]]


@dataclass(frozen=True)
class BalanceCell:
    """A covariate in one arm; `difference` is standardised, None in the reference arm."""

    arm: str
    n: int
    missing: int
    mean: Found[float]
    sd: Found[float]
    difference: Found[float] | None


@dataclass(frozen=True)
class BalanceRow:
    """A covariate, or one option of it (``item=option``), in all arms."""

    covariate: str
    arms: tuple[BalanceCell, ...]


@dataclass(frozen=True)
class Omnibus:
    """The one test of all covariates, within the lists that arms were drawn from.

    p is the chi-square tail with `df`, or that of `draws` permutations; the other one is None.
    """

    statistic: float
    df: int | None
    draws: int | None
    p: float
    n: int
    alone: int


@dataclass(frozen=True)
class Balance:
    """The covariates of those who are compared, each arm against the first."""

    among: Among
    rows: tuple[BalanceRow, ...]
    omnibus: Found[Omnibus]


@dataclass(frozen=True)
class StepIntegrity:
    """All that is reported of one randomisation, by arm."""

    randomisation: str
    versions: tuple[int, ...]
    method: Method
    arms: tuple[ArmFlow, ...]
    passages: tuple[Passage, ...]
    ratios: tuple[Ratio, ...]
    balances: tuple[Balance, ...] = ()


@dataclass(frozen=True)
class Alarm:
    """Whether the anytime-valid test of a stage's sample ratio reached `ALARM`."""

    stage: Stage
    raised: Found[bool]


@dataclass(frozen=True)
class StepWatch:
    """What can be told of a randomisation while arms are secret: sums, and one bit per test."""

    randomisation: str
    versions: tuple[int, ...]
    assigned: int
    cut_off: int
    exposed: int | None
    completed: int
    alarms: tuple[Alarm, ...]
