"""What an analysis answers with: an estimate, a joint test, or the reason why there is none."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from math import copysign, isfinite
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from analysis.statistics import tails

Floats: TypeAlias = npt.NDArray[np.float64]
# Places in a list, one for each row.
Places: TypeAlias = npt.NDArray[np.signedinteger[Any] | np.unsignedinteger[Any]]


class Reason(StrEnum):
    """Why a number can't be computed."""

    NO_ROWS = "no_rows"
    TOO_FEW_ROWS = "too_few_rows"
    TOO_FEW_ITEMS = "too_few_items"
    TOO_FEW_ARMS = "too_few_arms"
    TOO_FEW_CLUSTERS = "too_few_clusters"
    ARM_WITHOUT_WEIGHT = "arm_without_weight"
    RANK_DEFICIENT = "rank_deficient"
    FULL_LEVERAGE = "full_leverage"
    NO_VARIANCE = "no_variance"
    OPTIONS_ARE_NO_LEVELS = "options_are_no_levels"
    NOT_RECORDED = "not_recorded"
    NO_FIXED_SHARES = "no_fixed_shares"
    CLUSTERED = "clustered"
    NO_COVARIATES = "no_covariates"
    TOO_FEW_OPTIONS = "too_few_options"
    SEPARATED = "separated"
    NOT_CONVERGED = "not_converged"
    IMPROPER_FIT = "improper_fit"
    OUT_OF_REACH = "out_of_reach"
    NOT_STOPPED = "not_stopped"
    NO_LOOK_LEFT = "no_look_left"
    NO_CROSSING = "no_crossing"
    BELOW_PRECISION = "below_precision"
    NO_OUTCOME_SD = "no_outcome_sd"
    NO_SMALLEST_EFFECT = "no_smallest_effect"
    NO_LIMITS = "no_limits"
    ROWS_TOGETHER = "rows_together"
    TOO_MANY_ROWS = "too_many_rows"
    BLINDED = "blinded"


@dataclass(frozen=True)
class NotEstimable:
    """A number that can't be computed from these data, and why; `detail` is one plain line."""

    reason: Reason
    detail: str


@dataclass(frozen=True)
class Estimate:
    """A point estimate with its uncertainty.

    `statistic` is estimate / se, `p` its two-sided tail under Student's t with `df` degrees of
    freedom, `low` to `high` the interval of confidence `level` from the same distribution. `n` is
    the number of rows that the estimate rests on. The unit is that of the outcome. `df` is whole
    where rows are independent, and need not be where they come in clusters.
    """

    estimate: float
    se: float
    statistic: float
    df: float
    p: float
    low: float
    high: float
    n: int
    level: float


@dataclass(frozen=True)
class JointTest:
    """A Wald test that several contrasts are all zero, on the F scale."""

    statistic: float
    df_numerator: int
    df_denominator: float
    p: float
    n: int


def t_estimate(
    *, estimate: float, se: float, df: float, n: int, alpha: float
) -> Estimate | NotEstimable:
    """The estimate with p and a 1 − alpha interval from Student's t.

    `alpha` is two-sided, so that a tiny one (an early look) keeps its digits. A standard error of
    zero is no estimate: the data do not vary.
    """
    if not 0 < alpha < 1:
        raise ValueError(f"alpha must lie between 0 and 1, not {alpha}.")
    if se == 0:
        return NotEstimable(Reason.NO_VARIANCE, "The outcome does not vary within the cells.")
    statistic = estimate / se
    margin = t_quantile(alpha / 2, df) * se
    return Estimate(
        estimate=estimate,
        se=se,
        statistic=statistic,
        df=df,
        p=float(2 * tails.t_sf(abs(statistic), df)),
        low=estimate - margin,
        high=estimate + margin,
        n=n,
        level=1 - alpha,
    )


@lru_cache(maxsize=1024)
def t_quantile(tail: float, df: float) -> float:
    """The t that Student's t with `df` degrees of freedom passes with probability `tail`.

    Kept, for the contrasts of a look ask for the same ones again and again.
    """
    return float(tails.t_isf(tail, df))


def as_floats(values: Sequence[float] | Floats, *, name: str) -> Floats:
    """The values as an array of floats; NaN means missing, ValueError if one is infinite."""
    array = np.asarray(values, dtype=np.float64)
    # By its ends, not by an array as long as it that says which are infinite.
    ends = (ufunc.reduce(array, axis=None, initial=0.0) for ufunc in (np.fmin, np.fmax))
    if any(map(np.isinf, ends)):
        raise ValueError(f"{name} holds an infinite value.")
    return array


def as_cells(
    cell: Sequence[str] | npt.NDArray[np.str_], cells: Sequence[str]
) -> npt.NDArray[np.str_]:
    """The rows' cells (n codes); ValueError if one is not among the cells."""
    codes = np.asarray(cell, dtype=np.str_)
    as_places(codes, cells)
    return codes


def as_places(
    cell: Sequence[str] | npt.NDArray[np.str_] | Places,
    cells: Sequence[str],
    *,
    kind: str = "cells",
) -> Places:
    """The place (n,) of each row's cell, from codes or from such places.

    `kind` is what cells are called. ValueError if a row is of an unknown one.
    """
    codes = np.asarray(cell)
    short: Any = np.int16 if len(cells) < 2**15 else np.int32
    if codes.dtype.kind in "iu":
        if len(codes) and not 0 <= codes.min() <= codes.max() < len(cells):
            raise ValueError(f"Rows of unknown {kind}: not all are places among {len(cells)}.")
        places: Places = codes.astype(short, copy=False)
        return places
    place: Places = np.full(len(codes), -1, dtype=short)
    for at, code in enumerate(cells):
        place[codes == code] = at
    if unknown := set(codes[place < 0].tolist()):
        raise ValueError(f"Rows of unknown {kind}: {', '.join(sorted(unknown))}.")
    return place


def normal_statistic(found: Estimate) -> float:
    """The normal statistic that has the two-sided p that Student's t gave, for bounds on z.

    So near to zero, or so far out, that the two are the same or p has no digits, t itself.
    """
    z = float(tails.norm_isf(found.p / 2))
    return copysign(z, found.statistic) if z > 1e-6 and isfinite(z) else found.statistic
