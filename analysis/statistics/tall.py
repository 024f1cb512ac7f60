"""Least squares of rows that come chunk by chunk, in memory that stays flat.

The columns are made orthonormal by CholeskyQR2 (Yamamoto, Nakatsukasa, Yanagisawa & Fukaya 2015,
Electronic Transactions on Numerical Analysis 44, 306–326): the Cholesky factor of X'X makes a basis
that is orthonormal to some digits, the factor of the basis's products makes it so to the last.
Where columns go along so closely that X'X would lose what tells them apart, the first factor is the
triangle R of the rows' QR instead, which is put on top of the next chunk (Demmel, Grigori, Hoemmen
& Langou 2012, SIAM Journal on Scientific Computing 34(1), A206–A239).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from scipy import linalg

from analysis.statistics.estimate import Floats, NotEstimable
from analysis.statistics.linear import (
    FULL_LEVERAGE,
    LEVERAGE_TOLERANCE,
    RESIDUAL_TOLERANCE,
    Fit,
    Robust,
    settled,
    spanned,
    too_few_rows,
)

# Rows that are looked at together: few enough that a chunk of ten columns stays in a core's cache.
CHUNK = 16_384
# Columns of length 1 whose products have a smaller eigenvalue than this are taken by their QR.
CLOSE = 1e-6

# Outcome (m,) and columns (m, k) of the next rows, each time from the start.
Chunks: TypeAlias = Callable[[], Iterable[tuple[Floats, Floats]]]


@dataclass(eq=False)
class Tall:
    """What is kept of rows (n, k): `basis` (k, k) makes a nearly orthonormal basis of the columns.

    Rows are read twice more: `project`, then `orthonormalise`, then `add`, then there is a `fit`.
    """

    n: int
    basis: Floats
    robusts: Sequence[Robust]
    products: float | Floats = 0.0
    onto: float | Floats = 0.0
    back: Floats = field(default_factory=lambda: np.empty(0))
    projected: Floats = field(default_factory=lambda: np.empty(0))
    largest: float = 0.0
    room: float = 1.0
    squares: dict[Robust, float | Floats] = field(default_factory=dict)

    def project(self, y: Floats, x: Floats) -> None:
        """Takes the products of the basis with itself and with the outcome."""
        q = x @ self.basis
        self.products = self.products + q.T @ q
        self.onto = self.onto + q.T @ y
        self.largest = max(self.largest, float(np.abs(y).max()))

    def orthonormalise(self) -> None:
        """Makes the basis orthonormal, once all rows were projected."""
        factor = linalg.cholesky(np.asarray(self.products))
        self.back = linalg.solve_triangular(factor, np.eye(len(factor)))
        self.projected = self.back.T @ self.onto

    def add(self, y: Floats, x: Floats) -> None:
        """Adds the rows' residuals, raised by what their leverages leave."""
        # One after the other: their product would bring back what the second takes away.
        q = x @ self.basis @ self.back
        residuals = y - q @ self.projected
        residuals[np.abs(residuals) <= RESIDUAL_TOLERANCE * self.largest] = 0
        room = 1 - np.einsum("ij,ij->i", q, q)
        self.room = min(self.room, float(room.min()))
        room = np.maximum(room, LEVERAGE_TOLERANCE)
        for robust in self.robusts:
            scale = room if robust is Robust.HC3 else np.sqrt(room)
            half = q * (residuals / scale)[:, None]
            self.squares[robust] = self.squares.get(robust, 0.0) + half.T @ half

    def fit(self, robust: Robust) -> Fit | NotEstimable:
        """The coefficients and their covariance; FULL_LEVERAGE if a row decides one alone."""
        if self.room < LEVERAGE_TOLERANCE:
            return FULL_LEVERAGE
        way, squares = self.basis @ self.back, np.asarray(self.squares[robust])
        size = np.einsum("ij,jk,ik->i", np.abs(way), np.abs(squares), np.abs(way))
        return Fit(
            coefficients=self.basis @ (self.back @ self.projected),
            covariance=settled(way @ squares @ way.T, size),
            df=self.n - len(self.basis),
            n=self.n,
        )


def of_products(products: Floats, n: int, robusts: Sequence[Robust]) -> Tall | None:
    """The beginning from X'X (k, k); None if the columns go along too closely for that."""
    lengths = np.sqrt(np.diag(products))
    if not lengths.all():
        return None
    scaled = products / np.outer(lengths, lengths)
    if linalg.eigvalsh(scaled)[0] < CLOSE:
        return None
    factor = linalg.cholesky(scaled)
    basis = linalg.solve_triangular(factor, np.eye(len(lengths))) / lengths[:, None]
    return Tall(n, basis, robusts)


def of_triangle(triangle: Floats, n: int, robusts: Sequence[Robust]) -> Tall | NotEstimable:
    """The beginning from the triangle of the rows' QR (k, k); RANK_DEFICIENT if a column repeats
    others.
    """
    found = spanned(triangle)
    if isinstance(found, NotEstimable):
        return found
    return Tall(n, found.coefficients(np.eye(len(found.r))), robusts)


def on_top(triangle: Floats, rows: Floats) -> Floats:
    """The triangle of the QR of all rows, from that of those before and the next ones."""
    return np.asarray(np.linalg.qr(np.vstack([triangle, rows]), mode="r"), dtype=np.float64)


def tall_ols(chunks: Chunks, *, n: int, k: int, robust: Robust = Robust.HC2) -> Fit | NotEstimable:
    """Least squares of n rows on k columns, as `linear.ols` does it, from three passes over them.

    Four where columns are nearly the same.
    """
    if few := too_few_rows(n, k):
        return few
    products = np.zeros((k, k))
    for _, x in chunks():
        products += x.T @ x
    found: Tall | NotEstimable | None = of_products(products, n, [robust])
    if found is None:
        triangle = np.empty((0, k))
        for _, x in chunks():
            triangle = on_top(triangle, x)
        found = of_triangle(triangle, n, [robust])
    if isinstance(found, NotEstimable):
        return found
    for y, x in chunks():
        found.project(y, x)
    found.orthonormalise()
    for y, x in chunks():
        found.add(y, x)
    return found.fit(robust)
