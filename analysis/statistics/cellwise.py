"""Every cell's least squares from rows that are read chunk by chunk, as `tall` does it.

Without covariates a cell's fit is its mean, and takes sums alone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from analysis.statistics.covariates import Completion
from analysis.statistics.estimate import Floats, NotEstimable, Places, as_places
from analysis.statistics.linear import RESIDUAL_TOLERANCE, Fit, Robust, too_few_rows
from analysis.statistics.lookup import Column
from analysis.statistics.tall import CHUNK, Tall, of_products, of_triangle, on_top


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows as they are given: outcome `y` (n,), codes (n,) of `cells`, covariates (n,) each.

    Codes may be whole numbers: the cells' places.

    They are looked at `chunk` at a time; what is kept of a row is its cell's place, two bytes.
    """

    y: Floats
    codes: npt.NDArray[np.str_] | Places
    cells: tuple[str, ...]
    covariates: tuple[Column, ...]
    chunk: int = CHUNK

    @cached_property
    def place(self) -> Places:
        """The place (n,) of each row's cell; ValueError if one is of an unknown cell."""
        return as_places(self.codes, self.cells)

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


Fits = tuple[CellFit | NotEstimable, ...]


def cell_fits(rows: Rows, completed: Completion, robusts: Sequence[Robust]) -> dict[Robust, Fits]:
    """Least squares in each cell on a constant and the completed covariates: as `linear.ols` does.

    By what their errors are robust. Three passes, four where a cell's columns are nearly the same.
    """
    if not len(completed.centre):
        return _means(rows, completed.counts, robusts)
    found = _begun(rows, completed, robusts)
    for at, y, x in rows.by_cell(completed):
        if isinstance(cell := found[at], Tall):
            cell.project(y, x)
    for cell in found:
        if isinstance(cell, Tall):
            cell.orthonormalise()
    for at, y, x in rows.by_cell(completed):
        if isinstance(cell := found[at], Tall):
            cell.add(y, x)
    return {robust: tuple(_fit(cell, robust) for cell in found) for robust in robusts}


def _begun(
    rows: Rows, completed: Completion, robusts: Sequence[Robust]
) -> list[Tall | NotEstimable]:
    k = 1 + len(completed.centre)
    products = [np.zeros((k, k)) for _ in rows.cells]
    for at, _, x in rows.by_cell(completed):
        products[at] += x.T @ x
    found = [
        too_few_rows(n, k) or of_products(each, n, robusts)
        for n, each in zip(completed.counts, products, strict=True)
    ]
    close = {at: np.empty((0, k)) for at, cell in enumerate(found) if cell is None}
    if close:
        for at, _, x in rows.by_cell(completed):
            if at in close:
                close[at] = on_top(close[at], x)
    return [
        of_triangle(close[at], completed.counts[at], robusts) if cell is None else cell
        for at, cell in enumerate(found)
    ]


def _fit(cell: Tall | NotEstimable, robust: Robust) -> CellFit | NotEstimable:
    found = cell.fit(robust) if isinstance(cell, Tall) else cell
    if not isinstance(found, Fit):
        return found
    return CellFit(found.coefficients, np.sqrt(np.diag(found.covariance)), df=found.df, n=found.n)


def _means(rows: Rows, counts: Sequence[int], robusts: Sequence[Robust]) -> dict[Robust, Fits]:
    """The same on a constant alone."""
    cells = len(counts)
    n, largest = np.maximum(counts, 1), np.zeros(cells)
    mean, squares = np.zeros(cells), np.zeros(cells)
    # The second pass takes away what the sums of the first lost.
    for _ in range(2):
        left = np.zeros(cells)
        for y, place, _z in rows.chunks():
            left += np.bincount(place, y - mean[place], cells)
            np.maximum.at(largest, place, np.abs(y))
        mean += left / n
    for y, place, _z in rows.chunks():
        residuals = y - mean[place]
        residuals[np.abs(residuals) <= RESIDUAL_TOLERANCE * largest[place]] = 0
        squares += np.bincount(place, residuals**2, cells)

    def fit(at: int, robust: Robust) -> CellFit | NotEstimable:
        room = 1 - 1 / n[at]
        scale = room**2 if robust is Robust.HC3 else room
        return too_few_rows(counts[at], 1) or CellFit(
            coefficients=mean[at : at + 1],
            errors=np.sqrt(squares[at : at + 1] / scale) / n[at],
            df=counts[at] - 1,
            n=counts[at],
        )

    return {robust: tuple(fit(at, robust) for at in range(cells)) for robust in robusts}
