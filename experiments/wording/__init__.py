"""PURE: how long and how hard to read each arm's vignette is, and what looks confounded in it."""

from experiments.wording.arms import ArmWording, Wording, arms_of, treated_pages, wording
from experiments.wording.concerns import Concern, ConcernKind, concerns
from experiments.wording.measures import WORDS_PER_MINUTE, Measures, measured

__all__ = [
    "WORDS_PER_MINUTE",
    "ArmWording",
    "Concern",
    "ConcernKind",
    "Measures",
    "Wording",
    "arms_of",
    "concerns",
    "measured",
    "treated_pages",
    "wording",
]
