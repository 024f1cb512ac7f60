"""Least squares on rows that come in clusters: what each cluster brings to a coefficient's error.

The covariance is CR2 of Bell & McCaffrey 2002 (Survey Methodology 28(2), 169–181) with independent
homoskedastic errors as the working model, under which it is unbiased:

V = (X'X)⁻¹ Σ X_g' A_g e_g e_g' A_g' X_g (X'X)⁻¹, with A_g = (I − H_gg)^−½ and H = X (X'X)⁻¹ X'.

With Q the orthonormal basis of X, A_g Q_g = Q_g (I − Q_g'Q_g)^−½: a matrix as small as there are
columns does for a cluster of any size, and nothing as large as the rows squared is ever formed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import linalg

from analysis.statistics.estimate import Floats, NotEstimable, Reason
from analysis.statistics.linear import LEVERAGE_TOLERANCE, Basis, basis, residuals_of

Ints = npt.NDArray[np.intp]
# A cluster's score below this share of what it is summed from is rounding: the parts cancel out.
SCORE_TOLERANCE = 1024 * np.finfo(np.float64).eps


@dataclass(frozen=True, eq=False)
class Coefficient:
    """One coefficient, and what each of G clusters brings to its error.

    `scores` (G,): the variance is the sum of their squares. `sizes` (G,): the scores if nothing
    cancelled out, by which rounding is told. `shares` (G,): what the working model expects of the
    scores' squares. `pulls` (G, k): the clusters' influence on the fit, by which their scores hang
    together.
    """

    value: float
    scores: Floats
    sizes: Floats
    shares: Floats
    pulls: Floats


@dataclass(frozen=True, eq=False)
class Errors:
    """How k coefficients of fits of their own err together, by G clusters, in any contrast.

    `scores`, `sizes` and `shares` (G, k) are those of each `Coefficient`. `overlap` (k, k) sums,
    over pairs of different clusters, how much their scores have in common through the fit of the
    one and of the other. Zero for a coefficient that is not there.
    """

    scores: Floats
    sizes: Floats
    shares: Floats
    overlap: Floats

    def scored(self, weights: Floats) -> Floats:
        """The clusters' scores (G, q) of q contrasts (q, k), exactly zero where they cancel out."""
        found = self.scores @ weights.T
        found[np.abs(found) <= SCORE_TOLERANCE * (self.sizes @ np.abs(weights).T)] = 0
        return found

    def rounding(self, weights: Floats) -> float:
        """What the clusters' scores (G, q) of contrasts can come to by rounding, all together."""
        return float(SCORE_TOLERANCE * np.linalg.norm(self.sizes @ np.abs(weights).T))

    def expected(self, weights: Floats) -> Floats:
        """The covariance (q, q) of contrasts (q, k) under the working model."""
        found: Floats = (weights * self.shares.sum(axis=0)) @ weights.T
        return found

    def spread(self, one: Floats, other: Floats) -> float:
        """The variance of the estimated covariance of two contrasts (k,) under the working model.

        Σ (p_1g'p_1h)(p_2g'p_2h) + (p_1g'p_2h)(p_2g'p_1h) over all pairs of clusters g, h:
        Pustejovsky & Tipton 2018, with independent errors as the working model.
        """
        a, b, ab = one**2, other**2, one * other
        own = (self.shares @ a) @ (self.shares @ b) + np.sum((self.shares @ ab) ** 2)
        return float(own + a @ self.overlap @ b + ab @ self.overlap @ ab)

    def degrees(self, weights: Floats) -> float:
        """Degrees of freedom of q contrasts (q, k) together; Satterthwaite's of one.

        η = q (q + 1) / Σ Var(d_st) over the entries of the covariance estimated, once the expected
        one is the identity: HTZ of Pustejovsky & Tipton 2018.
        """
        root = np.linalg.cholesky(self.expected(weights))
        rows = linalg.solve_triangular(root, weights, lower=True)
        q = len(rows)
        return q * (q + 1) / sum(self.spread(one, other) for one in rows for other in rows)


def errors_of(fits: Sequence[Coefficient | NotEstimable], clusters: int) -> Errors:
    """The coefficients of separate fits side by side, and what their clusters have in common."""
    there = [fit for fit in fits if isinstance(fit, Coefficient)]
    nothing = np.zeros((clusters, there[0].pulls.shape[1] if there else 1))
    blank = Coefficient(0, nothing[:, 0], nothing[:, 0], nothing[:, 0], nothing)
    filled = [fit if isinstance(fit, Coefficient) else blank for fit in fits]
    pulls = [fit.pulls for fit in filled]
    lengths = np.column_stack([np.sum(pull**2, axis=1) for pull in pulls])
    # Over all pairs of clusters, then without each with itself.
    together = np.array([[np.sum((a.T @ b) ** 2) for b in pulls] for a in pulls])
    return Errors(
        scores=np.column_stack([fit.scores for fit in filled]),
        sizes=np.column_stack([fit.sizes for fit in filled]),
        shares=np.column_stack([fit.shares for fit in filled]),
        overlap=together - lengths.T @ lengths,
    )


