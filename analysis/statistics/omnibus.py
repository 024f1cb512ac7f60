"""One test of all covariates: whether the arms differ more than randomisation makes them.

Hansen & Bowers 2008, Covariate balance in simple, stratified and clustered comparative studies,
Statistical Science 23(2), 219–236, for any number of arms.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import linalg

from analysis.statistics import tails
from analysis.statistics.balance import Categories
from analysis.statistics.estimate import Floats, NotEstimable, Reason, as_floats
from analysis.statistics.linear import RANK_TOLERANCE
from analysis.statistics.lookup import Column

# Eigenvalues of the randomisation covariance below this share of the largest are rounding.
FLAT = 1e-9


@dataclass(frozen=True)
class OmnibusBalance:
    """d² with its df, the rank of what was compared, and the chi-square p.

    `n` rows are in strata with two arms or more; `alone` are in strata of a single arm, where
    nothing can be compared.
    """

    statistic: float
    df: int
    p: float
    n: int
    alone: int


@dataclass(frozen=True)
class PermutedBalance:
    """d² with the p of `draws` other assignments that the randomisation could have made."""

    statistic: float
    p: float
    draws: int
    n: int
    alone: int


@dataclass(frozen=True, eq=False)
class _Comparison:
    """Orthonormal covariates (n, r) centred by stratum, arm codes and strata (n,), and V^(−½)."""

    covariates: Floats
    arm: npt.NDArray[np.int_]
    stratum: npt.NDArray[np.int_]
    root: Floats
    alone: int

    def statistic(self, arm: npt.NDArray[np.int_]) -> float:
        """d² of an assignment with the same number of each arm in each stratum."""
        is_of = arm[:, None] == np.arange(self.arm.max())
        return float(np.sum(((is_of.T @ self.covariates).ravel() @ self.root) ** 2))


def balance_columns(
    numeric: Mapping[str, Column] | None = None,
    categorical: Mapping[str, Categories] | None = None,
) -> Floats:
    """The covariates as columns (n, p) without gaps, for the omnibus test.

    A numeric one is filled with its mean and, if some rows lack it, brings an indicator of those;
    a categorical one brings an indicator per level and, if some lack it, one of those. Columns may
    repeat each other: the test counts rank. So Hansen & Bowers 2008.
    """
    columns: list[Floats] = []
    for name, values in (numeric or {}).items():
        x = as_floats(np.asarray(values), name=name)
        absent = np.isnan(x)
        if not absent.all():
            columns.append(np.where(absent, x[~absent].mean(), x))
        columns.append(absent.astype(np.float64))
    for given in (categorical or {}).values():
        columns.extend(
            np.array([value == level for value in given.values], dtype=np.float64)
            for level in (*given.levels, None)
        )
    if not columns:
        raise ValueError("No covariate was named.")
    return np.column_stack(columns)


def omnibus_balance(
    arm: Sequence[str] | npt.NDArray[np.str_],
    covariates: Floats,
    *,
    strata: Sequence[str] | npt.NDArray[np.str_] | None = None,
) -> OmnibusBalance | NotEstimable:
    """d² of the covariates (n, p) without gaps by arm (n codes), within strata (n codes).

    d² = D' V⁻ D, D the arms' sums of the covariates less what their share of each stratum would
    give, V its covariance over all assignments with the same number of each arm in each stratum:
    Σ n_b / (n_b − 1) · (diag π_b − π_b π_b') ⊗ Σ (x − x̄_b)(x − x̄_b)'. Its mean over them is
    exactly df = rank V; p is the chi-square tail, good in large samples. For two arms it is
    Hansen & Bowers' d², without strata (n − 1) times Pillai's trace.
    TOO_FEW_ARMS if no stratum has two arms, NO_VARIANCE if no covariate varies within strata.
    """
    found = _comparison(arm, covariates, strata)
    if isinstance(found, NotEstimable):
        return found
    statistic, df = found.statistic(found.arm), found.root.shape[1]
    return OmnibusBalance(
        statistic=statistic,
        df=df,
        p=float(tails.chi2_sf(statistic, df)),
        n=len(found.arm),
        alone=found.alone,
    )


def permuted_balance(
    arm: Sequence[str] | npt.NDArray[np.str_],
    covariates: Floats,
    *,
    strata: Sequence[str] | npt.NDArray[np.str_] | None = None,
    draws: int,
    seed: int,
) -> PermutedBalance | NotEstimable:
    """The same d², held against arms permuted within strata instead of the chi-square.

    For few rows per covariate. p = (1 + those at least as large) / (1 + draws), which keeps its
    level at any number of draws: Phipson & Smyth 2010, Statistical Applications in Genetics and
    Molecular Biology 9(1), article 39. The same seed gives the same p. Reasons as above.
    """
    found = _comparison(arm, covariates, strata)
    if isinstance(found, NotEstimable):
        return found
    rng, statistic = np.random.default_rng(seed), found.statistic(found.arm)
    in_strata = np.argsort(found.stratum, kind="stable")
    as_large, assigned = 0, np.empty_like(found.arm)
    for _ in range(draws):
        shuffled = np.lexsort((rng.random(len(found.arm)), found.stratum))
        assigned[in_strata] = found.arm[shuffled]
        # Assignments that mirror this one tie with it but for rounding.
        as_large += found.statistic(assigned) >= statistic * (1 - 1e-9)
    return PermutedBalance(
        statistic=statistic,
        p=(1 + as_large) / (1 + draws),
        draws=draws,
        n=len(found.arm),
        alone=found.alone,
    )


def _comparison(
    arm: Sequence[str] | npt.NDArray[np.str_],
    covariates: Floats,
    strata: Sequence[str] | npt.NDArray[np.str_] | None,
) -> _Comparison | NotEstimable:
    x, codes = as_floats(covariates, name="A covariate"), np.asarray(arm, dtype=np.str_)
    lists = np.zeros(len(codes), np.str_) if strata is None else np.asarray(strata, np.str_)
    if x.ndim != 2 or not len(x) == len(codes) == len(lists):
        raise ValueError("Each row needs its arm, covariates and stratum.")
    if np.isnan(x).any():
        raise ValueError("Covariates with gaps: balance_columns fills them.")
    return _within(
        x, np.unique(codes, return_inverse=True)[1], np.unique(lists, return_inverse=True)[1]
    )


def _within(
    x: Floats, arm: npt.NDArray[np.int_], stratum: npt.NDArray[np.int_]
) -> _Comparison | NotEstimable:
    """The comparison within those strata that have two arms or more."""
    if not len(x):
        return NotEstimable(Reason.NO_ROWS, "There are no rows.")
    table = np.zeros((stratum.max() + 1, arm.max() + 1), np.int64)
    np.add.at(table, (stratum, arm), 1)
    shared = (table > 0).sum(axis=1) > 1
    rows = shared[stratum]
    if not rows.any():
        return NotEstimable(Reason.TOO_FEW_ARMS, "No stratum has two arms.")
    arm = np.unique(arm[rows], return_inverse=True)[1]
    stratum = np.unique(stratum[rows], return_inverse=True)[1]
    basis = _basis(x[rows], stratum)
    if not basis.shape[1]:
        return NotEstimable(Reason.NO_VARIANCE, "No covariate varies within strata.")
    table = table[shared][:, table[shared].any(axis=0)]
    values, vectors = linalg.eigh(_covariance(basis, stratum, table))
    varies = values > FLAT * values[-1]
    root = vectors[:, varies] / np.sqrt(values[varies])
    return _Comparison(basis, arm, stratum, root, alone=int((~rows).sum()))


def _basis(x: Floats, stratum: npt.NDArray[np.int_]) -> Floats:
    """An orthonormal basis (n, r) of the columns less their strata's means: d² stays the same."""
    n, centred = np.bincount(stratum), x
    # The second time takes away what the sums of the first lost: a constant has nothing left.
    for _ in range(2):
        sums = np.zeros((len(n), x.shape[1]))
        np.add.at(sums, stratum, centred)
        centred = centred - (sums / n[:, None])[stratum]
    lengths = np.linalg.norm(centred, axis=0)
    # What is left of a constant column is rounding.
    noise = 64 * np.finfo(np.float64).eps * np.sqrt(len(x)) * np.abs(x).max(axis=0, initial=0)
    kept = lengths > noise
    if not kept.any():
        return np.empty((len(x), 0))
    basis, sizes, _ = linalg.svd(centred[:, kept] / lengths[kept], full_matrices=False)
    found: Floats = basis[:, sizes > RANK_TOLERANCE * sizes[0]]
    return found


def _covariance(
    basis: Floats, stratum: npt.NDArray[np.int_], table: npt.NDArray[np.int64]
) -> Floats:
    parts = (basis[stratum == place] for place in range(len(table)))
    return drawn_covariance((rows.T @ rows for rows in parts), table)


def drawn_covariance(products: Iterable[Floats], table: npt.NDArray[np.int_]) -> Floats:
    """V of the sums of all arms but the last: they add up to zero, so one says nothing new.

    From each stratum's products (r, r) of the covariates less their means, and how many rows of
    each arm it has (strata, arms).
    """
    found: float | Floats = 0.0
    for within, counts in zip(products, table, strict=True):
        n = counts.sum()
        share = counts[:-1] / n
        drawn = (np.diag(share) - np.outer(share, share)) * n / (n - 1)
        found = found + np.kron(drawn, within)
    return np.asarray(found)
