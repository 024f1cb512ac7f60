"""Scores of multi-item scales, and how consistent their items are."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.statistics import tails
from analysis.statistics.estimate import Floats, NotEstimable, Reason, as_floats
from analysis.statistics.moments import Moments, moments_of


@dataclass(frozen=True)
class Reliability:
    """Cronbach's alpha of `items` items in `n` complete rows, with its interval."""

    alpha: float
    low: float
    high: float
    level: float
    items: int
    n: int
    missing: int


def turned(answers: Floats, *, reverse: Sequence[bool], low: float, high: float) -> Floats:
    """The answers (n, items) with reverse items turned: low + high − x. NaN stays NaN.

    `low` and `high` are the ends of the answer scale, not of the data.
    """
    values = as_floats(answers, name="The answers")
    return np.where(np.asarray(reverse, dtype=bool), low + high - values, values)


def score(answers: Floats) -> Floats:
    """The mean of each row's items (n, items), already turned; NaN unless all were answered."""
    means: Floats = as_floats(answers, name="The answers").mean(axis=1)
    return means


def reliability(answers: Floats, *, level: float = 0.95) -> Reliability | NotEstimable:
    """Cronbach's alpha of the items (n, items), already turned, from complete rows.

    alpha = k / (k − 1) · (1 − Σ var(item) / var(sum)): Cronbach 1951, Psychometrika 16(3),
    297–334. The interval is Feldt's: 1 − (1 − alpha) F with n − 1 and (n − 1)(k − 1) df: Feldt
    1965, Psychometrika 30(3), 357–370. Needs two items, three complete rows and sums that vary.
    """
    return reliability_of(moments_of(answers), level=level)


def reliability_of(items: Moments, *, level: float = 0.95) -> Reliability | NotEstimable:
    """The same from the items' moments."""
    n, k = items.n, items.items
    if k < 2:
        return NotEstimable(Reason.TOO_FEW_ITEMS, "Alpha needs at least two items.")
    if n < 3:
        return NotEstimable(Reason.TOO_FEW_ROWS, f"Alpha needs three complete rows; it has {n}.")
    if not items.sums_vary:
        return NotEstimable(Reason.NO_VARIANCE, "All sums of the items are the same.")
    share = float(np.trace(items.covariance)) / float(items.covariance.sum())
    alpha = k / (k - 1) * (1 - share)
    tail, df = (1 - level) / 2, (n - 1, (n - 1) * (k - 1))
    return Reliability(
        alpha=alpha,
        low=float(1 - (1 - alpha) * tails.f_isf(tail, *df)),
        high=float(1 - (1 - alpha) * tails.f_ppf(tail, *df)),
        level=level,
        items=k,
        n=n,
        missing=items.missing,
    )
