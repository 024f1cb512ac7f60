"""Effects of the treatment: the cells' means, their contrasts, and joint tests of contrasts.

Each cell is fitted on its own, which is the same as one regression on all cells' indicators: with
covariates it is the fully interacted one of Lin 2013 (Annals of Applied Statistics 7(1),
295–318). Without covariates HC2 is Neyman's variance, s² / n per cell (Samii & Aronow 2012,
Statistics & Probability Letters 82(2), 365–370). The rows are read in chunks (`cellwise`), so that
memory does not grow with them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import linalg

from analysis.statistics import tails
from analysis.statistics.cellwise import CellFit, Fits, Rows, cell_fits
from analysis.statistics.covariates import Completion, completion
from analysis.statistics.estimate import (
    Estimate,
    Floats,
    JointTest,
    NotEstimable,
    Places,
    Reason,
    as_floats,
    t_estimate,
)
from analysis.statistics.linear import Robust
from analysis.statistics.lookup import Column


@dataclass(frozen=True)
class CellMean:
    """The mean of one cell of `n` rows, at the covariates' overall mean if there are any."""

    cell: str
    n: int
    mean: float
    se: float
    low: float
    high: float


@dataclass(frozen=True)
class CellMeans:
    """The means of all cells, in their given order; `means` has a reason where one has none.

    `counts` are the rows per cell with an outcome, `missing` the rows without one, which are left
    out. `df` is rows minus coefficients, `covariates` the number of columns adjusted for, `level`
    the confidence of the means' intervals.
    """

    cells: tuple[str, ...]
    counts: tuple[int, ...]
    means: tuple[CellMean | NotEstimable, ...]
    missing: int
    df: int
    covariates: int
    level: float


def cell_means(
    outcome: Sequence[float] | Floats,
    cell: Sequence[str] | npt.NDArray[np.str_] | Places,
    cells: Sequence[str],
    *,
    covariates: Floats | None = None,
    alpha: float = 0.05,
    robust: Robust = Robust.HC2,
) -> CellMeans:
    """Means of the outcome (n,) by cell (n codes), in the order of `cells`, with HC2 errors.

    `covariates` (n, p) adjusts as Lin 2013 does: each cell's own slopes, covariates centred at
    their mean over all rows used; their missing values are filled first. Rows whose outcome is
    NaN are left out. Intervals are Student's t with n − k degrees of freedom, as estimatr's
    lm_robust has them. `robust` may ask for HC3. Cells may be given as places among `cells`.
    ValueError if a row is of an unknown cell.
    """
    columns = () if covariates is None else tuple(covariates.T)
    return cell_means_of(outcome, cell, cells, columns, alpha=alpha, robusts=[robust])[robust]


def cell_means_of(
    outcome: Sequence[float] | Floats,
    cell: Sequence[str] | npt.NDArray[np.str_] | Places,
    cells: Sequence[str],
    covariates: Sequence[Column] = (),
    *,
    alpha: float = 0.05,
    robusts: Sequence[Robust] = tuple(Robust),
) -> dict[Robust, CellMeans]:
    """The same with covariates (n,) one by one, and with several kinds of errors at once."""
    rows = Rows(
        y=as_floats(outcome, name="The outcome"),
        codes=np.asarray(cell),
        cells=tuple(cells),
        covariates=tuple(covariates),
    )
    completed = completion(
        ((z, place) for _, place, z in rows.chunks()),
        columns=len(rows.covariates),
        cells=len(cells),
    )
    found = cell_fits(rows, completed, robusts)
    return {robust: _told(rows, completed, fits, alpha) for robust, fits in found.items()}


def _told(rows: Rows, completed: Completion, found: Fits, alpha: float) -> CellMeans:
    counts = completed.counts
    fits = [_named(*each) for each in zip(rows.cells, counts, found, strict=True)]
    df = sum(fit.df for fit in fits if isinstance(fit, CellFit))
    return CellMeans(
        cells=rows.cells,
        counts=counts,
        means=tuple(_mean(c, fit, df, alpha) for c, fit in zip(rows.cells, fits, strict=True)),
        missing=len(rows.y) - sum(counts),
        df=df,
        covariates=len(completed.centre),
        level=1 - alpha,
    )


