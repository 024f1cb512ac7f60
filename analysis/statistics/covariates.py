"""Covariates that are answered before the treatment, made complete."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analysis.statistics.estimate import Floats, Places, as_floats

MANY_MISSING = 0.10
# Fewer rows (or clusters) of a category in a cell than this can't carry a slope there: with one of
# them that row's leverage is 1, with none the column does not vary.
RARE = 2


@dataclass(frozen=True, eq=False)
class Completion:
    """How columns are made complete: the `filled` by their `means`, then indicators of `gaps`.

    `filled` and `gaps` are columns by their place, `shares` how much of the gaps' is missing.
    `counts` are the rows of each cell that it was learnt from.
    """

    counts: tuple[int, ...]

    filled: tuple[int, ...]
    means: Floats
    gaps: tuple[int, ...]
    shares: Floats

    @property
    def centre(self) -> Floats:
        """The means of the completed columns."""
        return np.concatenate([self.means, self.shares])

    def of(self, covariates: Floats) -> Floats:
        """Some or all of the rows (m, p), completed."""
        given, gaps = covariates[:, self.filled], np.isnan(covariates[:, self.gaps])
        return np.hstack([np.where(np.isnan(given), self.means, given), gaps])


@dataclass(frozen=True, eq=False)
class Counted:
    """What one pass over the rows of columns keeps: their `rows` by cell (cells,).

    Of each column (p,) its `total`, `low` and `high`, and `absent` (p, cells): how many rows of
    each cell lack it. `together` (p, p) is how many rows lack both of two columns.
    """

    rows: Floats
    total: Floats
    low: Floats
    high: Floats
    absent: Floats
    together: Floats


def completion(
    chunks: Iterable[tuple[Floats, Places]],
    *,
    columns: int,
    cells: int,
    is_rare_gap: Callable[[int], bool] | None = None,
) -> Completion:
    """How columns are to be completed that come in chunks (m, p), with each row's cell (m places).

    The rule is `complete_covariates`', from one pass. `is_rare_gap` judges a column's indicator
    where rows come in clusters. ValueError if a value is infinite.
    """
    found = _counted(chunks, columns, cells)
    n, missing = found.rows.sum(), np.diag(found.together)
    here, lack = found.rows > 0, found.absent
    rare = np.any(((lack < RARE) | (found.rows - lack < RARE))[:, here], axis=1).tolist()
    judged = is_rare_gap or rare.__getitem__
    marked = [j for j in range(columns) if MANY_MISSING * n < missing[j] < n and not judged(j)]
    # Items of one page that was skipped are missing together: once is enough.
    gaps = [
        j
        for at, j in enumerate(marked)
        if not any(found.together[i, j] == missing[i] == missing[j] for i in marked[:at])
    ]
    filled = np.flatnonzero(found.high > found.low)
    return Completion(
        counts=tuple(found.rows.astype(int).tolist()),
        filled=tuple(filled.tolist()),
        means=found.total[filled] / (n - missing[filled]),
        gaps=tuple(gaps),
        shares=missing[gaps] / max(n, 1),
    )


def _counted(chunks: Iterable[tuple[Floats, Places]], columns: int, cells: int) -> Counted:
    rows, absent = np.zeros(cells), np.zeros((columns, cells))
    total, together = np.zeros(columns), np.zeros((columns, columns))
    low, high = np.full(columns, np.inf), np.full(columns, -np.inf)
    for covariates, place in chunks:
        rows += np.bincount(place, minlength=cells)
        low = np.fmin(low, np.fmin.reduce(covariates, axis=0, initial=np.inf))
        high = np.fmax(high, np.fmax.reduce(covariates, axis=0, initial=-np.inf))
        gaps = np.isnan(covariates).astype(np.float64)
        together += gaps.T @ gaps
        # In one piece, so that numpy sums a column in pairs: far-off scales keep their digits.
        for column, values in enumerate(np.ascontiguousarray(covariates.T)):
            total[column] += np.nansum(values)
            absent[column] += np.bincount(place, gaps[:, column], cells)
    if not np.isfinite(total).all():
        raise ValueError("A covariate holds an infinite value.")
    return Counted(rows, total, low, high, absent, together)


def complete_covariates(
    covariates: Floats,
    cell: npt.NDArray[np.str_] | Places,
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
    given = as_floats(covariates, name="A covariate")
    cells, place = np.unique(cell, return_inverse=True)

    def is_rare_gap(column: int) -> bool:
        return is_rare(np.isnan(given[:, column]).astype(np.float64), cell, cluster)

    return completion(
        [(given, place)],
        columns=given.shape[1],
        cells=len(cells),
        is_rare_gap=None if cluster is None else is_rare_gap,
    ).of(given)


def is_rare(
    indicator: Floats,
    cell: npt.NDArray[np.str_] | Places,
    cluster: npt.NDArray[np.intp] | None = None,
) -> bool:
    """Whether an indicator (n,) of 0 and 1 has fewer than RARE rows of either in some cell (n,).

    Rows of one `cluster` (n,) count as one.
    """
    if cluster is None and np.asarray(cell).dtype.kind in "iu":
        rows = np.bincount(cell)
        fewest = [np.bincount(cell[indicator == side], minlength=len(rows)) for side in (0, 1)]
        return bool((np.minimum(*fewest)[rows > 0] < RARE).any())
    names, place = np.unique(cell, return_inverse=True)
    if cluster is None:
        ones = np.bincount(place, indicator == 1)
        return bool((np.minimum(ones, np.bincount(place, indicator == 0)) < RARE).any())
    return any(
        len(np.unique(cluster[(place == at) & (indicator == side)])) < RARE
        for at in range(len(names))
        for side in (0, 1)
    )
