"""PURE: how the outcome and its contrasts go along with scales, as frozen data for JSON."""

from dataclasses import dataclass

from analysis.found import Found
from analysis.statistics.estimate import Estimate
from experiments.design import Text


@dataclass(frozen=True)
class PartSlope:
    """The slope of the outcome on a scale or subscale."""

    code: str
    label: Text
    slope: Found[Estimate]


@dataclass(frozen=True)
class Regression:
    """One regression on a scale, or on its subscales together, with the plan's covariates.

    `n` complete rows, `missing` left out. `clusters` is how many these are of, None where each row
    is for itself.
    """

    slopes: tuple[PartSlope, ...]
    covariates: tuple[str, ...]
    n: int
    missing: int
    clusters: int | None


@dataclass(frozen=True)
class Moderated:
    """By how much a contrast differs with one more point of the scale."""

    code: str
    label: Text
    difference: Found[Estimate]


@dataclass(frozen=True)
class ScaleModeration:
    """One scale of the plan's associations; `subscales` is None where it has fewer than two.

    All of it is associational, and no part of any decision.
    """

    code: str
    label: Text
    total: Found[Regression]
    subscales: Found[Regression] | None
    moderated: tuple[Moderated, ...]