def _named(code: str, n: int, fit: CellFit | NotEstimable) -> CellFit | NotEstimable:
    if not n:
        return NotEstimable(Reason.NO_ROWS, f"Cell {code} has no rows.")
    if isinstance(fit, NotEstimable):
        return NotEstimable(fit.reason, f"Cell {code}: {fit.detail}")
    return fit


def _mean(code: str, fit: CellFit | NotEstimable, df: int, alpha: float) -> CellMean | NotEstimable:
    if isinstance(fit, NotEstimable):
        return fit
    mean, se = float(fit.coefficients[0]), float(fit.errors[0])
    margin = float(tails.t_isf(alpha / 2, df)) * se
    return CellMean(cell=code, n=fit.n, mean=mean, se=se, low=mean - margin, high=mean + margin)


def contrast(
    means: CellMeans, weights: Sequence[float], *, alpha: float = 0.05
) -> Estimate | NotEstimable:
    """The weighted sum of the cells' means, Σ wⱼ μⱼ, one weight per cell in their order.

    Its variance is Σ wⱼ² seⱼ², for the cells' errors are independent. Cells of weight zero may be
    empty. `alpha` is two-sided. t with n − k degrees of freedom. The reason of the first cell
    that lacks a mean otherwise.
    """
    row = np.atleast_2d(np.asarray(weights, dtype=np.float64))
    found = weighed(means.cells, means.means, row)
    if isinstance(found, NotEstimable):
        return found
    row, mu, se, n = _used(found, row)
    return t_estimate(
        estimate=float(row[0] @ mu),
        se=float(np.linalg.norm(row[0] * se)),
        df=means.df,
        n=n,
        alpha=alpha,
    )


def joint_test(
    means: CellMeans, rows: Sequence[Sequence[float]] | Floats
) -> JointTest | NotEstimable:
    """Wald's test that all rows (q, cells) of contrasts are zero, as F with q and n − k df.

    F = (Cμ)' (C V C')⁻¹ (Cμ) / q with V the cells' HC2 variances: Wooldridge 2010, Econometric
    Analysis of Cross Section and Panel Data, 2nd ed., sec. 4.2.3. RANK_DEFICIENT if a row repeats
    the others, NO_VARIANCE if the cells do not vary.
    """
    weights = np.atleast_2d(np.asarray(rows, dtype=np.float64))
    found = weighed(means.cells, means.means, weights)
    if isinstance(found, NotEstimable):
        return found
    weights, mu, se, n = _used(found, weights)
    q = len(weights)
    if np.linalg.matrix_rank(weights) < q:
        return NotEstimable(Reason.RANK_DEFICIENT, "A contrast repeats the others.")
    spread = weights * se
    if np.linalg.matrix_rank(spread) < q:
        return NotEstimable(Reason.NO_VARIANCE, "The outcome does not vary within the cells.")
    # Through the QR of (C V^½)', so that C V C' is never formed.
    triangle = linalg.qr(spread.T, mode="economic")[1]
    root = linalg.solve_triangular(triangle, weights @ mu, trans="T")
    statistic = float(root @ root) / q
    return JointTest(
        statistic=statistic,
        df_numerator=q,
        df_denominator=means.df,
        p=float(tails.f_sf(statistic, q, means.df)),
        n=n,
    )


def weighed(
    cells: Sequence[str], means: Sequence[CellMean | NotEstimable], weights: Floats
) -> dict[int, CellMean] | NotEstimable:
    """The means of the cells that have weight in rows (q, cells) of contrasts, by their place.

    The reason of the first that has none; ValueError if the weights are not one per cell, or all 0.
    """
    if weights.shape[1] != len(cells):
        raise ValueError(f"{weights.shape[1]} weights for {len(cells)} cells.")
    found: dict[int, CellMean] = {}
    for at in np.flatnonzero(weights.any(axis=0)).tolist():
        mean = means[at]
        if isinstance(mean, NotEstimable):
            return mean
        found[at] = mean
    if not found:
        raise ValueError("A contrast without any weight estimates nothing.")
    return found


def _used(found: dict[int, CellMean], weights: Floats) -> tuple[Floats, Floats, Floats, int]:
    """The columns, means and errors of those cells, and their number of rows."""
    mu = np.array([mean.mean for mean in found.values()])
    se = np.array([mean.se for mean in found.values()])
    return weights[:, list(found)], mu, se, sum(mean.n for mean in found.values())
