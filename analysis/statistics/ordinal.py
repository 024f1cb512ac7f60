"""One ordered answer by arm: the proportional-odds model, and whether odds are proportional.

P(answer <= option j) = expit(θⱼ − shift), where a cell's shift moves all answers up alike:
McCullagh 1980, JRSS B 42(2), 109–142. Options that nobody chose have no θ and change nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from analysis.statistics import tails
from analysis.statistics.cell_design import CellDesign, cell_design
from analysis.statistics.estimate import Floats, NotEstimable, Reason, as_floats
from analysis.statistics.large_sample import NormalEstimate, normal_estimate
from analysis.statistics.logistic import (
    LogitFit,
    Peak,
    Slope,
    climb,
    is_separated,
    logit,
    separated,
)


@dataclass(frozen=True, eq=False)
class OrderedCells:
    """An ordered logit by cell: the cells' `shifts` (k,) from the first, which is 0.

    `thresholds` lie between each two of the `options` that were chosen, for the first cell at the
    covariates' means; `slopes` are the covariates'. `covariance` (k, k) is that of the shifts.
    """

    cells: tuple[str, ...]
    counts: tuple[int, ...]
    options: tuple[float, ...]
    thresholds: Floats
    shifts: Floats
    slopes: Floats
    covariance: Floats
    log_likelihood: float
    missing: int


@dataclass(frozen=True)
class ProportionalOdds:
    """Brant's test that the shifts and slopes are the same at all thresholds, as chi-square."""

    statistic: float
    df: int
    p: float
    n: int


def ordered_cells(
    outcome: Sequence[float] | Floats,
    cell: Sequence[str] | npt.NDArray[np.str_],
    cells: Sequence[str],
    *,
    covariates: Floats | None = None,
) -> OrderedCells | NotEstimable:
    """The ordered logit of an outcome (n,) on the cells, with one slope per covariate.

    Maximum likelihood, which is concave (Pratt 1981, JASA 76(373), 103–106); the covariance is the
    inverse of the observed information. TOO_FEW_OPTIONS unless two were chosen, SEPARATED if a
    cell's answers are all at one end.
    """
    design = cell_design(outcome, cell, cells, covariates)
    if isinstance(design, NotEstimable):
        return design
    options, at = np.unique(design.y, return_inverse=True)
    if len(options) < 2:
        return NotEstimable(Reason.TOO_FEW_OPTIONS, "All rows gave the same answer.")
    x = _columns(design)
    peak = _peak(at, x, len(options) - 1)
    if isinstance(peak, NotEstimable):
        return peak
    first, k = len(options) - 1, len(cells)
    covariance = np.zeros((k, k))
    last = first + k - 1
    covariance[1:, 1:] = peak.inverse[first:last, first:last]
    return OrderedCells(
        cells=tuple(cells),
        counts=design.counts,
        options=tuple(options.tolist()),
        thresholds=peak.at[:first],
        shifts=np.r_[0.0, peak.at[first:last]],
        slopes=peak.at[last:],
        covariance=covariance,
        log_likelihood=peak.log_likelihood,
        missing=design.missing,
    )


def shift(
    found: OrderedCells, weights: Sequence[float], *, alpha: float = 0.05
) -> NormalEstimate | NotEstimable:
    """The contrast Σ wⱼ shiftⱼ, a log ratio of odds; above 0 is towards the higher options.

    ValueError unless there is one weight per cell and they sum to 0.
    """
    row = as_floats(weights, name="A weight")
    if len(row) != len(found.cells) or abs(row.sum()) > 1e-9:
        raise ValueError("A shift needs one weight per cell, and weights that sum to 0.")
    return normal_estimate(
        estimate=float(row @ found.shifts),
        se=float(np.sqrt(row @ found.covariance @ row)),
        n=sum(count for count, weight in zip(found.counts, row, strict=True) if weight),
        alpha=alpha,
    )


def proportional_odds(
    outcome: Sequence[float] | Floats,
    cell: Sequence[str] | npt.NDArray[np.str_],
    cells: Sequence[str],
    *,
    covariates: Floats | None = None,
) -> ProportionalOdds | NotEstimable:
    """Brant's test: the slopes of the logits of answer > j, for all j, held against each other.

    Brant 1990, Biometrics 46(4), 1171–1178: cov(bᵢ, bⱼ) = (X'WᵢᵢX)⁻¹ X'WᵢⱼX (X'WⱼⱼX)⁻¹ with Wᵢⱼ =
    pⱼ − pᵢ pⱼ for i <= j. Needs three options that were chosen; SEPARATED names the logit without
    a maximum, as where an arm never gave the lowest answer.
    """
    design = cell_design(outcome, cell, cells, covariates)
    if isinstance(design, NotEstimable):
        return design
    options = np.unique(design.y)
    if len(options) < 3:
        return NotEstimable(Reason.TOO_FEW_OPTIONS, "The test needs three different answers.")
    x = np.column_stack([np.ones(len(design.y)), _columns(design)])
    if x.shape[1] < 2:
        return NotEstimable(Reason.TOO_FEW_ARMS, "There is nothing to compare.")
    fits: list[LogitFit] = []
    for option in options[:-1]:
        fit = logit((design.y > option).astype(np.float64), x)
        if isinstance(fit, NotEstimable):
            return NotEstimable(fit.reason, f"Answers above {option:g}: {fit.detail}")
        fits.append(fit)
    return _brant(x, fits)


