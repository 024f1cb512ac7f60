"""PURE: the contrasts without those who were marked by hand, as frozen data that JSON can keep."""

from dataclasses import dataclass

from analysis.contrasts import Pair
from analysis.found import Found
from analysis.statistics.estimate import Estimate
from experiments.design import Text


@dataclass(frozen=True)
class UnmarkedRow:
    """One row of a contrast, as it is and adjusted; `whole` if its contrast has no other."""

    code: str
    label: Text
    pairs: tuple[Pair, ...]
    whole: bool
    unadjusted: Found[Estimate]
    adjusted: Found[Estimate]


@dataclass(frozen=True)
class Unmarked:
    """The contrasts of the `n` participants of a cut that are left without its `marked` ones."""

    marked: int
    n: int
    rows: tuple[UnmarkedRow, ...]
