"""PURE: the plan's contrasts without those whom somebody marked for exclusion by hand.

It has no part in a decision: it shows what the marks would have changed.
"""

from collections.abc import Collection, Sequence

from analysis.contrasts import plan_contrasts
from analysis.dataset import Assignments
from analysis.estimation import NOMINAL, Means, arm_means
from analysis.found import Found
from analysis.stacking import stacked
from analysis.statistics.clustered import ClusteredMeans, clustered_contrast
from analysis.statistics.effects import CellMeans, contrast
from analysis.statistics.estimate import Estimate, NotEstimable, Reason
from analysis.unmarked_results import Unmarked, UnmarkedRow
from experiments.answers import Answers
from experiments.design import Design


def without_marked(
    design: Design,
    answers: Sequence[Answers],
    assignments: Sequence[Assignments],
    ids: Sequence[int],
    marked: Collection[int],
) -> Unmarked | None:
    """The contrasts of a cut's rows without those whose ids are marked; None if none of them is."""
    out = frozenset(marked)
    left = [at for at, person in enumerate(ids) if person not in out]
    if len(left) == len(ids):
        return None
    data = stacked(design, [answers[at] for at in left], [assignments[at] for at in left])
    means, _adjustment = arm_means(data)
    rows = tuple(
        UnmarkedRow(
            *(named.code, named.label, row.pairs, len(row.pairs) == 1),
            *_estimates(means.get(named.randomisation), row.weights),
        )
        for named in plan_contrasts(design)
        for row in named.rows
    )
    return Unmarked(len(ids) - len(left), len(left), rows)


def _estimates(
    means: Means | None, weights: tuple[float, ...]
) -> tuple[Found[Estimate], Found[Estimate]]:
    if means is None:
        told = "The outcome is not asked for each vignette of it."
        why: Found[Estimate] = Found(why_not=NotEstimable(Reason.NO_ROWS, told))
        return why, why
    return (
        Found.of(_weighed(means.unadjusted, weights)),
        Found.of(_weighed(means.adjusted, weights)),
    )


def _weighed(
    means: CellMeans | ClusteredMeans, weights: tuple[float, ...]
) -> Estimate | NotEstimable:
    if isinstance(means, ClusteredMeans):
        return clustered_contrast(means, weights, alpha=NOMINAL)
    return contrast(means, weights, alpha=NOMINAL)