def _columns(design: CellDesign) -> Floats:
    return np.column_stack([design.indicators[:, 1:], design.z])


def _peak(at: npt.NDArray[np.intp], x: Floats, thresholds: int) -> Peak | NotEstimable:
    """The likelihood's maximum over thresholds and slopes, in this order."""
    n, k = len(x), thresholds + x.shape[1]
    if n <= k:
        return NotEstimable(Reason.TOO_FEW_ROWS, f"{n} rows can't carry {k} coefficients.")
    rank = int(np.linalg.matrix_rank(np.column_stack([np.ones(n), x]), rtol=1e-7))
    if rank < x.shape[1] + 1:
        return NotEstimable(Reason.RANK_DEFICIENT, f"Only {rank - 1} columns vary independently.")
    ends = np.eye(thresholds + 1)[at]
    below_top, above_bottom = at < thresholds, at > 0
    upper = np.column_stack([ends[:, :-1], -x]) * below_top[:, None]
    lower = np.column_stack([ends[:, 1:], -x]) * above_bottom[:, None]
    between = (upper - lower) * (below_top & above_bottom)[:, None]
    cumulative = np.cumsum(np.bincount(at))[:-1] / n
    start = np.r_[special.logit(cumulative), np.zeros(x.shape[1])]

    def slope(b: Floats) -> Slope:
        return _slope(b, upper, lower, between, below_top, above_bottom)

    peak = climb(slope, start)
    if not isinstance(peak, NotEstimable):
        reach = max(np.abs(upper @ peak.at).max(), np.abs(lower @ peak.at).max())
        if reach <= 12:
            return peak
    rows = np.vstack([upper[below_top], -lower[above_bottom]])
    return separated() if is_separated(rows) else peak


def _slope(
    b: Floats,
    upper: Floats,
    lower: Floats,
    between: Floats,
    below_top: npt.NDArray[np.bool_],
    above_bottom: npt.NDArray[np.bool_],
) -> Slope:
    """The likelihood from expit(u) − expit(l) = expit(u) expit(−l) (1 − exp(l − u)).

    Each of the three is concave on its own and keeps its digits in the tails.
    """
    u, low, gap = upper @ b, lower @ b, between @ b
    middle = below_top & above_bottom
    if not (gap[middle] > 0).all():
        return Slope(-np.inf, np.zeros(len(b)), np.eye(len(b)))
    value = special.log_expit(u)[below_top].sum() + special.log_expit(-low)[above_bottom].sum()
    value += np.log(-np.expm1(-gap[middle])).sum()
    rise = np.zeros(len(gap))
    rise[middle] = 1 / np.expm1(gap[middle])
    p, q = special.expit(u), special.expit(low)
    gradient = upper.T @ (1 - p) - lower.T @ q + between.T @ rise
    information = (upper.T * (p * (1 - p))) @ upper + (lower.T * (q * (1 - q))) @ lower
    information += (between.T * (rise * (1 + rise))) @ between
    return Slope(float(value), gradient, information)


def _brant(x: Floats, fits: list[LogitFit]) -> ProportionalOdds | NotEstimable:
    k, cuts = x.shape[1] - 1, len(fits)
    covariance = np.empty((cuts, k, cuts, k))
    for i, one in enumerate(fits):
        for j, other in enumerate(fits[i:], start=i):
            weight = other.probabilities * (1 - one.probabilities)
            block = one.inverse @ ((x.T * weight) @ x) @ other.inverse
            covariance[i, :, j] = block[1:, 1:]
            covariance[j, :, i] = block[1:, 1:].T
    slopes = np.concatenate([fit.coefficients[1:] for fit in fits])
    differences = np.kron(np.column_stack([-np.ones(cuts - 1), np.eye(cuts - 1)]), np.eye(k))
    spread = differences @ covariance.reshape(cuts * k, cuts * k) @ differences.T
    apart, df = differences @ slopes, (cuts - 1) * k
    if np.linalg.matrix_rank(spread, hermitian=True) < df:
        return NotEstimable(Reason.RANK_DEFICIENT, "Two thresholds part the rows alike.")
    statistic = float(apart @ np.linalg.solve(spread, apart))
    return ProportionalOdds(statistic, df, float(tails.chi2_sf(statistic, df)), len(x))