@dataclass(frozen=True, eq=False)
class _Rows:
    """The rows of one fit, sorted by cluster: `starts` are where each of the `ids` begins."""

    q: Floats
    residuals: Floats
    ids: Ints
    starts: Ints
    counts: Ints
    scale: float


def cluster_fit(
    y: Floats, x: Floats, cluster: Ints, *, clusters: int, columns: Sequence[int]
) -> tuple[Coefficient, ...] | NotEstimable:
    """Least squares of y (n,) on x (n, k), for the named columns, each with its clusters' parts.

    `cluster` (n,) numbers the rows' clusters below `clusters`. TOO_FEW_CLUSTERS if there is but
    one here, TOO_FEW_ROWS and RANK_DEFICIENT as `basis` has them, FULL_LEVERAGE if one cluster
    alone decides a coefficient, for then nothing tells how far it errs.
    """
    if len(np.unique(cluster)) < 2:
        return NotEstimable(Reason.TOO_FEW_CLUSTERS, "All rows are of one cluster.")
    found = basis(x)
    if isinstance(found, NotEstimable):
        return found
    rows = _sorted(y, found, cluster)
    roots = _roots(rows)
    if isinstance(roots, NotEstimable):
        return roots
    projected = found.coefficients(found.q.T @ y)
    return tuple(
        _coefficient(rows, roots, found.direction(column), float(projected[column]), clusters)
        for column in columns
    )


def _sorted(y: Floats, found: Basis, cluster: Ints) -> _Rows:
    order = np.argsort(cluster, kind="stable")
    ids, starts, counts = np.unique(cluster[order], return_index=True, return_counts=True)
    residuals = residuals_of(y, found.q.T @ y, found.q)
    return _Rows(
        q=found.q[order],
        residuals=residuals[order],
        ids=ids,
        starts=starts,
        counts=counts,
        scale=float(np.abs(y).max()),
    )


def _roots(rows: _Rows) -> Floats | NotEstimable:
    """(I − Q_g'Q_g)^−½ (several, k, k) of the clusters that have several rows.

    A cluster of one row needs none: there A_g is a number.
    """
    several = rows.counts > 1
    q, counts = rows.q[np.repeat(several, rows.counts)], rows.counts[several]
    k = q.shape[1]
    grams = np.empty((0, k, k))
    if len(q):
        starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
        grams = np.add.reduceat(q[:, :, None] * q[:, None, :], starts)
    values, vectors = np.linalg.eigh(grams)
    room = 1 - values
    alone = 1 - np.sum(rows.q[np.repeat(~several, rows.counts)] ** 2, axis=1)
    if min(room.min(initial=1), alone.min(initial=1)) < LEVERAGE_TOLERANCE:
        return NotEstimable(
            Reason.FULL_LEVERAGE, "One cluster alone decides a coefficient (leverage 1)."
        )
    roots: Floats = (vectors / np.sqrt(room)[:, None, :]) @ vectors.swapaxes(1, 2)
    return roots


def _coefficient(
    rows: _Rows, roots: Floats, direction: Floats, value: float, clusters: int
) -> Coefficient:
    plain = rows.q @ direction
    several = np.repeat(rows.counts > 1, rows.counts)
    # A_g times the rows' weights: by a number where a cluster is one row, by its root elsewhere.
    adjusted = plain / np.sqrt(np.where(several, 1, 1 - np.sum(rows.q**2, axis=1)))
    towards = np.repeat(roots @ direction, rows.counts[rows.counts > 1], axis=0)
    adjusted[several] = np.sum(rows.q[several] * towards, axis=1)

    def summed(values: Floats) -> Floats:
        found = np.zeros((clusters, *values.shape[1:]))
        found[rows.ids] = np.add.reduceat(values, rows.starts)
        return found

    return Coefficient(
        value=value,
        scores=summed(adjusted * rows.residuals),
        sizes=summed(np.abs(adjusted)) * rows.scale,
        # (A_g q)'(I − H_gg)(A_g q) is q'q: the adjustment is made for that.
        shares=summed(plain**2),
        pulls=summed(rows.q * adjusted[:, None]),
    )
