"""Least squares with standard errors that heteroskedasticity does not harm (HC2)."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt
from scipy import linalg

from analysis.statistics.estimate import Floats, NotEstimable, Reason

# R's lm() calls a column a combination of the others below this share of its length.
RANK_TOLERANCE = 1e-7
# A row this close to leverage 1 is fitted exactly: HC2 would divide one rounding by another.
LEVERAGE_TOLERANCE = 1e-9
# Residuals below this share of the outcome are rounding, not variation.
RESIDUAL_TOLERANCE = 64 * np.finfo(np.float64).eps
FULL_LEVERAGE = NotEstimable(
    Reason.FULL_LEVERAGE, "One row alone decides a coefficient (leverage 1)."
)


class Robust(StrEnum):
    """By what power of 1 / (1 − leverage) a squared residual is raised: 1 (HC2) or 2 (HC3)."""

    HC2 = "HC2"
    HC3 = "HC3"


@dataclass(frozen=True, eq=False)
class Fit:
    """A least-squares fit: `coefficients` (k,), their robust `covariance` (k, k), n − k as `df`."""

    coefficients: Floats
    covariance: Floats
    df: int
    n: int


@dataclass(frozen=True, eq=False)
class Basis:
    """Columns (n, k) as an orthonormal basis `q` of what they span, and the way back from it."""

    q: Floats
    r: Floats
    pivot: npt.NDArray[np.intp]
    lengths: Floats

    def coefficients(self, projected: Floats) -> Floats:
        """The coefficients (k, …) of the columns, from those (k, …) of the basis."""
        back = np.argsort(self.pivot)
        solved = linalg.solve_triangular(self.r, projected)[back]
        found: Floats = (solved.T / self.lengths).T
        return found

    def direction(self, column: int) -> Floats:
        """The vector (k,) whose product with the basis's coefficients is that of one column."""
        unit = np.zeros(len(self.r))
        unit[np.argsort(self.pivot)[column]] = 1 / self.lengths[column]
        found: Floats = linalg.solve_triangular(self.r, unit, trans="T")
        return found


def ols(y: Floats, x: Floats, *, robust: Robust = Robust.HC2) -> Fit | NotEstimable:
    """Ordinary least squares of y (n,) on the columns of x (n, k), with HC2 (or HC3) covariance.

    The covariance is (X'X)⁻¹ X' diag(eᵢ² / (1 − hᵢ)) X (X'X)⁻¹ with hᵢ the leverages: MacKinnon
    & White 1985, Journal of Econometrics 29(3), 305–325. It is unbiased when the errors are
    homoskedastic. Solved through a column-pivoted QR of the scaled columns, never through X'X.
    HC3 has (1 − hᵢ)² instead, which is never smaller and in small samples errs on the safe side:
    Long & Ervin 2000, The American Statistician 54(3), 217–224.
    """
    found = basis(x)
    return found if isinstance(found, NotEstimable) else _solve(y, found, robust)


def basis(x: Floats) -> Basis | NotEstimable:
    """The basis of the columns of x (n, k).

    TOO_FEW_ROWS unless there are more rows than columns, RANK_DEFICIENT if a column repeats others.
    """
    return too_few_rows(*x.shape) or spanned(x)


def too_few_rows(n: int, k: int) -> NotEstimable | None:
    """TOO_FEW_ROWS unless there are more rows than columns."""
    if n > k:
        return None
    return NotEstimable(
        Reason.TOO_FEW_ROWS, f"{n} rows can't carry {k} coefficients and a standard error."
    )


def spanned(x: Floats) -> Basis | NotEstimable:
    """The basis of the columns of x (n, k), or of the triangle of their QR, which has the same R.

    RANK_DEFICIENT if a column repeats others.
    """
    k = x.shape[1]
    lengths = np.linalg.norm(x, axis=0)
    scaled = np.divide(x, lengths, out=np.zeros_like(x), where=lengths > 0)
    q, r, pivot = linalg.qr(scaled, mode="economic", pivoting=True)
    rank = int(np.count_nonzero(np.abs(np.diag(r)) > RANK_TOLERANCE))
    if rank < k:
        return NotEstimable(
            Reason.RANK_DEFICIENT, f"Only {rank} of {k} columns vary independently."
        )
    return Basis(q=q, r=r, pivot=pivot, lengths=lengths)


def residuals_of(y: Floats, projected: Floats, q: Floats) -> Floats:
    """What is left of y (n,) after its projection (k,) on the basis; 0 where it is rounding."""
    residuals = y - q @ projected
    residuals[np.abs(residuals) <= RESIDUAL_TOLERANCE * np.abs(y).max()] = 0
    return residuals


def settled(covariance: Floats, size: Floats) -> Floats:
    """The covariance (k, k) with 0 for what is a variance by rounding alone.

    `size` (k,) is what each variance would be if no part of its sum took another away. Where the
    rows that decide a coefficient are fitted exactly its variance is 0, and the sum may give
    something below it.
    """
    varies = np.diag(covariance) > RESIDUAL_TOLERANCE * size
    return np.where(np.outer(varies, varies), covariance, 0.0)


def _solve(y: Floats, found: Basis, robust: Robust) -> Fit | NotEstimable:
    n, k = found.q.shape
    room = 1 - np.sum(found.q**2, axis=1)
    if room.min() < LEVERAGE_TOLERANCE:
        return FULL_LEVERAGE
    projected = found.q.T @ y
    residuals = residuals_of(y, projected, found.q)
    scale = room if robust is Robust.HC3 else np.sqrt(room)
    raised = found.q.T * (residuals / scale)
    half = found.coefficients(raised)
    size = np.sum((np.abs(found.coefficients(np.eye(k))) @ np.abs(raised)) ** 2, axis=1)
    return Fit(
        coefficients=found.coefficients(projected),
        covariance=settled(half @ half.T, size),
        df=n - k,
        n=n,
    )
