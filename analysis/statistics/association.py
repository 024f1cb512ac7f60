"""Associations: how the outcome goes along with what nobody randomised."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from analysis.statistics.estimate import (
    Estimate,
    Floats,
    NotEstimable,
    Reason,
    as_floats,
    t_estimate,
)
from analysis.statistics.linear import Fit, ols


@dataclass(frozen=True)
class Association:
    """One predictor's slope: associational, not an effect, for nobody randomised the predictor."""

    predictor: str
    slope: Estimate | NotEstimable


@dataclass(frozen=True)
class Associations:
    """The slopes of one regression; `n` complete rows, `missing` rows left out.

    `constant` are the predictors that never vary in those rows, or are never there: they have no
    slope.
    """

    associations: tuple[Association, ...]
    n: int
    missing: int
    constant: tuple[str, ...]


def associations(
    outcome: Floats, predictors: Mapping[str, Floats], *, alpha: float = 0.05
) -> Associations | NotEstimable:
    """Slopes of the outcome (n,) on all named predictors (n,) together, with HC2 errors.

    Each slope is the difference in the outcome that goes with one more unit of the predictor, the
    others held. Linear in each; t with n − k df. Rows with a missing value (NaN) anywhere are
    left out, save in a predictor that is missing in all of them; predictors that never vary are
    left out too. RANK_DEFICIENT if a predictor repeats the others, NO_VARIANCE if none varies.
    """
    if not predictors:
        raise ValueError("No predictor was named.")
    y = as_floats(outcome, name="The outcome")
    columns = {name: as_floats(p, name=name) for name, p in predictors.items()}
    there = {name: p for name, p in columns.items() if not np.isnan(p[~np.isnan(y)]).all()}
    used = ~np.isnan(np.column_stack([y, *there.values()])).any(axis=1)
    if not used.any() or not there:
        return NotEstimable(Reason.NO_ROWS, "No row has the outcome and all predictors.")
    varied = {name: p for name, p in there.items() if np.ptp(p[used]) > 0}
    if not varied:
        return NotEstimable(Reason.NO_VARIANCE, "No predictor varies.")
    z = np.column_stack(list(varied.values()))
    # Centring changes the intercept only, and keeps far-off scales from looking collinear.
    centred = z[used] - z[used].mean(axis=0)
    fit = ols(y[used], np.column_stack([np.ones(len(centred)), centred]))
    if isinstance(fit, NotEstimable):
        return fit
    return Associations(
        associations=tuple(
            Association(name, _slope(fit, column, alpha))
            for column, name in enumerate(varied, start=1)
        ),
        n=fit.n,
        missing=int((~used).sum()),
        constant=tuple(name for name in columns if name not in varied),
    )


def _slope(fit: Fit, column: int, alpha: float) -> Estimate | NotEstimable:
    return t_estimate(
        estimate=float(fit.coefficients[column]),
        se=float(np.sqrt(fit.covariance[column, column])),
        df=fit.df,
        n=fit.n,
        alpha=alpha,
    )
