"""PURE: what a look found of its contrasts by other analyses, as frozen data that JSON can keep."""

from dataclasses import dataclass
from enum import StrEnum

from analysis.contrasts import Pair
from analysis.found import Found
from analysis.statistics.effect_size import StandardisedEffect
from analysis.statistics.estimate import Estimate
from analysis.statistics.large_sample import NormalEstimate
from analysis.statistics.ordinal import ProportionalOdds
from analysis.statistics.randomisation_inference import RandomisationTest
from experiments.design import Text


class Analysis(StrEnum):
    """By which means of the arms, with which errors, a contrast was estimated."""

    HC2 = "hc2"
    HC3 = "hc3"
    LIN_HC2 = "lin_hc2"
    LIN_HC3 = "lin_hc3"
    CR2 = "cr2"
    LIN_CR2 = "lin_cr2"
    HAJEK = "hajek"
    LIN_HAJEK = "lin_hajek"
    BLOCKED = "blocked"


class Odds(StrEnum):
    """What an estimate on an answer's probabilities is."""

    ORDERED = "ordered"
    LOG_ODDS = "log_odds"
    AVERAGE_EFFECT = "average_effect"


class Redrawn(StrEnum):
    """How the arms were assigned anew: by the lists, minimised again, or reordered in strata."""

    LISTS = "lists"
    MINIMISED = "minimised"
    STRATA = "strata"


@dataclass(frozen=True)
class Alternative:
    """The contrast by one analysis, in points of the outcome."""

    analysis: Analysis
    estimate: Found[Estimate]


@dataclass(frozen=True)
class OddsEstimate:
    """The contrast on odds or probabilities: a log ratio of odds, or a difference of shares."""

    kind: Odds
    estimate: Found[NormalEstimate]


@dataclass(frozen=True)
class RedrawnTest:
    """The test that no arm does anything to anybody, and how arms were assigned anew for it."""

    how: Redrawn
    test: RandomisationTest


@dataclass(frozen=True)
class RobustRow:
    """One row of a contrast by all analyses that the design has a use for.

    `whole` says whether it is the contrast's only question (a main effect) and not a part of an
    interaction.
    """

    code: str
    label: Text
    pairs: tuple[Pair, ...]
    whole: bool
    estimates: tuple[Alternative, ...]
    randomisation: Found[RedrawnTest]
    standardised: Found[StandardisedEffect]
    odds: tuple[OddsEstimate, ...]


@dataclass(frozen=True)
class Robustness:
    """Every contrast by other analyses. `proportional_odds` is of ordered outcomes alone."""

    rows: tuple[RobustRow, ...]
    proportional_odds: Found[ProportionalOdds] | None
