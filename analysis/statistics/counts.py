"""Counts: the interval of a share, and whether groups have the same share."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import special

from analysis.statistics import tails
from analysis.statistics.estimate import Floats, NotEstimable, Reason

Ints: TypeAlias = npt.NDArray[np.int64]

# Cochran 1954, Biometrics 10(4), 417–451: the chi-square approximation wants expected counts of 5.
SMALL = 5.0
# The exact test follows at most so many sets of tables at a time, some tenths of a second.
MOST_TABLES = 2_000_000
# Tables whose probabilities differ by less than this share tie, as in R's fisher.test.
TIED = 1e-7


class Method(StrEnum):
    """How the p of a test of counts was found."""

    PEARSON = "pearson"
    EXACT = "exact"


@dataclass(frozen=True)
class CountTest:
    """A test of `n` counted rows: Pearson's X² with its df, and p by `method`.

    `poor` says that p is the chi-square approximation although a cell expects fewer than five:
    it may be off by a factor, in either direction.
    """

    method: Method
    statistic: float
    df: int
    p: float
    n: int
    least_expected: float

    @property
    def poor(self) -> bool:
        """Whether p rests on an approximation that these counts are too few for."""
        return self.method is Method.PEARSON and self.least_expected < SMALL


def as_counts(values: Sequence[int] | Ints, *, name: str) -> Ints:
    """The values as whole numbers; ValueError if one is negative or a fraction."""
    given = np.asarray(values, dtype=np.float64)
    if not (np.isfinite(given) & (given >= 0) & (given == np.floor(given))).all():
        raise ValueError(f"{name} must be counts, whole and not negative.")
    return given.astype(np.int64)


def wilson(count: int, n: int, *, alpha: float = 0.05) -> tuple[float, float]:
    """The interval of the share count / n, two-sided: Wilson 1927, JASA 22(158), 209–212.

    The ends are those shares whose own normal interval, with their own variance, just reaches
    count / n; 0 and 1 are reached by counts of 0 and n only. ValueError if n is zero.
    """
    if not 0 <= count <= n or n == 0:
        raise ValueError(f"{count} of {n} is no share.")
    z2 = float(tails.norm_isf(alpha / 2)) ** 2
    margin = np.sqrt(z2 * (count * (n - count) / n + z2 / 4))
    low, high = (count + z2 / 2 - margin) / (n + z2), (count + z2 / 2 + margin) / (n + z2)
    return (0.0 if count == 0 else float(low)), (1.0 if count == n else float(high))


def same_share(count: Ints, n: Ints) -> CountTest | NotEstimable:
    """Whether groups of n (k,) rows have the same share of `count` (k,).

    Pearson 1900, X² = Σ (observed − expected)² / expected over both rows of the table, with
    k − 1 df; groups without rows leave the table. If a cell expects fewer than five, p is that of
    Freeman & Halton 1951, Biometrika 38(1/2), 141–149: the probability, all margins given, of the
    tables that are no likelier than this one. Where the tables are too many to go through, the
    approximation stays and `poor` says so. TOO_FEW_ARMS with one group, NO_VARIANCE if none or
    all were counted.
    """
    count, n = count[n > 0], n[n > 0]
    total, rows = int(count.sum()), int(n.sum())
    if not rows:
        return NotEstimable(Reason.NO_ROWS, "No group has rows.")
    if len(n) < 2:
        return NotEstimable(Reason.TOO_FEW_ARMS, "One group alone can't differ.")
    if total in (0, rows):
        return NotEstimable(Reason.NO_VARIANCE, f"{total} of {rows}: the shares can't differ.")
    share = total / rows
    statistic = float(((count - n * share) ** 2 / (n * share * (1 - share))).sum())
    least = float(n.min() * min(share, 1 - share))
    exact = _freeman_halton(count if share <= 0.5 else n - count, n) if least < SMALL else None
    return CountTest(
        method=Method.PEARSON if exact is None else Method.EXACT,
        statistic=statistic,
        df=len(n) - 1,
        p=float(tails.chi2_sf(statistic, len(n) - 1)) if exact is None else exact,
        n=rows,
        least_expected=least,
    )


def _freeman_halton(count: Ints, n: Ints) -> float | None:
    """The exact p; None if there are more tables than MOST_TABLES.

    A table weighs Π C(nᵢ, countᵢ) of C(Σ n, Σ count) ways. Group by group, tables so far with the
    same sum and weight go on as one, with their number.
    """
    total = int(count.sum())
    sums, weights, tables = np.zeros(1, np.int64), np.zeros(1), np.ones(1)
    for place, rows in enumerate(n):
        taken = np.arange(min(int(rows), total) + 1)
        if len(sums) * len(taken) > MOST_TABLES:
            return None
        grown = (sums[:, None] + taken).ravel()
        heavier = (weights[:, None] + _log_ways(rows, taken)).ravel()
        possible = (grown <= total) & (grown + n[place + 1 :].sum() >= total)
        sums, weights, tables = _merged(
            grown[possible], heavier[possible], np.repeat(tables, len(taken))[possible]
        )
    rare = weights <= _log_ways(n, count).sum() + TIED
    ways = special.logsumexp(weights[rare], b=tables[rare])
    # All tables are as rare as the likeliest; rounding may then pass 1.
    return min(float(np.exp(ways - _log_ways(n.sum(), np.asarray(total)))), 1.0)


def _log_ways(n: Ints, taken: Ints) -> Floats:
    """The logarithm of C(n, taken)."""
    found: Floats = (
        special.gammaln(n + 1.0) - special.gammaln(taken + 1.0) - special.gammaln(n - taken + 1.0)
    )
    return found


def _merged(sums: Ints, weights: Floats, tables: Floats) -> tuple[Ints, Floats, Floats]:
    """Each pair of sum and weight once, the weight to nine digits, with its number of tables."""
    rounded = np.round(weights, 9)
    order = np.lexsort((rounded, sums))
    sums, rounded = sums[order], rounded[order]
    new = np.flatnonzero(np.r_[True, (np.diff(sums) != 0) | (np.diff(rounded) != 0)])
    return sums[new], weights[order][new], np.add.reduceat(tables[order], new)
