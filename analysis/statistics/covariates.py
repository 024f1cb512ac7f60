"""Covariates that are answered before the treatment, made complete."""

import numpy as np
import numpy.typing as npt

from analysis.statistics.estimate import Floats, as_floats

MANY_MISSING = 0.10
# Fewer rows (or clusters) of a category in a cell than this can't carry a slope there: with one of
# them that row's leverage is 1, with none the column does not vary.
RARE = 2


def complete_covariates(
    covariates: Floats,
    cell: npt.NDArray[np.str_],
    cluster: npt.NDArray[np.intp] | None = None,
) -> Floats:
    """The columns (n, p) with missing values filled by the column's mean.

    A column with more than a tenth missing also brings an indicator of its missing rows, so the
    answer may have more columns than the question, unless that indicator is rare in some cell (n
    codes): by rows, or by clusters where there is `cluster` (n,). A column that is missing
    everywhere, or that never varies, is left out. Any function of pre-treatment facts may adjust
    without bias; the rule is that of Lin, Green & Coppock 2016, Standard operating procedures for
    Don Green's lab.
    """
    columns: list[Floats] = []
    gaps: list[Floats] = []
    for column in as_floats(covariates, name="A covariate").T:
        absent = np.isnan(column)
        if absent.all():
            continue
        filled = np.where(absent, column[~absent].mean(), column)
        if np.ptp(column[~absent]) > 0:
            columns.append(filled)
        gap = absent.astype(np.float64)
        if absent.mean() > MANY_MISSING and not is_rare(gap, cell, cluster):
            gaps.append(gap)
    if gaps:  # items of one page that was skipped are missing together: once is enough
        columns.extend(np.unique(np.column_stack(gaps), axis=1).T)
    return np.column_stack(columns) if columns else np.empty((len(covariates), 0))


def is_rare(
    indicator: Floats,
    cell: npt.NDArray[np.str_],
    cluster: npt.NDArray[np.intp] | None = None,
) -> bool:
    """Whether an indicator (n,) of 0 and 1 has fewer than RARE rows of either in some cell (n,).

    Rows of one `cluster` (n,) count as one.
    """
    of = np.arange(len(cell)) if cluster is None else cluster
    return any(
        len(np.unique(of[(cell == code) & (indicator == side)])) < RARE
        for code in np.unique(cell)
        for side in (0, 1)
    )
