"""Associations: how the outcome goes along with what nobody randomised."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analysis.statistics.clusters import cluster_fit, errors_of
from analysis.statistics.estimate import (
    Estimate,
    Floats,
    NotEstimable,
    Reason,
    as_floats,
    t_estimate,
)
from analysis.statistics.linear import Fit
from analysis.statistics.lookup import Column, as_column, lacks
from analysis.statistics.tall import CHUNK, tall_ols


@dataclass(frozen=True)
class Association:
    """One predictor's slope: associational, not an effect, for nobody randomised the predictor."""

    predictor: str
    slope: Estimate | NotEstimable


@dataclass(frozen=True)
class Associations:
    """The slopes of one regression; `n` complete rows, `missing` rows left out.

    `constant` are the predictors that never vary in those rows, or are never there: they have no
    slope. `clusters` is how many these rows are of, None if each is for itself.
    """

    associations: tuple[Association, ...]
    n: int
    missing: int
    constant: tuple[str, ...]
    clusters: int | None = None


def associations(
    outcome: Floats,
    predictors: Mapping[str, Column],
    *,
    alpha: float = 0.05,
    cluster: npt.NDArray[np.str_] | None = None,
) -> Associations | NotEstimable:
    """Slopes of the outcome (n,) on all named predictors (n,) together, with HC2 errors.

    Each slope is the difference in the outcome that goes with one more unit of the predictor, the
    others held. Linear in each; t with n − k df. Where rows come in clusters (n names), errors are
    CR2 and each slope has Satterthwaite's df (`clusters`). Rows with a missing value (NaN) anywhere
    are left out, save in a predictor that is missing in all of them; predictors that never vary are
    left out too. RANK_DEFICIENT if a predictor repeats the others, NO_VARIANCE if none varies.
    Long, for each way to be left out is said where rows and predictors are sorted.
    """
    if not predictors:
        raise ValueError("No predictor was named.")
    y = as_floats(outcome, name="The outcome")
    columns = {name: as_column(p, name=name) for name, p in predictors.items()}
    used = ~np.isnan(y)
    there = {name: p for name, p in columns.items() if not lacks(p)[used].all()}
    for p in there.values():
        used &= ~lacks(p)
    if not used.any() or not there:
        return NotEstimable(Reason.NO_ROWS, "No row has the outcome and all predictors.")
    varied = {name: p for name, p in there.items() if np.ptp(p[used]) > 0}
    if not varied:
        return NotEstimable(Reason.NO_VARIANCE, "No predictor varies.")
    of = None if cluster is None else cluster[used]
    # By their places, for the columns of the rows that are used would be as long as all of them.
    rows = np.flatnonzero(used).astype(np.int32)
    slopes = _fitted(y, [*varied.values()], rows, of, alpha)
    if isinstance(slopes, NotEstimable):
        return slopes
    return Associations(
        associations=tuple(map(Association, varied, slopes)),
        n=int(used.sum()),
        missing=int((~used).sum()),
        constant=tuple(name for name in columns if name not in varied),
        clusters=None if of is None else len(np.unique(of)),
    )


def _fitted(
    y: Floats,
    columns: Sequence[Column],
    rows: npt.NDArray[np.int32],
    cluster: npt.NDArray[np.str_] | None,
    alpha: float,
) -> list[Estimate | NotEstimable] | NotEstimable:
    """The slopes of y (n,) on the columns (n,) together, in the rows of these places."""
    # Centring changes the intercept only, and keeps far-off scales from looking collinear.
    centres = [column[rows].mean() for column in columns]

    def chunks(size: int) -> Iterator[tuple[Floats, Floats]]:
        for start in range(0, len(rows), size):
            part = rows[start : start + size]
            x = np.ones((len(part), 1 + len(columns)))
            for at, (column, centre) in enumerate(zip(columns, centres, strict=True), start=1):
                x[:, at] = column[part] - centre
            yield y[part], x

    if cluster is None:
        fit = tall_ols(lambda: chunks(CHUNK), n=len(rows), k=1 + len(columns))
        return fit if isinstance(fit, NotEstimable) else _slopes(fit, alpha)
    ((y, x),) = chunks(len(rows))
    return _clustered_slopes(y, x, cluster, alpha)


def _slopes(fit: Fit, alpha: float) -> list[Estimate | NotEstimable]:
    """The coefficients of all columns but the first, the constant."""
    return [
        t_estimate(
            estimate=float(fit.coefficients[column]),
            se=float(np.sqrt(fit.covariance[column, column])),
            df=fit.df,
            n=fit.n,
            alpha=alpha,
        )
        for column in range(1, len(fit.coefficients))
    ]


def _clustered_slopes(
    y: Floats, x: Floats, cluster: npt.NDArray[np.str_], alpha: float
) -> list[Estimate | NotEstimable] | NotEstimable:
    names, of = np.unique(cluster, return_inverse=True)
    total = len(names)
    fits = cluster_fit(y, x, of, clusters=total, columns=range(1, x.shape[1]))
    if isinstance(fits, NotEstimable):
        return fits
    errors = [errors_of([fit], total) for fit in fits]
    one = np.ones((1, 1))
    return [
        t_estimate(
            estimate=fit.value,
            se=float(np.linalg.norm(each.scored(one))),
            df=each.degrees(one),
            n=len(y),
            alpha=alpha,
        )
        for fit, each in zip(fits, errors, strict=True)
    ]
