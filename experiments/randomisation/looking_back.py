"""PURE: the next draw of a design's step that looks back on who got what before."""

from fractions import Fraction
from urllib.parse import unquote

from experiments.design import Randomisation
from experiments.randomisation.minimisation import (
    Covariate,
    minimisation_probabilities,
    minimised,
)
from experiments.randomisation.tally import Profile, Tally


def next_draw(
    step: Randomisation, seed: bytes, position: int, tally: Tally, profile: Profile
) -> tuple[int, Fraction]:
    """The arm's index at that position for a newcomer, and its exact probability given the tally.

    KeyError if the profile lacks a covariate of the step.
    """
    weights = [arm.weight for arm in step.arms]
    counts = step.covariate_weights or (1,) * len(step.covariates)
    covariates = [Covariate(*each) for each in zip(step.covariates, counts, strict=True)]
    # The coin as it was written: 0.8 is four fifths.
    coin = Fraction(str(step.coin))
    chances = minimisation_probabilities(weights, covariates, profile, tally, step.distance, coin)
    arm = minimised(seed, position, chances)
    return arm, chances[arm]


def profile_of(text: str) -> dict[str, str]:
    """The profile in a text as `stratum_name` writes it; ValueError if it is none."""
    parts = (part.split("=", 1) for part in text.split("&"))
    return {code: unquote(value, errors="strict") for code, value in parts}
