"""Randomisation inference for several contrasts of arms' means: redraws are read once for all."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.statistics.counts import Ints
from analysis.statistics.estimate import Floats, NotEstimable, Reason
from analysis.statistics.randomisation_inference import (
    Assignments,
    RandomisationTest,
    complete,
    judged,
    means_of,
)


@dataclass(frozen=True, eq=False)
class RedrawnMeans:
    """The arms' means (arms,) as `observed` and (draws, arms) under each assignment.

    NaN where an arm is empty. `exact` if the assignments are all; `missing` rows had no outcome.
    """

    observed: Floats
    means: Floats
    exact: bool
    n: int
    missing: int


def redrawn_means(
    outcome: Sequence[float] | Floats,
    arm: Sequence[int] | Ints,
    assignments: Assignments,
    arms: int,
) -> RedrawnMeans:
    """The means of so many arms, as they were given and under each assignment."""
    y, given, table = complete(outcome, arm, assignments)
    return RedrawnMeans(
        observed=means_of(y, given, arms),
        means=np.array([means_of(y, row, arms) for row in table]).reshape(len(table), arms),
        exact=assignments.exact,
        n=len(y),
        missing=len(arm) - len(y),
    )


def contrast_test(
    means: RedrawnMeans, weights: Sequence[float]
) -> RandomisationTest | NotEstimable:
    """`randomisation_test` of the contrast Σ wⱼ ȳⱼ, from the means: quicker for several."""
    if not means.n:
        return NotEstimable(Reason.NO_ROWS, "Nobody has an outcome.")
    w = np.asarray(weights, dtype=np.float64)
    used = np.flatnonzero(w)
    observed, values = float(means.observed[used] @ w[used]), means.means[:, used] @ w[used]
    return judged(observed, values, exact=means.exact, n=means.n, missing=means.missing)
