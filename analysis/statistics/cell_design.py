"""Cells and covariates as the columns of a model with one slope per covariate for all cells."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analysis.statistics.covariates import complete_covariates
from analysis.statistics.estimate import Floats, NotEstimable, Reason, as_cells, as_floats


@dataclass(frozen=True, eq=False)
class CellDesign:
    """The rows that have an outcome: `y` (n,), `indicators` (n, cells), centred `z` (n, p)."""

    y: Floats
    indicators: Floats
    z: Floats
    counts: tuple[int, ...]
    missing: int


def cell_design(
    outcome: Sequence[float] | Floats,
    cell: Sequence[str] | npt.NDArray[np.str_],
    cells: Sequence[str],
    covariates: Floats | None,
) -> CellDesign | NotEstimable:
    """The design of an outcome (n,) by cell (n codes); covariates (n, p) are filled and centred.

    Rows whose outcome is NaN are left out. NO_ROWS if a cell is empty; ValueError if a row is of
    an unknown cell.
    """
    y, codes = as_floats(outcome, name="The outcome"), as_cells(cell, cells)
    used = ~np.isnan(y)
    indicators = np.array([codes[used] == code for code in cells], dtype=np.float64).T
    counts = tuple(indicators.sum(axis=0).astype(int).tolist())
    for code, count in zip(cells, counts, strict=True):
        if not count:
            return NotEstimable(Reason.NO_ROWS, f"Cell {code} has no rows.")
    z = np.empty((len(y), 0)) if covariates is None else covariates
    z = complete_covariates(z[used], codes[used])
    return CellDesign(
        y=y[used],
        indicators=indicators,
        z=z - z.mean(axis=0) if z.size else z,
        counts=counts,
        missing=int((~used).sum()),
    )
