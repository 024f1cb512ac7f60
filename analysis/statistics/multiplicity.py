"""Several hypotheses at once: p-values adjusted for their number, by Holm and Benjamini–Hochberg.

`dunnett` does it for arms that share a control, `graphs` for hypotheses that stand in an order.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from analysis.statistics.estimate import Floats, NotEstimable

P: TypeAlias = float | NotEstimable


@dataclass(frozen=True)
class Adjusted:
    """Adjusted p-values in the order of the hypotheses; `rejected` is whether each is ≤ `alpha`.

    A hypothesis without a p keeps its reason. It stays one of the family and is never rejected:
    a family that shrank where data are poor would be chosen by the data.
    """

    p: tuple[P, ...]
    rejected: tuple[bool, ...]
    alpha: float


def holm(p: Sequence[P], *, alpha: float = 0.05) -> Adjusted:
    """Holm's p-values, which hold the familywise error under any dependence.

    The i-th smallest of m is max over j ≤ i of (m − j + 1) p₍ⱼ₎, at most 1: Holm 1979,
    Scandinavian Journal of Statistics 6(2), 65–70. ValueError if a p is none.
    """
    raw, order = _sorted(p)
    steps = np.maximum.accumulate(np.arange(len(raw), 0, -1) * raw[order])
    return _placed(p, order, steps, alpha)


def benjamini_hochberg(p: Sequence[P], *, alpha: float = 0.05) -> Adjusted:
    """Benjamini & Hochberg's p-values: those ≤ q hold a false discovery rate of q.

    The i-th smallest of m is min over j ≥ i of m p₍ⱼ₎ / j, at most 1: Benjamini & Hochberg 1995,
    JRSS B 57(1), 289–300; `alpha` is the rate. It assumes independence or positive regression
    dependence (Benjamini & Yekutieli 2001, Annals of Statistics 29(4), 1165–1188). ValueError if
    a p is none.
    """
    raw, order = _sorted(p)
    steps = len(raw) / np.arange(1, len(raw) + 1) * raw[order]
    steps = np.minimum.accumulate(steps[::-1])[::-1]
    return _placed(p, order, steps, alpha)


def adjusted(p: Sequence[P], values: Sequence[float], alpha: float) -> Adjusted:
    """These adjusted p-values, cut at 1, with the reasons of the hypotheses that have no p."""
    if not 0 < alpha < 1:
        raise ValueError(f"alpha must lie between 0 and 1, not {alpha}.")
    found = tuple(
        each if isinstance(each, NotEstimable) else min(float(value), 1.0)
        for each, value in zip(p, values, strict=True)
    )
    rejected = tuple(not isinstance(each, NotEstimable) and each <= alpha for each in found)
    return Adjusted(p=found, rejected=rejected, alpha=alpha)


def as_p(p: Sequence[P]) -> Floats:
    """The p-values as numbers, infinite where there is none, so that they come last.

    ValueError if one lies outside 0 to 1.
    """
    numbers = [np.inf if isinstance(each, NotEstimable) else float(each) for each in p]
    for number in numbers:
        if not (0 <= number <= 1 or number == np.inf):
            raise ValueError(f"{number} is no p-value.")
    return np.array(numbers, dtype=np.float64)


def _sorted(p: Sequence[P]) -> tuple[Floats, np.ndarray]:
    raw = as_p(p)
    return raw, np.argsort(raw, kind="stable")


def _placed(p: Sequence[P], order: np.ndarray, steps: Floats, alpha: float) -> Adjusted:
    values = np.empty(len(steps))
    values[order] = steps
    return adjusted(p, values.tolist(), alpha)
