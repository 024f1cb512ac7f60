"""Whether a contrast differs with a moderator."""

import numpy as np
import pytest
import statsmodels.api as sm

from analysis.statistics.estimate import NotEstimable, Reason
from analysis.statistics.moderation import moderations


def test_moderation_is_the_interaction_of_the_regression_that_is_fully_interacted() -> None:
    rng = np.random.default_rng(5)
    cell = np.array(list("abc") * 20)
    m, y = rng.normal(50, 3, 60), rng.normal(0, 1, 60)
    y[::13], m[::17] = np.nan, np.nan
    (found,) = moderations(y, cell, ["a", "b", "c"], m, [[-1, 0.5, 0.5]])
    used = ~np.isnan(y) & ~np.isnan(m)
    dummies = np.column_stack([cell[used] == code for code in "abc"]).astype(float)
    x = np.column_stack([dummies, dummies * (m[used] - 50)[:, None]])
    fit = sm.OLS(y[used], x).fit(cov_type="HC2", use_t=True)
    test = fit.t_test([0, 0, 0, -1, 0.5, 0.5])
    assert not isinstance(found, NotEstimable)
    assert (found.n, found.df) == (int(used.sum()), int(used.sum()) - 6)
    # Another order of sums, and statsmodels' pseudo-inverse.
    assert found.estimate == pytest.approx(test.effect.item(), rel=1e-10)
    assert found.se == pytest.approx(test.sd.item(), rel=1e-10)
    assert found.p == pytest.approx(test.pvalue.item(), rel=1e-10)


def test_cell_that_can_not_tell_a_slope_gives_its_reason_only_where_it_has_weight() -> None:
    y, m = [1.0, 3, 2, 4, 5, 9, 1, 1, 1], [1.0, 2, 3, 1, 2, 4, 5, 5, 5]
    rows = [[-1, 1, 0], [-1, 0, 1]]
    found, none = moderations(y, list("aaabbbccc"), list("abc"), m, rows)
    assert not isinstance(found, NotEstimable)
    assert isinstance(none, NotEstimable)
    assert (none.reason, none.detail[:7]) == (Reason.RANK_DEFICIENT, "Cell c:")
    empty = moderations([np.nan], ["a"], ["a"], [1.0], [[1]])
    assert empty == (NotEstimable(Reason.NO_ROWS, "No row has outcome and moderator."),)


def test_unknown_cell_is_an_error() -> None:
    with pytest.raises(ValueError, match="unknown cells: z"):
        moderations([1.0], ["z"], ["a"], [1.0], [[1]])
