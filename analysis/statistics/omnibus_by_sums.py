"""The omnibus test from the rows' sums: what `omnibus` finds, in memory that stays flat."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy import linalg

from analysis.statistics import tails
from analysis.statistics.estimate import Floats, NotEstimable, Places, Reason
from analysis.statistics.lookup import Column, lacks, only
from analysis.statistics.omnibus import FLAT, OmnibusBalance, drawn_covariance
from analysis.statistics.tall import CHUNK

# Between these shares of the largest, an eigenvalue of the products may be rounding or may not.
ROUNDING, CLEAR = 1e-13, 1e-11


@dataclass(frozen=True, eq=False)
class Covariates:
    """Covariates (n,) one by one, NaN where missing; arm and stratum (n,) are places.

    `table` (strata, arms) are the rows of each. What is compared are the strata of two arms or
    more. A gap is filled with the covariate's mean and has an indicator, as `balance_columns` does.
    """

    columns: Sequence[Column]
    arm: Places
    stratum: Places
    table: npt.NDArray[np.int_]

    @cached_property
    def shared(self) -> npt.NDArray[np.bool_]:
        """Whether a stratum (strata,) has two arms or more."""
        found: npt.NDArray[np.bool_] = (self.table > 0).sum(axis=1) > 1
        return found

    @cached_property
    def means(self) -> list[float]:
        """The mean of each covariate's rows that are there; 0 where there are none."""
        found = ((column, ~lacks(column)) for column in self.columns)
        return [float(np.mean(only(each, rows))) if rows.any() else 0.0 for each, rows in found]

    @cached_property
    def gaps(self) -> list[int]:
        """The covariates that some rows lack, and some have."""
        lack = [lacks(column) for column in self.columns]
        return [at for at, each in enumerate(lack) if each.any() and not each.all()]

    def chunks(self) -> Iterator[tuple[Floats, Places, Places]]:
        """The next rows that are compared: columns (m, q) less their means, arms, strata."""
        for start in range(0, len(self.arm), CHUNK):
            part = slice(start, start + CHUNK)
            given = np.column_stack([column[part] for column in self.columns]) - self.means
            absent = np.isnan(given)
            x = np.hstack([np.where(absent, 0.0, given), absent[:, self.gaps]])
            rows = self.shared[self.stratum[part]]
            yield x[rows], self.arm[part][rows], self.stratum[part][rows]


def omnibus_by_sums(
    columns: Sequence[Column], arm: Places, stratum: Places, *, arms: int, strata: int
) -> OmnibusBalance | NotEstimable | None:
    """`omnibus_balance` of covariates (n,) each; arm and stratum (n,) are places among so many.

    None where columns go along so closely that sums can't tell whether one repeats the others.
    """
    counts = np.zeros(strata * arms, dtype=np.intp)
    for start in range(0, len(arm), CHUNK):
        part = slice(start, start + CHUNK)
        key = stratum[part].astype(np.intp) * arms + arm[part]
        counts += np.bincount(key, minlength=len(counts))
    table = counts.reshape(strata, arms)
    given = Covariates(columns, arm, stratum, table)
    if not given.shared.any():
        return NotEstimable(Reason.TOO_FEW_ARMS, "No stratum has two arms.")
    apart, products, largest = _sums(given)
    n = int(table[given.shared].sum())
    way = _basis(products.sum(axis=0), 64 * np.finfo(np.float64).eps * np.sqrt(n) * largest)
    if way is None:
        return None
    if not way.shape[1]:
        return NotEstimable(Reason.NO_VARIANCE, "No covariate varies within strata.")
    used = table[given.shared].any(axis=0)
    counts = table[given.shared][:, used]
    within = [way.T @ each @ way for each in products[given.shared]]
    values, vectors = linalg.eigh(drawn_covariance(within, counts))
    varies = values > FLAT * values[-1]
    root = vectors[:, varies] / np.sqrt(values[varies])
    statistic = float(np.sum(((apart[used][:-1] @ way).ravel() @ root) ** 2))
    df = root.shape[1]
    p = float(tails.chi2_sf(statistic, df))
    return OmnibusBalance(statistic, df, p, n=n, alone=int(table.sum()) - n)


def _sums(given: Covariates) -> tuple[Floats, Floats, Floats]:
    """Of columns less their stratum's means: sums by arm (arms, q), products by stratum (…, q, q).

    The largest size of each column (q,) too, as it was before.
    """
    (strata, arms), q = given.table.shape, len(given.columns) + len(given.gaps)
    means, products = np.zeros((strata, q)), np.zeros((strata, q, q))
    sums, largest = np.zeros((strata, arms, q)), np.zeros(q)
    shift = np.abs([*given.means, *(0.0 for _ in given.gaps)])
    for x, _, stratum in given.chunks():
        means += _by(stratum, x, strata)
        largest = np.maximum(largest, np.abs(x).max(axis=0, initial=0) + shift)
    n = np.maximum(given.table.sum(axis=1), 1)
    means /= n[:, None]
    for x, arm, stratum in given.chunks():
        centred = x - means[stratum]
        key = stratum.astype(np.intp) * arms + arm
        sums += _by(key, centred, strata * arms).reshape(sums.shape)
        order = np.argsort(stratum, kind="stable")
        ends = np.cumsum(np.bincount(stratum, minlength=strata)).tolist()
        for at, (start, end) in enumerate(zip([0, *ends[:-1]], ends, strict=True)):
            if end > start:
                mine = centred[order[start:end]]
                products[at] += mine.T @ mine
    # What the means lost in summing up: of a column that is constant in its strata it is all.
    left = sums.sum(axis=1) / n[:, None]
    products -= n[:, None, None] * left[:, :, None] * left[:, None, :]
    apart = (sums - given.table[:, :, None] * left[:, None, :]).sum(axis=0)
    return apart, products, largest


def _by(place: Places, x: Floats, many: int) -> Floats:
    """The columns' sums (many, q) by place."""
    sums = [np.bincount(place, column, many) for column in np.ascontiguousarray(x.T)]
    return np.array(sums, dtype=np.float64).reshape(x.shape[1], many).T


def _basis(products: Floats, noise: Floats) -> Floats | None:
    """What makes an orthonormal basis (q, r) of the columns; None if their number is unsure."""
    lengths = np.sqrt(np.diag(products))
    kept = lengths > noise
    if not kept.any():
        return np.empty((len(products), 0))
    scaled = products[np.ix_(kept, kept)] / np.outer(lengths[kept], lengths[kept])
    values, vectors = linalg.eigh(scaled)
    shares = values / values[-1]
    if ((shares > ROUNDING) & (shares < CLEAR)).any():
        return None
    varies = shares >= CLEAR
    found = np.zeros((len(products), int(varies.sum())))
    found[kept] = vectors[:, varies] / np.sqrt(values[varies]) / lengths[kept][:, None]
    return found
