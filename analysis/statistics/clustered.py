"""Effects of the treatment where rows come in clusters: means of cells, contrasts, joint tests.

The model is that of `effects`: each cell is fitted on its own, with covariates by its own slopes
(Lin 2013). A cluster may lie in one cell, as when whole groups are assigned, or in several, as when
one participant rates several vignettes: its rows then err together, in all the cells that they are
in. Variances are CR2 (`clusters`). Tests follow Pustejovsky & Tipton 2018, Journal of Business &
Economic Statistics 36(4), 672–683: Satterthwaite's degrees of freedom for a contrast, the
approximate Hotelling test (HTZ) for several; both are of the design and know no outcome.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import linalg

from analysis.statistics import tails
from analysis.statistics.clusters import Coefficient, Errors, cluster_fit, errors_of
from analysis.statistics.covariates import complete_covariates
from analysis.statistics.effects import CellMean, weighed
from analysis.statistics.estimate import (
    Estimate,
    Floats,
    JointTest,
    NotEstimable,
    Reason,
    as_cells,
    as_floats,
    t_estimate,
)


@dataclass(frozen=True, eq=False)
class ClusteredMeans:
    """The means of all cells, in their given order; `means` has a reason where one has none.

    `counts` are the rows per cell with an outcome, `clusters` the clusters that these are of,
    `total` the clusters in all cells that have a mean; `missing`, `covariates` and `level` as in
    `effects.CellMeans`.
    """

    cells: tuple[str, ...]
    counts: tuple[int, ...]
    clusters: tuple[int, ...]
    total: int
    means: tuple[CellMean | NotEstimable, ...]
    missing: int
    covariates: int
    level: float
    errors: Errors


def clustered_means(
    outcome: Sequence[float] | Floats,
    cell: Sequence[str] | npt.NDArray[np.str_],
    cells: Sequence[str],
    cluster: Sequence[str] | npt.NDArray[np.str_],
    *,
    covariates: Floats | None = None,
    alpha: float = 0.05,
) -> ClusteredMeans:
    """Means of the outcome (n,) by cell (n codes), with CR2 errors by cluster (n names).

    Everything else is as in `effects.cell_means`, and so are the means. Intervals are Student's t
    with each mean's own degrees of freedom. Where every row is a cluster the errors are HC2's. A
    cell needs rows of two clusters. ValueError if a row is of an unknown cell.
    """
    y, codes = as_floats(outcome, name="The outcome"), as_cells(cell, cells)
    used = ~np.isnan(y)
    y, codes = y[used], codes[used]
    of = np.unique(np.asarray(cluster, dtype=np.str_)[used], return_inverse=True)[1]
    z = np.empty((len(y), 0)) if covariates is None else covariates[used]
    z = complete_covariates(z, codes, of)
    x = np.column_stack([np.ones(len(z)), z - z.mean(axis=0) if z.size else z])
    rows = [codes == code for code in cells]
    total = int(of.max(initial=-1)) + 1
    fits = [_fit(code, y[m], x[m], of[m], total) for code, m in zip(cells, rows, strict=True)]
    errors = errors_of(fits, total)
    return ClusteredMeans(
        cells=tuple(cells),
        counts=tuple(int(mask.sum()) for mask in rows),
        clusters=tuple(len(np.unique(of[mask])) for mask in rows),
        total=int(np.count_nonzero(errors.shares.any(axis=1))),
        means=tuple(
            _mean(code, fit, int(mask.sum()), unit, errors, alpha)
            for code, fit, mask, unit in zip(cells, fits, rows, np.eye(len(cells)), strict=True)
        ),
        missing=int((~used).sum()),
        covariates=z.shape[1],
        level=1 - alpha,
        errors=errors,
    )


def _fit(
    code: str, y: Floats, x: Floats, cluster: npt.NDArray[np.intp], total: int
) -> Coefficient | NotEstimable:
    if not len(y):
        return NotEstimable(Reason.NO_ROWS, f"Cell {code} has no rows.")
    fit = cluster_fit(y, x, cluster, clusters=total, columns=(0,))
    if isinstance(fit, NotEstimable):
        return NotEstimable(fit.reason, f"Cell {code}: {fit.detail}")
    return fit[0]


def _mean(
    code: str,
    fit: Coefficient | NotEstimable,
    n: int,
    unit: Floats,
    errors: Errors,
    alpha: float,
) -> CellMean | NotEstimable:
    if isinstance(fit, NotEstimable):
        return fit
    weights = unit[None, :]
    se = float(np.linalg.norm(errors.scored(weights)))
    margin = float(tails.t_isf(alpha / 2, errors.degrees(weights))) * se
    return CellMean(
        cell=code, n=n, mean=fit.value, se=se, low=fit.value - margin, high=fit.value + margin
    )


def clustered_contrast(
    means: ClusteredMeans, weights: Sequence[float], *, alpha: float = 0.05
) -> Estimate | NotEstimable:
    """The weighted sum of the cells' means, Σ wⱼ μⱼ, one weight per cell in their order.

    Its variance counts that a cluster errs alike in all its cells. Cells of weight zero may be
    empty. `alpha` is two-sided. t with Satterthwaite's degrees of freedom: Bell & McCaffrey 2002.
    The reason of the first cell that lacks a mean otherwise.
    """
    row = np.atleast_2d(np.asarray(weights, dtype=np.float64))
    found = weighed(means.cells, means.means, row)
    if isinstance(found, NotEstimable):
        return found
    return t_estimate(
        estimate=sum(float(row[0, at]) * mean.mean for at, mean in found.items()),
        se=float(np.linalg.norm(means.errors.scored(row))),
        df=means.errors.degrees(row),
        n=sum(mean.n for mean in found.values()),
        alpha=alpha,
    )


def clustered_joint_test(
    means: ClusteredMeans, rows: Sequence[Sequence[float]] | Floats
) -> JointTest | NotEstimable:
    """The approximate Hotelling test (HTZ) that all rows (q, cells) of contrasts are zero.

    With Q = (Cμ)' (C V C')⁻¹ (Cμ) and η degrees of freedom of the estimated covariance, F =
    (η − q + 1) / (η q) · Q has q and η − q + 1: Pustejovsky & Tipton 2018. For one row it is the
    square of its t. RANK_DEFICIENT if a row repeats the others, NO_VARIANCE if the cells do
    not vary, TOO_FEW_CLUSTERS if these can't tell so many contrasts.
    """
    weights = np.atleast_2d(np.asarray(rows, dtype=np.float64))
    found = weighed(means.cells, means.means, weights)
    if isinstance(found, NotEstimable):
        return found
    q = len(weights)
    if np.linalg.matrix_rank(weights) < q:
        return NotEstimable(Reason.RANK_DEFICIENT, "A contrast repeats the others.")
    degrees = means.errors.degrees(weights)
    if degrees <= q - 1 or means.total < q:
        few = f"{means.total} clusters can't tell {q} contrasts together."
        return NotEstimable(Reason.TOO_FEW_CLUSTERS, few)
    scores = means.errors.scored(weights)
    if np.linalg.matrix_rank(scores, tol=means.errors.rounding(weights)) < q:
        return NotEstimable(Reason.NO_VARIANCE, "The outcome does not vary within the cells.")
    differences = weights[:, list(found)] @ np.array([mean.mean for mean in found.values()])
    # Through the QR of the scores, so that C V C' is never formed.
    triangle = linalg.qr(scores, mode="economic")[1]
    root = linalg.solve_triangular(triangle, differences, trans="T")
    statistic = (degrees - q + 1) / (degrees * q) * float(root @ root)
    return JointTest(
        statistic=statistic,
        df_numerator=q,
        df_denominator=degrees - q + 1,
        p=float(tails.f_sf(statistic, q, degrees - q + 1)),
        n=sum(mean.n for mean in found.values()),
    )
