from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from scipy import stats

from analysis.statistics.estimate import NotEstimable, Reason
from analysis.statistics.graphs import gatekeeping, graph_test
from analysis.statistics.graphs_over_looks import (
    HypothesisOverLooks,
    graph_over_looks,
    p_over_looks,
)
from analysis.statistics.sequential import bounds
from tests.analysis.statistics.near import near

NONE = NotEstimable(Reason.NO_ROWS, "Nobody.")


def thirds(alpha: float, fractions: Sequence[float]) -> list[float]:
    """Levels that a reader can check: a third of alpha at the first look, two at the second."""
    return [alpha / 3, alpha * 2 / 3][: len(fractions)]


def obrien_fleming(alpha: float, fractions: Sequence[float]) -> list[float]:
    return [bound.nominal_p for bound in bounds(fractions, alpha)]


def test_alpha_that_is_handed_on_rejects_at_the_same_look() -> None:
    # a at .024: level .008 at first, p .005 crosses; b then has .06 · 1/3.
    found = graph_over_looks(gatekeeping("ab"), [[0.005, 0.015]], [0.5], thirds, alpha=0.06)
    assert found.hypotheses == (
        HypothesisOverLooks("a", 1, 1, near(0.03), (near(0.01),), near(0.015), near(0.03)),
        HypothesisOverLooks("b", 1, 1, near(0.06), (near(0.02),), near(0.045), near(0.045)),
    )


def test_alpha_that_comes_late_counts_for_earlier_looks_only_with_hindsight() -> None:
    p = [[0.5, 0.015], [0.005, 0.5]]
    seeing = graph_over_looks(gatekeeping("ab"), p, [0.5, 1.0], thirds, alpha=0.06)
    assert [(h.rejected_at, h.crossed_at) for h in seeing.hypotheses] == [(2, 2), (2, 1)]
    blind = graph_over_looks(gatekeeping("ab"), p, [0.5, 1.0], thirds, alpha=0.06, hindsight=False)
    assert [(h.rejected_at, h.crossed_at) for h in blind.hypotheses] == [(2, 2), (None, None)]
    assert blind.hypotheses[1].levels == (near(0.02), near(0.04))
    assert blind.graph.weights == (Fraction(0), Fraction(1))


def test_decisions_with_hindsight_are_those_of_adjusted_sequential_p() -> None:
    rng = np.random.default_rng(20240131)
    drawn = gatekeeping("abc", "de")
    for p in rng.beta(0.3, 3, size=(60, 2, 5)).tolist():
        found = graph_over_looks(drawn, p, [0.5, 1.0], thirds).hypotheses
        raw = [p_over_looks([row[at] for row in p], [0.5, 1.0], thirds) for at in range(5)]
        tested = graph_test(drawn, raw)
        assert [h.rejected_at is not None for h in found] == list(tested.rejected)


def test_what_was_rejected_stays_so_when_later_looks_are_weak() -> None:
    found = graph_over_looks(gatekeeping("a"), [[0.01], [0.9]], [0.5, 1.0], thirds).hypotheses
    assert [(h.rejected_at, h.crossed_at) for h in found] == [(1, 1)]


def test_more_alpha_has_a_higher_level_at_every_look() -> None:
    # What the closed test needs of a spending function; the shares are those of a Holm graph.
    alphas = [1e-4, 0.001, 0.05 / 6, 0.05 / 3, 0.025, 0.05, 0.2]
    found = [obrien_fleming(alpha, [0.5, 0.75, 1.0]) for alpha in alphas]
    assert all(low < high for a, b in pairwise(found) for low, high in zip(a, b, strict=True))


def test_graph_tests_by_the_sequential_p_or_the_end_that_it_lies_beyond() -> None:
    assert p_over_looks([0.01, NONE], [0.5, 1.0], thirds) == near(0.03)
    assert p_over_looks([0.9], [0.5], thirds) == 1.0
    assert [p_over_looks([p], [0.5], thirds) for p in (0.0, 1e-13)] == [1e-12, 1e-12]
    assert p_over_looks([NONE], [0.5], thirds) == NONE


def test_hypothesis_without_a_p_keeps_its_alpha() -> None:
    found = graph_over_looks(gatekeeping("ab"), [[NONE, 0.001]], [0.5], thirds).hypotheses
    assert found[0] == HypothesisOverLooks(
        "a", None, None, near(0.05), (near(0.05 / 3),), NONE, NONE
    )


def test_gatekept_hypothesis_has_no_alpha_before_its_turn() -> None:
    found = graph_over_looks(gatekeeping("a", "b"), [[0.5, 0.0]], [0.5], thirds).hypotheses
    assert (found[1].alpha, found[1].levels, found[1].rejected_at) == (0.0, (0.0,), None)
    assert found[1].adjusted_p == 1.0


def test_p_are_needed_for_each_look_and_hypothesis() -> None:
    with pytest.raises(ValueError, match="for each look and each hypothesis"):
        graph_over_looks(gatekeeping("ab"), [[0.1, 0.2]], [0.5, 1.0], thirds)


@pytest.mark.slow
def test_familywise_error_over_hypotheses_and_looks_is_at_most_alpha() -> None:
    """Three hypotheses correlated by one half; the first is false, and hands its alpha on."""
    rng, runs, alpha, t = np.random.default_rng(5), 4000, 0.05, np.array([0.5, 1.0])
    steps = (rng.normal(size=(runs, 2, 3)) + rng.normal(size=(runs, 2, 1))) / np.sqrt(2)
    z = np.cumsum(steps * np.sqrt(np.diff(t, prepend=0))[:, None], axis=1) / np.sqrt(t)[:, None]
    z[:, :, 0] += 4 * np.sqrt(t)
    drawn, erred = gatekeeping("abc"), 0
    for p in (2 * stats.norm.sf(abs(z))).tolist():
        found = graph_over_looks(drawn, p, t.tolist(), thirds, alpha=alpha).hypotheses
        erred += any(each.rejected_at is not None for each in found[1:])
    # Three Monte Carlo standard errors.
    assert erred / runs <= alpha + 3 * np.sqrt(alpha * (1 - alpha) / runs)
