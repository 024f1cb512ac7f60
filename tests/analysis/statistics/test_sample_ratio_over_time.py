"""The sample-ratio test read again and again: it errs as seldom as it says, and finds a loss."""

from math import log
from typing import Any

import numpy as np
import pytest
from scipy import stats

from analysis.statistics.estimate import Floats
from analysis.statistics.sample_ratio import (
    SequentialRatio,
    log_bayes_factor,
    sequential_ratio,
)

AB, ABC = ("a", "b"), ("a", "b", "c")
ALPHA = 0.05


def sequential(*args: Any, **named: Any) -> SequentialRatio:
    found = sequential_ratio(*args, **named)
    assert isinstance(found, SequentialRatio)
    return found


def crossing(null: Floats, concentration: float, rows: int) -> float:
    """The exact chance that the Bayes factor ever reaches 1 / alpha in so many rows, two arms."""
    alive, crossed = {0: 1.0}, 0.0
    for n in range(1, rows + 1):
        after: dict[int, float] = {}
        for a, chance in alive.items():
            for grown, probability in ((a + 1, null[0]), (a, null[1])):
                after[grown] = after.get(grown, 0.0) + chance * probability
        for a in list(after):
            factor = log_bayes_factor(np.array([a, n - a]), null, concentration * null)
            if factor >= log(1 / ALPHA):
                crossed += after.pop(a)
        alive = after
    return crossed


@pytest.mark.parametrize("share", [0.5, 0.2])
@pytest.mark.parametrize("concentration", [1.0, 20.0, 100.0])
def test_sequential_ratio_errs_at_most_alpha_exactly(share: float, concentration: float) -> None:
    assert 0 < crossing(np.array([share, 1 - share]), concentration, rows=200) < ALPHA


def rejected(orders: list[list[str]], weights: list[float]) -> float:
    return float(np.mean([sequential(ABC, order, weights).p <= ALPHA for order in orders]))


def test_sequential_ratio_errs_less_than_alpha_when_read_after_every_row() -> None:
    rng = np.random.default_rng(20261201)
    orders = [rng.choice(ABC, 1000, p=[0.5, 0.3, 0.2]).tolist() for _ in range(1000)]
    assert 0 < rejected(orders, [5, 3, 2]) < ALPHA


def test_pearson_read_after_every_tenth_row_errs_far_more_than_alpha() -> None:
    # Why there is the other test.
    rng = np.random.default_rng(20261202)
    null = np.array([0.5, 0.3, 0.2])
    counts = rng.multinomial(10, null, size=(1000, 100)).cumsum(axis=1)
    expected = counts.sum(axis=2, keepdims=True) * null
    statistic = ((counts - expected) ** 2 / expected).sum(axis=2)
    assert (stats.chi2.sf(statistic, 2) <= ALPHA).any(axis=1).mean() > 0.25


def blocked(rng: np.random.Generator, rows: int, strata: int, kept: float) -> list[str]:
    """Arms a, b, c as 2 : 1 : 1 in blocks of 4 and 8, lists interleaved, some rows lost."""
    lists: list[list[str]] = []
    for _ in range(strata):
        one: list[str] = []
        while len(one) < rows:
            one.extend(rng.permutation(list("aabc") * int(rng.integers(1, 3))).tolist())
        lists.append(one[::-1])
    arrivals = (lists[rng.integers(strata)].pop() for _ in range(rows))
    return [arm for arm in arrivals if rng.random() < kept]


@pytest.mark.parametrize(("strata", "kept"), [(1, 1.0), (6, 1.0), (1, 0.8), (6, 0.6)])
def test_sequential_ratio_errs_less_than_alpha_under_blocks(strata: int, kept: float) -> None:
    rng = np.random.default_rng(20261203)
    orders = [blocked(rng, 400, strata, kept) for _ in range(300)]
    assert rejected(orders, [2, 1, 1]) < ALPHA


def test_sequential_ratio_finds_an_arm_that_loses_a_third() -> None:
    rng = np.random.default_rng(20261204)
    orders = [rng.choice(ABC, 1000, p=[3 / 8, 3 / 8, 2 / 8]).tolist() for _ in range(200)]
    assert rejected(orders, [1, 1, 1]) > 0.95
