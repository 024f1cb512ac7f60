"""PURE: what a look found of missing outcomes, as frozen data that JSON can keep."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from analysis.found import Found
from analysis.statistics.bounds import Bounds, Trimmed
from experiments.design import Text


class Gap(StrEnum):
    """Why a row has no outcome: what kept its items from being numbers."""

    NOT_SHOWN = "not_shown"
    LEFT_EMPTY = "left_empty"
    PREFER_NOT_TO_SAY = "prefer_not_to_say"
    DONT_KNOW = "dont_know"
    UNTOUCHED = "untouched"
    NO_VALUE = "no_value"
    SEVERAL = "several"


@dataclass(frozen=True)
class ArmGaps:
    """One arm: of its `n` rows analysed `missing` have no outcome, and why, each row once.

    `lost` of the arm's allocated had not completed when the look ran; None if the ledger has none.
    """

    randomisation: str
    arm: str
    n: int
    missing: int
    why: Mapping[str, int]
    lost: int | None


@dataclass(frozen=True)
class ContrastGaps:
    """What one contrast can be at worst and at best.

    `analysed` fills the gaps of those analysed, `allocated` those of the arms' lost as well.
    `trimmed` are Lee's bounds for the same, the levels pooled over the other factors.
    """

    code: str
    label: Text
    analysed: Found[Bounds]
    allocated: Found[Bounds]
    trimmed: Found[Trimmed]


@dataclass(frozen=True)
class MissingOutcomes:
    """Missing outcomes by arm, and the bounds of the plan's primary main effects."""

    arms: tuple[ArmGaps, ...]
    contrasts: tuple[ContrastGaps, ...]
