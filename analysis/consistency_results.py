"""PURE: what a look found of how scales hold together, as frozen data that JSON can keep."""

from dataclasses import dataclass
from enum import StrEnum

from analysis.found import Found
from analysis.statistics.omega import Omega
from analysis.statistics.scales import Reliability
from experiments.design import Text


class By(StrEnum):
    """What parts participants into groups."""

    ARM = "arm"
    LANGUAGE = "language"
    DEVICE = "device"


@dataclass(frozen=True)
class ItemConsistency:
    """One item's correlation with the sum of all items of its scale, and of the others (`rest`).

    `dropped` is Cronbach's alpha without it. `suspect`: it looks as if coded the wrong way round,
    by `statistics.omega.item_fits` or because it goes against the others.
    """

    item: str
    total: float
    rest: Found[float]
    dropped: Found[float]
    suspect: bool


@dataclass(frozen=True)
class Answered:
    """How many of a scale's items rows answered: all, at least half of them, or fewer.

    `mean_all` is the mean score of the first, who alone have one; `mean_half` what it would be if
    the mean of those answered stood for the others. None where it would be nobody's.
    """

    all: int
    half: int
    fewer: int
    mean_all: float | None
    mean_half: float | None


@dataclass(frozen=True)
class GroupReliability:
    """Cronbach's alpha within one group; `randomisation` is that of an arm, empty for others."""

    by: By
    randomisation: str
    group: str
    reliability: Found[Reliability]


@dataclass(frozen=True)
class ScaleConsistency:
    """A scale or subscale: omega, its items, who answered how many, and alpha by group.

    Subscales have no groups.
    """

    code: str
    label: Text
    part_of: str
    omega: Found[Omega]
    items: Found[tuple[ItemConsistency, ...]]
    answered: Answered
    groups: tuple[GroupReliability, ...]
