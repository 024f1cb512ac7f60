"""Yes or no by arm; tests/reference/models.py holds it against R."""

import math

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.statistics.binary import (
    LogitCells,
    average_effect,
    log_odds_ratio,
    logit_cells,
    shares,
)
from analysis.statistics.effects import contrast
from analysis.statistics.estimate import Estimate, NotEstimable, Reason
from analysis.statistics.large_sample import NormalEstimate
from analysis.statistics.logistic import LogitFit, logit
from tests.analysis.statistics.near import near

AB = ("a", "b")
NAN = math.nan
# a: 1 of 4 said yes, b: 3 of 5, and one did not say.
YES = [1, 0, 0, 0, 1, 1, 1, 0, 0, NAN]
ARM = [*"aaaabbbbbb"]


def fitted(*args: object, **named: object) -> LogitCells:
    found = logit_cells(*args, **named)  # type: ignore[arg-type]
    assert isinstance(found, LogitCells)
    return found


def test_shares_have_hc2_errors() -> None:
    found = contrast(shares(YES, ARM, AB), [-1, 1])
    assert isinstance(found, Estimate)
    # p (1 − p) / (n − 1) is the sample variance of a 0 or 1 over n.
    assert (found.estimate, found.se, found.n) == (
        near(0.35),
        near(math.sqrt(0.1875 / 3 + 0.24 / 4)),
        9,
    )


def test_logit_without_covariates_is_the_log_odds_of_the_shares() -> None:
    found = fitted(YES, ARM, AB)
    assert (found.counts, found.missing) == ((4, 5), 1)
    assert found.log_likelihood == near(
        math.log(0.25) + 3 * math.log(0.75) + 3 * math.log(0.6) + 2 * math.log(0.4)
    )
    ratio, se = math.log(1.5 / (1 / 3)), math.sqrt(1 / 0.75 + 1 / 1.2)
    assert log_odds_ratio(found, [-1, 1]) == NormalEstimate(
        estimate=near(ratio),
        se=near(se),
        z=near(ratio / se),
        p=near(math.erfc(ratio / se / math.sqrt(2))),
        low=near(ratio - 1.959963984540054 * se),
        high=near(ratio + 1.959963984540054 * se),
        n=9,
        level=0.95,
    )
    effect = average_effect(found, [-1, 1])
    assert isinstance(effect, NormalEstimate)
    assert (effect.estimate, effect.se) == (near(0.35), near(math.sqrt(0.1875 / 4 + 0.24 / 5)))


@settings(max_examples=25)
@given(seed=st.integers(0, 2**32 - 1), scale=st.sampled_from([1e-3, 1.0, 1e3]))
def test_logit_agrees_with_statsmodels(seed: int, scale: float) -> None:
    rng = np.random.default_rng(seed)
    x = np.column_stack([np.ones(150), rng.normal(size=(150, 2)) * scale])
    y = (rng.random(150) < 1 / (1 + np.exp(-x @ [0.3, 0.5 / scale, -0.2 / scale]))) * 1.0
    theirs = sm.Logit(y, x).fit(disp=0, cov_type="HC0", tol=1e-13, maxiter=100)
    ours = logit(y, x)
    assert isinstance(ours, LogitFit)
    assert ours.coefficients == pytest.approx(theirs.params, rel=1e-7)
    assert ours.covariance == pytest.approx(theirs.cov_params(), rel=1e-7)
    assert ours.log_likelihood == near(theirs.llf)


def test_average_effect_agrees_with_statsmodels_margins() -> None:
    rng = np.random.default_rng(4)
    arm, z = np.array(["a", "b"] * 100), rng.normal(size=(200, 1))
    y = (rng.random(200) < 1 / (1 + np.exp(-(0.4 * (arm == "b") + z[:, 0])))) * 1.0
    x = np.column_stack([np.ones(200), arm == "b", z - z.mean()])
    theirs = sm.Logit(y, x).fit(disp=0, cov_type="HC0", tol=1e-13)
    margin = theirs.get_margeff(dummy=True)
    ours = average_effect(fitted(y, arm, AB, covariates=z), [-1, 1])
    assert isinstance(ours, NormalEstimate)
    assert (ours.estimate, ours.se) == (
        near(margin.margeff[0], rel=1e-7),
        near(margin.margeff_se[0], rel=1e-6),
    )


@pytest.mark.parametrize(
    ("y", "x", "reason"),
    [
        ([0, 0, 1, 1, 1], [1.0, 2, 3, 4, 5], Reason.SEPARATED),
        ([0, 0, 1, 0, 1, 1], [1.0, 2, 2, 2, 2, 3], Reason.SEPARATED),
        ([0, 1, 0, 1, 1], [2.0, 2, 2, 2, 2], Reason.RANK_DEFICIENT),
        ([0, 1], [1.0, 2], Reason.TOO_FEW_ROWS),
    ],
)
def test_logit_says_why_there_is_none(y: list[float], x: list[float], reason: Reason) -> None:
    found = logit(np.array(y, dtype=np.float64), np.column_stack([np.ones(len(x)), x]))
    assert isinstance(found, NotEstimable)
    assert found.reason is reason


def test_logit_of_a_far_row_is_no_separation() -> None:
    x = np.r_[np.linspace(-1, 1, 40), 400.0]
    y = np.r_[(np.arange(40) % 3 > 0) & (np.arange(40) > 8), True] * 1.0
    assert isinstance(logit(y, np.column_stack([np.ones(41), x])), LogitFit)


def test_logit_of_a_cell_that_always_said_yes_is_separated() -> None:
    found = logit_cells([1, 0, 1, 1], [*"aabb"], AB)
    assert found == NotEstimable(
        Reason.SEPARATED, "The columns predict some of the answers with certainty."
    )


def test_outcomes_other_than_yes_or_no_are_an_error() -> None:
    with pytest.raises(ValueError, match="0 or 1"):
        shares([0, 2], ["a", "b"], AB)
    with pytest.raises(ValueError, match="0 or 1"):
        logit_cells([0, 0.5], ["a", "b"], AB)


def test_unknown_cells_and_a_wrong_number_of_weights_are_errors() -> None:
    with pytest.raises(ValueError, match="unknown cells: c"):
        logit_cells([0, 1], ["a", "c"], AB)
    with pytest.raises(ValueError, match="3 weights for 2 cells"):
        average_effect(fitted(YES, ARM, AB), [1, 0, -1])
