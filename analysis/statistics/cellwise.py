"""Every cell's least squares from rows that are read chunk by chunk, in memory that stays flat.

What is kept of a cell is the triangle R of its rows' QR, of as many rows as it has columns: the R
of what was read so far, put on top of the next chunk, has the R of both (Demmel, Grigori, Hoemmen
& Langou 2012, SIAM Journal on Scientific Computing 34(1), A206–A239). X'X, in which digits are
lost, is never formed.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy import linalg

from analysis.statistics.covariates import Completion, Places
from analysis.statistics.estimate import Floats, NotEstimable
from analysis.statistics.linear import (
    FULL_LEVERAGE,
    LEVERAGE_TOLERANCE,
    RESIDUAL_TOLERANCE,
    Basis,
    Robust,
    spanned,
    too_few_rows,
)

# Rows that are looked at together: few enough that a chunk of ten columns stays in a core's cache.
CHUNK = 16_384


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows as they are given: outcome `y` (n,), codes (n,) of `cells`, covariates (n,) each.

    They are looked at `chunk` at a time; what is kept of a row is its cell's place, two bytes.
    """

    y: Floats
    codes: npt.NDArray[np.str_]
    cells: tuple[str, ...]
    covariates: tuple[Floats, ...]
    chunk: int = CHUNK

    @cached_property
    def place(self) -> npt.NDArray[np.int16]:
        """The place (n,) of each row's cell; ValueError if one is of an unknown cell."""
        place = np.full(len(self.y), -1, dtype=np.int16)
        for start in range(0, len(self.y), self.chunk):
            part = slice(start, start + self.chunk)
            for at, code in enumerate(self.cells):
                place[part][self.codes[part] == code] = at
        if unknown := set(self.codes[place < 0].tolist()):
            raise ValueError(f"Rows of unknown cells: {', '.join(sorted(unknown))}.")
        return place

    def chunks(self) -> Iterator[tuple[Floats, Places, Floats]]:
        """A chunk's rows that have an outcome: outcome, cell's place, covariates (m, p)."""
        for start in range(0, len(self.y), self.chunk):
            part = slice(start, start + self.chunk)
            y, place = self.y[part], self.place[part]
            z = np.empty((len(y), len(self.covariates)))
            for column, values in enumerate(self.covariates):
                z[:, column] = values[part]
            used = ~np.isnan(y)
            yield (y, place, z) if used.all() else (y[used], place[used], z[used])

    def by_cell(self, completed: Completion) -> Iterator[tuple[int, Floats, Floats]]:
        """A cell's place, outcomes (m,) and columns (m, 1 + p), for each cell in each chunk.

        The columns are a constant and the covariates, completed and centred.
        """
        for y, place, covariates in self.chunks():
            order = np.argsort(place, kind="stable")
            z = completed.of(covariates[order]) - completed.centre
            x = np.column_stack([np.ones(len(z)), z])
            ends = np.cumsum(np.bincount(place, minlength=len(self.cells))).tolist()
            for at, (start, end) in enumerate(zip([0, *ends[:-1]], ends, strict=True)):
                if end > start:
                    yield at, y[order[start:end]], x[start:end]


@dataclass(frozen=True, eq=False)
class CellFit:
    """A cell's least squares: `coefficients` (k,), their robust `errors` (k,), n − k as `df`."""

    coefficients: Floats
    errors: Floats
    df: int
    n: int


def cell_fits(
    rows: Rows, completed: Completion, robust: Robust
) -> tuple[CellFit | NotEstimable, ...]:
    """Least squares in each cell on a constant and the completed covariates: as `linear.ols` does.

    Three passes. The cells' triangles say whether their columns vary independently, and how to
    make a basis of them; the triangles of that basis how to make it orthonormal to the last digit;
    then every row has its residual and leverage.
    """
    k = 1 + len(completed.centre)
    triangles = [np.empty((0, k)) for _ in rows.cells]
    for at, _, x in rows.by_cell(completed):
        triangles[at] = _on_top(triangles[at], x)
    found = [
        too_few_rows(n, k) or _begun(spanned(triangle), n)
        for n, triangle in zip(completed.counts, triangles, strict=True)
    ]
    for at, y, x in rows.by_cell(completed):
        if isinstance(cell := found[at], _Cell):
            cell.project(y, x)
    for cell in found:
        if isinstance(cell, _Cell):
            cell.orthonormalise()
    for at, y, x in rows.by_cell(completed):
        if isinstance(cell := found[at], _Cell):
            cell.add(y, x, robust)
    return tuple(cell.fit() if isinstance(cell, _Cell) else cell for cell in found)


@dataclass(eq=False)
class _Cell:
    """What is kept of one cell: `basis` (k, k) makes a basis of its columns.

    `triangle` is that of the basis and the outcome, `projected` (k,) the outcome's coefficients on
    it, `squares` (k,) the variances so far of the columns' coefficients.
    """

    n: int
    basis: Floats
    triangle: Floats
    back: Floats = field(default_factory=lambda: np.empty(0))
    projected: Floats = field(default_factory=lambda: np.empty(0))
    largest: float = 0.0
    squares: float | Floats = 0.0
    room: float = 1.0

    def project(self, y: Floats, x: Floats) -> None:
        self.triangle = _on_top(self.triangle, np.column_stack([x @ self.basis, y]))
        self.largest = max(self.largest, float(np.abs(y).max()))

    def orthonormalise(self) -> None:
        k = len(self.basis)
        self.back = linalg.solve_triangular(self.triangle[:k, :k], np.eye(k))
        self.projected = self.triangle[:k, k]

    def add(self, y: Floats, x: Floats, robust: Robust) -> None:
        # One after the other: their product would bring back what the second takes away.
        q = x @ self.basis @ self.back
        residuals = y - q @ self.projected
        residuals[np.abs(residuals) <= RESIDUAL_TOLERANCE * self.largest] = 0
        room = 1 - np.sum(q**2, axis=1)
        self.room = min(self.room, float(room.min()))
        room = np.maximum(room, LEVERAGE_TOLERANCE)
        scale = room if robust is Robust.HC3 else np.sqrt(room)
        half = (q * (residuals / scale)[:, None]) @ (self.basis @ self.back).T
        self.squares = self.squares + np.sum(half**2, axis=0)

    def fit(self) -> CellFit | NotEstimable:
        if self.room < LEVERAGE_TOLERANCE:
            return FULL_LEVERAGE
        coefficients = self.basis @ (self.back @ self.projected)
        k = len(self.basis)
        return CellFit(coefficients, np.sqrt(self.squares), df=self.n - k, n=self.n)


def _begun(spanned_by: Basis | NotEstimable, n: int) -> _Cell | NotEstimable:
    if isinstance(spanned_by, NotEstimable):
        return spanned_by
    k = len(spanned_by.r)
    return _Cell(n, spanned_by.coefficients(np.eye(k)), np.empty((0, k + 1)))


def _on_top(triangle: Floats, rows: Floats) -> Floats:
    """The triangle of the QR of all rows, from that of those before and the next ones."""
    return np.asarray(np.linalg.qr(np.vstack([triangle, rows]), mode="r"), dtype=np.float64)
