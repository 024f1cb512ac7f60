import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.statistics.estimate import NotEstimable, Reason
from analysis.statistics.linear import Fit, Robust, ols


@given(seed=st.integers(0, 2**32 - 1), n=st.integers(12, 80), k=st.integers(1, 5))
def test_ols_agrees_with_statsmodels_hc2(seed: int, n: int, k: int) -> None:
    rng = np.random.default_rng(seed)
    x = np.column_stack([np.ones(n), rng.normal(size=(n, k - 1)) * 10.0 ** rng.integers(-3, 4)])
    y = rng.normal(size=n) * (1 + np.abs(x[:, -1]))
    theirs = sm.OLS(y, x).fit(cov_type="HC2")
    ours = ols(y, x)
    assert isinstance(ours, Fit)
    assert (ours.n, ours.df) == (n, n - k)
    # statsmodels solves by the pseudo-inverse; both lose digits as the columns' scales part (1e3).
    assert ours.coefficients == pytest.approx(theirs.params, rel=1e-7)
    assert ours.covariance == pytest.approx(theirs.cov_params(), rel=1e-7)


def test_ols_of_a_repeated_column_is_rank_deficient() -> None:
    z = np.arange(10.0)
    assert ols(z, np.column_stack([np.ones(10), z, 3 * z + 2])) == NotEstimable(
        Reason.RANK_DEFICIENT, "Only 2 of 3 columns vary independently."
    )


def test_ols_of_an_empty_column_is_rank_deficient() -> None:
    found = ols(np.arange(10.0), np.column_stack([np.ones(10), np.zeros(10)]))
    assert isinstance(found, NotEstimable)
    assert found.reason is Reason.RANK_DEFICIENT


def test_ols_of_as_many_columns_as_rows_has_too_few_rows() -> None:
    assert ols(np.arange(2.0), np.eye(2)) == NotEstimable(
        Reason.TOO_FEW_ROWS, "2 rows can't carry 2 coefficients and a standard error."
    )


def test_ols_of_a_row_alone_in_its_group_has_full_leverage() -> None:
    alone = np.array([1.0, 0, 0, 0, 0])
    assert ols(np.arange(5.0), np.column_stack([np.ones(5), alone])) == NotEstimable(
        Reason.FULL_LEVERAGE, "One row alone decides a coefficient (leverage 1)."
    )


def test_ols_does_not_take_rounding_for_variation() -> None:
    # 0.1 has no exact double, so that its mean differs from it in the last bit.
    fit = ols(np.full(7, 0.1), np.ones((7, 1)))
    assert isinstance(fit, Fit)
    assert fit.covariance.tolist() == [[0.0]]


@settings(max_examples=20)
@given(seed=st.integers(0, 2**32 - 1), n=st.integers(12, 60))
def test_ols_agrees_with_statsmodels_hc3(seed: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    x = np.column_stack([np.ones(n), rng.normal(size=(n, 2))])
    y = rng.normal(size=n) * (1 + np.abs(x[:, -1]))
    ours = ols(y, x, robust=Robust.HC3)
    assert isinstance(ours, Fit)
    assert ours.covariance == pytest.approx(sm.OLS(y, x).fit(cov_type="HC3").cov_params(), rel=1e-8)
