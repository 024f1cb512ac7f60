"""How well one factor describes a scale's items, and how each item goes along with the others."""

from dataclasses import dataclass

import numpy as np
from scipy import optimize

from analysis.statistics.estimate import Floats, NotEstimable, Reason
from analysis.statistics.moments import Moments, moments_of

# The least share of an item's variance that is left to it: below, the fit is improper (Heywood).
LEAST = 0.005


@dataclass(frozen=True)
class Omega:
    """McDonald's omega total of `n` complete rows, and each item's standardised loading."""

    omega: float
    loadings: tuple[float, ...]
    uniquenesses: tuple[float, ...]
    n: int
    missing: int


@dataclass(frozen=True)
class ItemFit:
    """One item's correlation with the sum of all items, and of the others (`rest`).

    `dropped` is Cronbach's alpha without it. `suspect`: it was likely coded the wrong way round.
    """

    total: float
    rest: float | NotEstimable
    dropped: float | NotEstimable
    suspect: bool


def omega(answers: Floats) -> Omega | NotEstimable:
    """McDonald's omega total of the items (n, items), already turned, from complete rows.

    (Σ λᵢ)² / ((Σ λᵢ)² + Σ ψᵢ) of the one-factor model of the items' covariances, for the score is
    their plain mean: McDonald 1999, Test Theory, Erlbaum. Maximum likelihood: Jöreskog 1967,
    Psychometrika 32(4), 443–482. Needs three items and more rows than items; IMPROPER_FIT where an
    item's own variance goes to zero.
    """
    return omega_of(moments_of(answers))


def omega_of(items: Moments) -> Omega | NotEstimable:
    """The same from the items' moments."""
    n, k = items.n, items.items
    if k < 3:
        return NotEstimable(Reason.TOO_FEW_ITEMS, "Omega needs at least three items.")
    if n <= k:
        return NotEstimable(Reason.TOO_FEW_ROWS, f"{n} complete rows for {k} items.")
    if not all(items.varies):
        return NotEstimable(Reason.NO_VARIANCE, "An item does not vary.")
    correlation = items.correlation
    if np.linalg.matrix_rank(correlation, hermitian=True, rtol=1e-9) < k:
        return NotEstimable(Reason.RANK_DEFICIENT, "An item repeats others.")
    found = _one_factor(correlation)
    if isinstance(found, NotEstimable):
        return found
    loadings, own = found
    scale = np.sqrt(np.diag(items.covariance))
    common = float(scale @ loadings) ** 2
    return Omega(
        omega=common / (common + float(scale**2 @ own)),
        loadings=tuple(loadings.tolist()),
        uniquenesses=tuple(own.tolist()),
        n=n,
        missing=items.missing,
    )


def _one_factor(correlation: Floats) -> tuple[Floats, Floats] | NotEstimable:
    """Loadings and uniquenesses (k,), by the likelihood of the uniquenesses alone."""

    def loss(own: Floats) -> tuple[float, Floats]:
        root = np.sqrt(own)
        values, vectors = np.linalg.eigh(correlation / np.outer(root, root))
        rest = values[:-1]
        loading = root * vectors[:, -1] * np.sqrt(max(values[-1] - 1, 0.0))
        left = loading**2 + own - np.diag(correlation)
        return float((rest - np.log(rest) - 1).sum()), left / own**2

    def slope(own: Floats) -> Floats:
        return loss(own)[1]

    start = (1 - 0.5 / len(correlation)) / np.diag(np.linalg.inv(correlation))
    result = optimize.minimize(
        loss,
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=[(LEAST, 1.0)] * len(correlation),
        options={"ftol": 1e-16, "gtol": 1e-11, "maxiter": 5000},
    )
    own: Floats = np.asarray(result.x, dtype=np.float64)
    if own.min() <= LEAST * 1.001:
        return NotEstimable(
            Reason.IMPROPER_FIT, "One factor leaves an item no variance of its own."
        )
    # The search ends where the likelihood is flat, some digits before its gradient is nothing.
    near = optimize.root(slope, own, tol=1e-14).x
    if near.min() > LEAST and np.abs(slope(near)).max() < np.abs(slope(own)).max():
        own = np.asarray(near, dtype=np.float64)
    root = np.sqrt(own)
    values, vectors = np.linalg.eigh(correlation / np.outer(root, root))
    loading = root * vectors[:, -1] * np.sqrt(max(values[-1] - 1, 0.0))
    return loading * (1.0 if loading.sum() >= 0 else -1.0), own


