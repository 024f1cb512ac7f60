"""Least squares with standard errors that heteroskedasticity does not harm (HC2)."""

from dataclasses import dataclass

import numpy as np
from scipy import linalg

from analysis.statistics.estimate import Floats, NotEstimable, Reason

# R's lm() calls a column a combination of the others below this share of its length.
RANK_TOLERANCE = 1e-7
# A row this close to leverage 1 is fitted exactly: HC2 would divide one rounding by another.
LEVERAGE_TOLERANCE = 1e-9
# Residuals below this share of the outcome are rounding, not variation.
RESIDUAL_TOLERANCE = 64 * np.finfo(np.float64).eps


@dataclass(frozen=True, eq=False)
class Fit:
    """A least-squares fit: `coefficients` (k,), their HC2 `covariance` (k, k), n − k as `df`."""

    coefficients: Floats
    covariance: Floats
    df: int
    n: int


def ols(y: Floats, x: Floats) -> Fit | NotEstimable:
    """Ordinary least squares of y (n,) on the columns of x (n, k), with HC2 covariance.

    The covariance is (X'X)⁻¹ X' diag(eᵢ² / (1 − hᵢ)) X (X'X)⁻¹ with hᵢ the leverages: MacKinnon
    & White 1985, Journal of Econometrics 29(3), 305–325. It is unbiased when the errors are
    homoskedastic. Solved through a column-pivoted QR of the scaled columns, never through X'X.
    """
    n, k = x.shape
    if n <= k:
        return NotEstimable(
            Reason.TOO_FEW_ROWS, f"{n} rows can't carry {k} coefficients and a standard error."
        )
    lengths = np.linalg.norm(x, axis=0)
    scaled = np.divide(x, lengths, out=np.zeros_like(x), where=lengths > 0)
    q, r, pivot = linalg.qr(scaled, mode="economic", pivoting=True)
    rank = int(np.count_nonzero(np.abs(np.diag(r)) > RANK_TOLERANCE))
    if rank < k:
        return NotEstimable(
            Reason.RANK_DEFICIENT, f"Only {rank} of {k} columns vary independently."
        )
    return _solve(y=y, q=q, r=r, pivot=pivot, lengths=lengths)


def _solve(
    *, y: Floats, q: Floats, r: Floats, pivot: np.ndarray, lengths: Floats
) -> Fit | NotEstimable:
    n, k = q.shape
    room = 1 - np.sum(q**2, axis=1)
    if room.min() < LEVERAGE_TOLERANCE:
        return NotEstimable(
            Reason.FULL_LEVERAGE, "One row alone decides a coefficient (leverage 1)."
        )
    projected = q.T @ y
    residuals = y - q @ projected
    residuals[np.abs(residuals) <= RESIDUAL_TOLERANCE * np.abs(y).max()] = 0
    half = linalg.solve_triangular(r, q.T * (residuals / np.sqrt(room)))
    back = np.argsort(pivot)
    half = half[back] / lengths[:, None]
    coefficients = linalg.solve_triangular(r, projected)[back] / lengths
    return Fit(coefficients=coefficients, covariance=half @ half.T, df=n - k, n=n)
