"""What scales rest on: the means and covariances of items, from rows that come chunk by chunk."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from analysis.statistics.estimate import Floats, as_floats

# Sums that differ by less than so much of the largest one differ by rounding.
ROUNDING = 64 * np.finfo(np.float64).eps


@dataclass(frozen=True, eq=False)
class Moments:
    """The complete rows of items: how many, and how many were `missing` an item.

    `covariance` (k, k) has n − 1; of one row or none it is nothing. `varies` (k,) says whether an
    item has several values, `sums_vary` whether the rows' sums differ by more than rounding.
    """

    n: int
    missing: int
    covariance: Floats
    varies: tuple[bool, ...]
    sums_vary: bool

    @property
    def items(self) -> int:
        """How many items."""
        return len(self.covariance)

    @property
    def correlation(self) -> Floats:
        """The correlations (k, k) of items that vary."""
        sd = np.sqrt(np.diag(self.covariance))
        found: Floats = np.clip(self.covariance / np.outer(sd, sd), -1, 1)
        np.fill_diagonal(found, 1)
        return found


class Gathered:
    """Collects the moments of `k` items, from rows (m, k) in any number of chunks."""

    def __init__(self, k: int) -> None:
        self._n, self._missing = 0, 0
        self._first: Floats | None = None
        self._sums, self._products = np.zeros(k), np.zeros((k, k))
        self._low, self._high = np.full(k, np.inf), np.full(k, -np.inf)
        self._least, self._most, self._size = np.inf, -np.inf, 0.0

    def add(self, rows: Floats) -> None:
        """Adds rows; those that lack an item are counted and left out."""
        there = ~np.isnan(rows).any(axis=1)
        complete = rows[there]
        self._missing += len(rows) - len(complete)
        if not len(complete):
            return
        # From a row of their own on, so that far-off scales keep their digits.
        self._first = complete[0] if self._first is None else self._first
        apart = complete - self._first
        self._n += len(complete)
        self._sums += apart.sum(axis=0)
        self._products += apart.T @ apart
        self._low = np.minimum(self._low, complete.min(axis=0))
        self._high = np.maximum(self._high, complete.max(axis=0))
        totals = complete.sum(axis=1)
        self._least = min(self._least, float(totals.min()))
        self._most = max(self._most, float(totals.max()))
        self._size = max(self._size, float(np.abs(complete).sum(axis=1).max()))

    @property
    def moments(self) -> Moments:
        """The moments of all rows that were added."""
        n = self._n
        around = self._products - np.outer(self._sums, self._sums) / max(n, 1)
        return Moments(
            n=n,
            missing=self._missing,
            covariance=around / max(n - 1, 1),
            varies=tuple((self._high > self._low).tolist()),
            sums_vary=bool(self._most - self._least > ROUNDING * self._size),
        )


def moments_of(answers: Floats) -> Moments:
    """The moments of rows (n, items) that are all there."""
    values = as_floats(answers, name="The answers")
    return gathered([values], values.shape[1])


def gathered(chunks: Iterable[Floats], k: int) -> Moments:
    """The moments of rows of k items that come in chunks (m, k)."""
    found = Gathered(k)
    for rows in chunks:
        found.add(rows)
    return found.moments
