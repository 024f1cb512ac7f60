"""Ordered answers by arm; tests/reference/models.py holds them against R."""

import math

import numpy as np
import pytest
from statsmodels.miscmodels.ordinal_model import OrderedModel

from analysis.statistics.binary import LogitCells, log_odds_ratio, logit_cells
from analysis.statistics.estimate import Floats, NotEstimable, Reason
from analysis.statistics.large_sample import NormalEstimate
from analysis.statistics.ordinal import (
    OrderedCells,
    ProportionalOdds,
    ordered_cells,
    proportional_odds,
    shift,
)
from tests.analysis.statistics.near import near

ABC = ("a", "b", "c")


def drawn(seed: int, n: int = 180) -> tuple[Floats, list[str], Floats]:
    rng = np.random.default_rng(seed)
    arm, z = [ABC[i % 3] for i in range(n)], rng.normal(size=(n, 1))
    latent = rng.logistic(size=n) + 0.6 * z[:, 0] + np.array([ABC.index(a) * 0.5 for a in arm])
    return np.digitize(latent, [-1.0, 0.5, 2.0]) + 1.0, arm, z


def fitted(y: Floats, arm: list[str], z: Floats | None = None) -> OrderedCells:
    found = ordered_cells(y, arm, ABC, covariates=z)
    assert isinstance(found, OrderedCells)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_ordered_cells_agree_with_statsmodels(seed: int) -> None:
    y, arm, z = drawn(seed)
    x = np.column_stack([np.equal(arm, "b"), np.equal(arm, "c"), z - z.mean()]) * 1.0
    model = OrderedModel(y, x, distr="logit")
    theirs = model.fit(method="bfgs", disp=0, gtol=1e-6, maxiter=500)
    ours = fitted(y, arm, z)
    assert ours.log_likelihood == near(theirs.llf)
    # statsmodels' gradient and Hessian are numeric.
    assert np.r_[ours.shifts[1:], ours.slopes] == pytest.approx(theirs.params[:3], abs=1e-4)
    assert ours.thresholds == pytest.approx(
        model.transform_threshold_params(theirs.params)[1:-1], abs=1e-4
    )
    assert np.sqrt(np.diag(ours.covariance))[1:] == pytest.approx(theirs.bse[:2], rel=1e-3)


def test_two_options_are_a_logit() -> None:
    y, arm, _ = drawn(7)
    high = (y > 2).astype(np.float64)
    ours = shift(fitted(high, arm), [-1, 0.5, 0.5])
    two = logit_cells(high, arm, ABC)
    assert isinstance(two, LogitCells)
    theirs = log_odds_ratio(two, [-1, 0.5, 0.5])
    # Without covariates the logit has a coefficient per share: robust and plain errors are one.
    assert isinstance(theirs, NormalEstimate)
    assert isinstance(ours, NormalEstimate)
    fields = ("estimate", "se", "z", "p", "low", "high")
    assert [getattr(ours, f) for f in fields] == [near(getattr(theirs, f)) for f in fields]


def test_shift_does_not_depend_on_the_first_cell() -> None:
    y, arm, z = drawn(3)
    ours, turned = fitted(y, arm, z), ordered_cells(y, arm, ABC[::-1], covariates=z)
    assert isinstance(turned, OrderedCells)
    one, other = shift(ours, [0, -1, 1]), shift(turned, [1, -1, 0])
    assert isinstance(one, NormalEstimate)
    assert isinstance(other, NormalEstimate)
    assert (one.estimate, one.se, one.n) == (near(other.estimate), near(other.se), 120)


def test_answers_turned_and_spread_give_the_shift_turned() -> None:
    y, arm, _ = drawn(3)
    ours, turned = fitted(y, arm), fitted(10 - 2 * y, arm)
    assert turned.shifts == pytest.approx(-ours.shifts, rel=1e-8, abs=1e-12)
    assert turned.options == (2.0, 4.0, 6.0, 8.0)


def test_missing_answers_are_left_out_and_counted() -> None:
    y, arm, _ = drawn(3)
    y[:3] = math.nan
    found = fitted(y, arm)
    assert (found.missing, found.counts) == (3, (59, 59, 59))
    assert found.shifts == pytest.approx(fitted(y[3:], arm[3:]).shifts)


@pytest.mark.parametrize(
    ("y", "reason"),
    [
        ([4.0] * 9, Reason.TOO_FEW_OPTIONS),
        ([1.0, 2, 3, 1, 2, 3, 3, 3, 3], Reason.SEPARATED),
        ([1.0, 2, 3, 4, 5, 6, 7, 8, 9], Reason.TOO_FEW_ROWS),
    ],
)
def test_ordered_cells_say_why_there_are_none(y: list[float], reason: Reason) -> None:
    found = ordered_cells(y, [*"aaabbbccc"], ABC)
    assert isinstance(found, NotEstimable)
    assert found.reason is reason


def test_ordered_cells_of_an_empty_cell_say_so() -> None:
    assert ordered_cells([1.0, 2], ["a", "b"], ABC) == NotEstimable(
        Reason.NO_ROWS, "Cell c has no rows."
    )


def test_shift_needs_weights_that_sum_to_zero() -> None:
    y, arm, _ = drawn(3)
    with pytest.raises(ValueError, match="sum to 0"):
        shift(fitted(y, arm), [0, 1, 1])


def test_proportional_odds_says_which_threshold_has_no_logit() -> None:
    y = [1.0, 2, 3, 2, 3, 3, 2, 1, 3]
    assert proportional_odds(y, [*"aaabbbccc"], ABC) == NotEstimable(
        Reason.SEPARATED,
        "Answers above 1: The columns predict some of the answers with certainty.",
    )


def test_proportional_odds_needs_three_answers() -> None:
    found = proportional_odds([1.0, 2, 1, 2], [*"aabb"], ("a", "b"))
    assert found == NotEstimable(Reason.TOO_FEW_OPTIONS, "The test needs three different answers.")


def test_proportional_odds_finds_an_arm_that_spreads_the_answers() -> None:
    rng = np.random.default_rng(2)
    arm = np.array(["a", "b"] * 300)
    y = np.digitize(rng.logistic(size=600) * np.where(arm == "b", 2.5, 1), [-1.5, 0, 1.5]) + 1.0
    found = proportional_odds(y.tolist(), arm, ("a", "b"))
    assert isinstance(found, ProportionalOdds)
    assert found.df == 2
    assert found.p < 1e-6


@pytest.mark.slow
def test_proportional_odds_keeps_its_level() -> None:
    """2,000 studies of proportional odds; three and a half standard errors around 5 %."""
    runs, rejected = 2000, 0
    for seed in range(runs):
        y, arm, z = drawn(seed, n=300)
        found = proportional_odds(y, arm, ABC, covariates=z)
        assert isinstance(found, ProportionalOdds)
        rejected += found.p < 0.05
    assert rejected / runs == pytest.approx(0.05, abs=3.5 * (0.05 * 0.95 / runs) ** 0.5)


@pytest.mark.slow
def test_shift_interval_covers() -> None:
    runs, covered = 2000, 0
    for seed in range(runs):
        y, arm, z = drawn(seed)
        found = shift(fitted(y, arm, z), [-1, 0, 1])
        assert isinstance(found, NormalEstimate)
        covered += found.low <= 1.0 <= found.high
    assert covered / runs == pytest.approx(0.95, abs=3.5 * (0.95 * 0.05 / runs) ** 0.5)
