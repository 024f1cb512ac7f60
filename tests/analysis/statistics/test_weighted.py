"""Unequal chances; tests/reference/models.py holds them against R."""

import math

import numpy as np
import pytest

from analysis.statistics.effects import CellMean, cell_means, contrast
from analysis.statistics.estimate import Estimate, NotEstimable, Reason
from analysis.statistics.weighted import blocked_means, hajek_means
from tests.analysis.statistics.near import near

AB = ("a", "b")


def test_equal_probabilities_are_plain_means() -> None:
    rng = np.random.default_rng(1)
    y, arm, z = rng.normal(size=40), ["a", "b"] * 20, rng.normal(size=(40, 1))
    y[3] = math.nan
    plain = cell_means(y, arm, AB, covariates=z)
    found = hajek_means(y, arm, AB, [0.3] * 40, covariates=z)
    assert (found.counts, found.missing, found.df) == (plain.counts, plain.missing, plain.df)
    for ours, theirs in zip(found.means, plain.means, strict=True):
        assert isinstance(theirs, CellMean)
        assert ours == CellMean(
            theirs.cell,
            theirs.n,
            *(near(getattr(theirs, f)) for f in ("mean", "se", "low", "high")),
        )


def test_hajek_means_weigh_rows_by_one_over_their_probability() -> None:
    found = hajek_means([1, 3, 8], [*"aaa"], ["a"], [0.5, 0.5, 0.25])
    (mean,) = found.means
    assert isinstance(mean, CellMean)
    # Weights 2, 2, 4 of 8; residuals -4, -2, 3; leverages 1/4, 1/4, 1/2.
    variance = (4 * 16 / 0.75 + 4 * 4 / 0.75 + 16 * 9 / 0.5) / 64
    assert (mean.mean, mean.se, found.df) == (near(5.0), near(math.sqrt(variance)), 2)


@pytest.mark.parametrize("wrong", [[0.5, 0.0], [0.5, 1.1], [0.5, math.nan], [0.5]])
def test_probabilities_that_are_none_are_an_error(wrong: list[float]) -> None:
    with pytest.raises(ValueError, match="above 0 and up to 1"):
        hajek_means([1, 2], [*"ab"], AB, wrong)


def test_blocked_means_average_the_strata_by_their_rows() -> None:
    y, arm = [1, 3, 5, 7, 10, 12, 20, 22, 24, 26.0], [*"aabbaabbbb"]
    found = blocked_means(y, arm, AB, [*"sssstttttt"])
    effect = contrast(found, [-1, 1])
    assert isinstance(effect, Estimate)
    # Stratum s: 6 − 2, four rows; t: 23 − 11, six rows.
    variance = 0.16 * (2 / 2 + 2 / 2) + 0.36 * (2 / 2 + (20 / 3) / 4)
    assert (effect.estimate, effect.se, effect.df, effect.n) == (
        near(0.4 * 4 + 0.6 * 12),
        near(math.sqrt(variance)),
        6,
        10,
    )


def test_cells_that_can_not_be_estimated_say_why() -> None:
    blocked = blocked_means([1, 2, 3, 4, 5], [*"aabba"], AB, [*"sssst"])
    assert blocked.means == tuple(
        NotEstimable(Reason.TOO_FEW_ROWS, f"Cell {c} has fewer than two rows in stratum t.")
        for c in AB
    )
    weighted = hajek_means([1, 2, 3], [*"aab"], ("a", "b", "c"), [0.5] * 3)
    assert weighted.means[1:] == (
        NotEstimable(
            Reason.TOO_FEW_ROWS, "Cell b: 1 rows can't carry 1 coefficients and a standard error."
        ),
        NotEstimable(Reason.NO_ROWS, "Cell c has no rows."),
    )


def test_rows_of_unknown_cells_are_an_error() -> None:
    with pytest.raises(ValueError, match="unknown cells: c"):
        blocked_means([1, 2], [*"ac"], AB, [*"ss"])
