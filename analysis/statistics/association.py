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
    """The slopes of one regression; `n` complete rows, `missing` rows left out."""

    associations: tuple[Association, ...]
    n: int
    missing: int


def associations(
    outcome: Floats, predictors: Mapping[str, Floats], *, alpha: float = 0.05
) -> Associations | NotEstimable:
    """Slopes of the outcome (n,) on all named predictors (n,) together, with HC2 errors.

    Each slope is the difference in the outcome that goes with one more unit of the predictor, the
    others held. Linear in each; t with n − k df. Rows with a missing value (NaN) anywhere are
    left out. RANK_DEFICIENT if a predictor repeats the others or never varies.
    """
    if not predictors:
        raise ValueError("No predictor was named.")
    y = as_floats(outcome, name="The outcome")
    z = np.column_stack([as_floats(p, name=name) for name, p in predictors.items()])
    used = ~(np.isnan(y) | np.isnan(z).any(axis=1))
    if not used.any():
        return NotEstimable(Reason.NO_ROWS, "No row has the outcome and all predictors.")
    # Centring changes the intercept only, and keeps far-off scales from looking collinear.
    centred = z[used] - z[used].mean(axis=0)
    fit = ols(y[used], np.column_stack([np.ones(len(centred)), centred]))
    if isinstance(fit, NotEstimable):
        return fit
    return Associations(
        associations=tuple(
            Association(name, _slope(fit, column, alpha))
            for column, name in enumerate(predictors, start=1)
        ),
        n=fit.n,
        missing=int((~used).sum()),
    )


def _slope(fit: Fit, column: int, alpha: float) -> Estimate | NotEstimable:
    return t_estimate(
        estimate=float(fit.coefficients[column]),
        se=float(np.sqrt(fit.covariance[column, column])),
        df=fit.df,
        n=fit.n,
        alpha=alpha,
    )
