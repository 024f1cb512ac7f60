"""Least squares chunk by chunk: the same as with all rows at once."""

from collections.abc import Iterator

import numpy as np
import pytest

from analysis.statistics.estimate import Floats, NotEstimable, Reason
from analysis.statistics.linear import Fit, Robust, ols
from analysis.statistics.tall import Chunks, tall_ols


def chunks_of(y: Floats, x: Floats) -> Chunks:
    def chunks() -> Iterator[tuple[Floats, Floats]]:
        for start in range(0, len(y), 70):
            yield y[start : start + 70], x[start : start + 70]

    return chunks


@pytest.mark.parametrize("robust", list(Robust))
@pytest.mark.parametrize("apart", [1.0, 1e-5])
def test_tall_least_squares_are_those_of_all_rows(robust: Robust, apart: float) -> None:
    rng = np.random.default_rng(3)
    z = rng.normal(size=(500, 3))
    # By far-off columns the products lose their digits, and the rows' QR is taken.
    x = np.column_stack([np.ones(500), z, z[:, 0] + apart * rng.normal(size=500)])
    y = x @ [1.0, 2.0, 0.0, -1.0, 0.5] + rng.normal(size=500) * (1 + np.abs(z[:, 1]))
    found, expected = tall_ols(chunks_of(y, x), n=500, k=5, robust=robust), ols(y, x, robust=robust)
    assert isinstance(found, Fit)
    assert isinstance(expected, Fit)
    assert (found.df, found.n) == (expected.df, expected.n)
    rel = 1e-12 if apart == 1 else 1e-8
    assert found.coefficients == pytest.approx(expected.coefficients, rel=rel)
    assert np.diag(found.covariance) == pytest.approx(np.diag(expected.covariance), rel=rel)


def test_tall_least_squares_say_why_there_are_none() -> None:
    y, x = np.arange(8.0), np.column_stack([np.ones(8), np.arange(8.0), np.arange(8.0) * 2])
    assert tall_ols(chunks_of(y[:3], x[:3]), n=3, k=3) == NotEstimable(
        Reason.TOO_FEW_ROWS, "3 rows can't carry 3 coefficients and a standard error."
    )
    assert tall_ols(chunks_of(y, x), n=8, k=3) == NotEstimable(
        Reason.RANK_DEFICIENT, "Only 2 of 3 columns vary independently."
    )
    alone = np.column_stack([np.ones(8), [0.0] * 7 + [1.0]])
    assert tall_ols(chunks_of(y, alone), n=8, k=2) == NotEstimable(
        Reason.FULL_LEVERAGE, "One row alone decides a coefficient (leverage 1)."
    )


@pytest.mark.parametrize("robust", list(Robust))
def test_coefficient_that_is_fitted_exactly_has_no_variance_and_none_below_it(
    robust: Robust,
) -> None:
    """Who varies are the last two rows, which say nothing of the first slope."""
    columns = [[0.5, -0.5], [0.5, -0.5], [-0.5, -0.5], [-0.5, -0.5], [0.5, 0.5], [0.5, 0.5]]
    x = np.column_stack([np.ones(6), columns])
    y = np.array([4.0, 4.0, 3.0, 3.0, 3.0, 4.0])
    for found in (tall_ols(chunks_of(y, x), n=6, k=3, robust=robust), ols(y, x, robust=robust)):
        assert isinstance(found, Fit)
        assert found.coefficients == pytest.approx([3.25, 1.0, -0.5], rel=1e-12)
        assert found.covariance[:, 1].tolist() == found.covariance[1].tolist() == [0.0] * 3
        # Two rows of leverage 1/2 that miss by 1/2: 2 · (1/4) · 2 ** (1 or 2) / 4.
        slope = 0.25 if robust is Robust.HC2 else 0.5
        assert found.covariance[2, 2] == pytest.approx(slope, rel=1e-12)
        assert found.covariance[0, 2] == pytest.approx(slope / 2, rel=1e-12)
