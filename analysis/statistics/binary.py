"""A yes or no by arm: as shares with robust errors, and as a logit with effects on the shares.

The shares are unbiased whatever the truth is. The logit is for odds ratios, and for adjustment
that keeps probabilities between 0 and 1: randomisation does not make its coefficients right, but
averaged over all rows its probabilities estimate the arms' shares (Freedman 2008, Statistical
Science 23(2), 237–249).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from analysis.statistics.cell_design import cell_design
from analysis.statistics.effects import CellMeans, cell_means
from analysis.statistics.estimate import Floats, NotEstimable, as_floats
from analysis.statistics.large_sample import NormalEstimate, normal_estimate
from analysis.statistics.logistic import LogitFit, logit


@dataclass(frozen=True, eq=False)
class LogitCells:
    """A logit by cell: the cells' `log_odds` (k,) at the covariates' means, and their covariance.

    `probabilities` (k,) are the shares that would have said yes had all rows been of the cell.
    `counts` are the rows per cell with an outcome, `missing` those without one.
    """

    cells: tuple[str, ...]
    counts: tuple[int, ...]
    log_odds: Floats
    log_odds_covariance: Floats
    probabilities: Floats
    probability_covariance: Floats
    log_likelihood: float
    missing: int


def shares(
    outcome: Sequence[float] | Floats,
    cell: Sequence[str] | npt.NDArray[np.str_],
    cells: Sequence[str],
    *,
    covariates: Floats | None = None,
    alpha: float = 0.05,
) -> CellMeans:
    """The linear probability model: cell_means of an outcome of 0 and 1, with HC2 errors.

    `effects.contrast` gives differences of shares. ValueError if an outcome is neither 0 nor 1.
    """
    y = _yes_or_no(outcome)
    return cell_means(y, cell, cells, covariates=covariates, alpha=alpha)


def logit_cells(
    outcome: Sequence[float] | Floats,
    cell: Sequence[str] | npt.NDArray[np.str_],
    cells: Sequence[str],
    *,
    covariates: Floats | None = None,
) -> LogitCells | NotEstimable:
    """The logit of an outcome (n,) of 0 and 1 on the cells, with one slope per covariate.

    The cells' probabilities average expit(log oddsⱼ + z'γ) over all rows, errors by the delta
    method from the robust covariance, covariates taken as given. SEPARATED where a cell has only
    yes or only no. ValueError if an outcome is neither 0 nor 1.
    """
    design = cell_design(_yes_or_no(outcome), cell, cells, covariates)
    if isinstance(design, NotEstimable):
        return design
    fit = logit(design.y, np.column_stack([design.indicators, design.z]))
    if isinstance(fit, NotEstimable):
        return fit
    k = len(cells)
    probabilities, gradient = _averages(fit, design.z, k)
    return LogitCells(
        cells=tuple(cells),
        counts=design.counts,
        log_odds=fit.coefficients[:k],
        log_odds_covariance=fit.covariance[:k, :k],
        probabilities=probabilities,
        probability_covariance=gradient @ fit.covariance @ gradient.T,
        log_likelihood=fit.log_likelihood,
        missing=design.missing,
    )


def _averages(fit: LogitFit, z: Floats, k: int) -> tuple[Floats, Floats]:
    """Each cell's probability over all rows, and its gradient (k, coefficients)."""
    p = special.expit(fit.coefficients[:k, None] + (z @ fit.coefficients[k:])[None, :])
    change = p * (1 - p)
    return p.mean(axis=1), np.hstack([np.diag(change.mean(axis=1)), change @ z / len(z)])


def log_odds_ratio(
    found: LogitCells, weights: Sequence[float], *, alpha: float = 0.05
) -> NormalEstimate | NotEstimable:
    """The contrast Σ wⱼ log oddsⱼ of the cells, the covariates held; exp of it is a ratio of odds.

    With covariates it is not the ratio of the arms' shares' odds, which is nearer to 1: ratios of
    odds are not collapsible (Gail, Wieand & Piantadosi 1984, Biometrika 71(3), 431–444).
    """
    return _contrast(found, found.log_odds, found.log_odds_covariance, weights, alpha)


def average_effect(
    found: LogitCells, weights: Sequence[float], *, alpha: float = 0.05
) -> NormalEstimate | NotEstimable:
    """The contrast Σ wⱼ pⱼ of the cells' probabilities: an average marginal effect, in shares."""
    return _contrast(found, found.probabilities, found.probability_covariance, weights, alpha)


def _contrast(
    found: LogitCells,
    values: Floats,
    covariance: Floats,
    weights: Sequence[float],
    alpha: float,
) -> NormalEstimate | NotEstimable:
    row = as_floats(weights, name="A weight")
    if len(row) != len(values):
        raise ValueError(f"{len(row)} weights for {len(values)} cells.")
    return normal_estimate(
        estimate=float(row @ values),
        se=float(np.sqrt(row @ covariance @ row)),
        n=sum(count for count, weight in zip(found.counts, row, strict=True) if weight),
        alpha=alpha,
    )


def _yes_or_no(outcome: Sequence[float] | Floats) -> Floats:
    y = as_floats(outcome, name="The outcome")
    if not np.isin(y[~np.isnan(y)], (0, 1)).all():
        raise ValueError("The outcome must be 0 or 1.")
    return y