def item_fits(answers: Floats) -> tuple[ItemFit, ...] | NotEstimable:
    """Each item's fit to the scale, from complete rows of the items (n, items), already turned.

    An item is `suspect` if its loading on the first principal component has the sign that fewer
    items have, and its correlation with the others, all turned by these signs, has a 95 % interval
    (Fisher 1921, Metron 1, 3–32) wholly below zero. Needs two items, four complete rows and items
    that vary.
    """
    return item_fits_of(moments_of(answers))


def item_fits_of(items: Moments) -> tuple[ItemFit, ...] | NotEstimable:
    """The same from the items' moments."""
    n, k = items.n, items.items
    if k < 2:
        return NotEstimable(Reason.TOO_FEW_ITEMS, "Item fits need at least two items.")
    if n < 4:
        return NotEstimable(Reason.TOO_FEW_ROWS, f"Item fits need four complete rows, not {n}.")
    if not all(items.varies):
        return NotEstimable(Reason.NO_VARIANCE, "An item does not vary.")
    covariance = items.covariance
    if covariance.sum() <= 1e-12 * np.trace(covariance):
        return NotEstimable(Reason.NO_VARIANCE, "All sums of the items are the same.")
    suspects = _suspects(items)
    return tuple(
        ItemFit(
            total=_correlation(covariance, i, np.ones(k)),
            rest=_rest(covariance, i),
            dropped=_alpha(np.delete(np.delete(covariance, i, 0), i, 1)),
            suspect=i in suspects,
        )
        for i in range(k)
    )


def _correlation(covariance: Floats, item: int, others: Floats) -> float:
    """The correlation of an item with the sum of items so weighed."""
    spread = float(others @ covariance @ others) * float(covariance[item, item])
    return float(covariance[item] @ others / np.sqrt(spread))


def _rest(covariance: Floats, item: int) -> float | NotEstimable:
    others = 1.0 - np.eye(len(covariance))[item]
    if others @ covariance @ others <= 1e-12 * float(np.trace(covariance)):
        return NotEstimable(Reason.NO_VARIANCE, "The sum of the other items does not vary.")
    return _correlation(covariance, item, others)


def _alpha(covariance: Floats) -> float | NotEstimable:
    k, total = len(covariance), float(covariance.sum())
    if k < 2:
        return NotEstimable(Reason.TOO_FEW_ITEMS, "Alpha needs at least two items.")
    if total <= 1e-12 * float(np.trace(covariance)):
        return NotEstimable(Reason.NO_VARIANCE, "All sums of the items are the same.")
    return float(k / (k - 1) * (1 - float(np.trace(covariance)) / total))


def _suspects(items: Moments) -> set[int]:
    n, k, covariance = items.n, items.items, items.covariance
    first = np.linalg.eigh(items.correlation)[1][:, -1]
    signs = np.where(first < 0, -1.0, 1.0)
    # Two items that disagree can't tell which of them is the wrong way round.
    if signs.sum() == 0:
        return set()
    signs *= np.sign(signs.sum())
    margin = 1.959963984540054 / np.sqrt(n - 3)
    return {
        i
        for i in np.flatnonzero(signs < 0).tolist()
        if np.arctanh(_correlation(covariance, i, signs * (1 - np.eye(k)[i]))) + margin < 0
    }
