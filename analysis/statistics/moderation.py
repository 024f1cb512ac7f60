"""Whether a contrast differs with a variable that nobody randomised: slopes of each cell."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from analysis.statistics.estimate import (
    Estimate,
    Floats,
    NotEstimable,
    Places,
    Reason,
    as_floats,
    as_places,
    t_estimate,
)
from analysis.statistics.linear import Fit, ols


def moderations(
    outcome: Sequence[float] | Floats,
    cell: Sequence[str] | npt.NDArray[np.str_] | Places,
    cells: Sequence[str],
    moderator: Sequence[float] | Floats,
    rows: Sequence[Sequence[float]],
    *,
    alpha: float = 0.05,
) -> tuple[Estimate | NotEstimable, ...]:
    """Each row's Σ wⱼ slopeⱼ: by how much the contrast differs with one more unit of a moderator.

    Each cell (n codes) has its own regression of the outcome (n,) on the moderator (n,), as in Lin
    2013, Annals of Applied Statistics 7(1), 295–318; these are the interactions of the fully
    interacted one. HC2, t with n less two for each cell. Rows that lack either are left out. The
    first reason of a cell that has weight otherwise. ValueError if a row is of an unknown cell.
    """
    y, m = as_floats(outcome, name="The outcome"), as_floats(moderator, name="The moderator")
    place = as_places(cell, cells)
    used = ~np.isnan(y) & ~np.isnan(m)
    if not used.any():
        return (NotEstimable(Reason.NO_ROWS, "No row has outcome and moderator."),) * len(rows)
    # Centring changes the constants only, and keeps far-off scales from looking collinear.
    centre = m.mean() if used.all() else m[used].mean()
    fits = [_fit(code, y, m, centre, used & (place == at)) for at, code in enumerate(cells)]
    df = sum(fit.df for fit in fits if isinstance(fit, Fit))
    return tuple(_weighed(fits, row, df, alpha) for row in rows)


def _fit(
    code: str, y: Floats, m: Floats, centre: float, rows: npt.NDArray[np.bool_]
) -> Fit | NotEstimable:
    if not rows.any():
        return NotEstimable(Reason.NO_ROWS, f"Cell {code} has no rows.")
    mine = m[rows]
    fit = ols(y[rows], np.column_stack([np.ones(len(mine)), mine - centre]))
    if isinstance(fit, NotEstimable):
        return NotEstimable(fit.reason, f"Cell {code}: {fit.detail}")
    return fit


def _weighed(
    fits: Sequence[Fit | NotEstimable], weights: Sequence[float], df: int, alpha: float
) -> Estimate | NotEstimable:
    estimate, variance, n = 0.0, 0.0, 0
    for fit, weight in zip(fits, weights, strict=True):
        if not weight:
            continue
        if isinstance(fit, NotEstimable):
            return fit
        estimate += weight * float(fit.coefficients[1])
        variance += weight**2 * float(fit.covariance[1, 1])
        n += fit.n
    return t_estimate(estimate=estimate, se=variance**0.5, df=df, n=n, alpha=alpha)
