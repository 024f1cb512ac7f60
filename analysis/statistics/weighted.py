"""Cell means where the chance of an arm was not the same for all: by weights, or block by block."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from analysis.statistics import tails
from analysis.statistics.covariates import complete_covariates
from analysis.statistics.effects import CellMean, CellMeans
from analysis.statistics.estimate import (
    Floats,
    NotEstimable,
    Places,
    Reason,
    as_floats,
    as_places,
)
from analysis.statistics.linear import Fit, ols

Found = tuple[float, float, int]


def hajek_means(
    outcome: Sequence[float] | Floats,
    cell: Sequence[str] | npt.NDArray[np.str_] | Places,
    cells: Sequence[str],
    probability: Sequence[float] | Floats,
    *,
    covariates: Floats | None = None,
    alpha: float = 0.05,
) -> CellMeans:
    """Means by cell of rows that weigh 1 / probability (n,), that of the cell each row is in.

    Σ y / π over Σ 1 / π: Hájek 1971, in Foundations of Statistical Inference, Holt, Rinehart &
    Winston, 236. HC2 of the weighted least squares, as estimatr's lm_robust has it; covariates
    adjust as in `cell_means`, centred at their plain mean over all rows used. ValueError unless
    probabilities lie above 0 and up to 1, or if a row is of an unknown cell.
    """
    y, codes, used = _rows(outcome, cell, cells)
    chance = as_floats(probability, name="A probability")
    if len(chance) != len(y) or not ((chance > 0) & (chance <= 1)).all():
        raise ValueError("Each row needs the probability of its cell, above 0 and up to 1.")
    z = np.empty((len(y), 0)) if covariates is None else covariates
    z = complete_covariates(z[used], codes[used])
    z = z - z.mean(axis=0) if z.size else z
    root = 1 / np.sqrt(chance[used])
    y, x = y[used] * root, np.column_stack([np.ones(len(z)), z]) * root[:, None]
    found: list[Found | NotEstimable] = []
    df = 0
    for at, code in enumerate(cells):
        rows = codes[used] == at
        if not rows.any():
            found.append(_empty(code))
            continue
        fit = ols(y[rows], x[rows])
        if isinstance(fit, Fit):
            df += fit.df
            found.append((float(fit.coefficients[0]), float(fit.covariance[0, 0]), fit.n))
        else:
            found.append(NotEstimable(fit.reason, f"Cell {code}: {fit.detail}"))
    return _means(cells, codes, used, found, df=df, covariates=z.shape[1], alpha=alpha)


def blocked_means(
    outcome: Sequence[float] | Floats,
    cell: Sequence[str] | npt.NDArray[np.str_] | Places,
    cells: Sequence[str],
    stratum: Sequence[str] | npt.NDArray[np.str_] | Places,
    strata: Sequence[str] | None = None,
    *,
    alpha: float = 0.05,
) -> CellMeans:
    """Means by cell within each stratum (n codes), averaged by the strata's shares of all rows.

    Σ (n_b / n) ȳ_b with variance Σ (n_b / n)² s²_b / m_b, HC2 within strata, m_b rows of the cell
    in stratum b; df are rows less cells times strata: Gerber & Green 2012, Field Experiments,
    W. W. Norton, section 3.6. A cell needs two rows in every stratum: TOO_FEW_ROWS names the
    stratum otherwise. `strata` are the names of all, if they are known, and then strata may be
    places among them. ValueError if a row is of an unknown cell or stratum.
    """
    y, codes, used = _rows(outcome, cell, cells)
    names = np.unique(np.asarray(stratum)).tolist() if strata is None else list(strata)
    blocks = as_places(stratum, names, kind="strata")[used].astype(np.intp)
    sizes = np.bincount(blocks, minlength=len(names))
    n, means, variances = _by_block(y[used], codes[used] * len(names) + blocks, len(cells), sizes)
    here, shares = sizes > 0, sizes / max(int(sizes.sum()), 1)
    found: list[Found | NotEstimable] = []
    df = 0
    for code, rows, mean, variance in zip(cells, n, means, variances, strict=True):
        thin = [name for name, few in zip(names, here & (rows < 2), strict=True) if few]
        if thin or not here.any():
            detail = f"Cell {code} has fewer than two rows in stratum {', '.join(thin)}."
            found.append(NotEstimable(Reason.TOO_FEW_ROWS, detail) if thin else _empty(code))
            continue
        df += int(rows.sum()) - int(here.sum())
        found.append((float(shares @ mean), float(shares**2 @ variance), int(rows.sum())))
    return _means(cells, codes, used, found, df=df, covariates=0, alpha=alpha)


def _by_block(
    y: Floats, key: Places, cells: int, sizes: npt.NDArray[np.int_]
) -> tuple[npt.NDArray[np.int_], Floats, Floats]:
    """Rows, mean and variance of the mean of each cell in each block (cells, blocks).

    `key` (n,) is a row's cell and block as one number.
    """
    many = cells * len(sizes)
    n = np.bincount(key, minlength=many)
    mean = np.zeros(many)
    # The second time takes away what the sums of the first lost.
    for _ in range(2):
        mean += np.bincount(key, y - mean[key], many) / np.maximum(n, 1)
    squares = np.bincount(key, (y - mean[key]) ** 2, many)
    variance = squares / np.maximum(n - 1, 1) / np.maximum(n, 1)
    shape = (cells, len(sizes))
    return n.reshape(shape), mean.reshape(shape), variance.reshape(shape)


def _rows(
    outcome: Sequence[float] | Floats,
    cell: Sequence[str] | npt.NDArray[np.str_] | Places,
    cells: Sequence[str],
) -> tuple[Floats, npt.NDArray[np.intp], npt.NDArray[np.bool_]]:
    """Outcomes, the places of their cells, and which rows have an outcome."""
    y, place = as_floats(outcome, name="The outcome"), as_places(cell, cells)
    return y, place.astype(np.intp), ~np.isnan(y)


def _empty(code: str) -> NotEstimable:
    return NotEstimable(Reason.NO_ROWS, f"Cell {code} has no rows.")


def _means(
    cells: Sequence[str],
    codes: npt.NDArray[np.intp],
    used: npt.NDArray[np.bool_],
    found: list[Found | NotEstimable],
    *,
    df: int,
    covariates: int,
    alpha: float,
) -> CellMeans:
    reach = float(tails.t_isf(alpha / 2, df)) if df else float("nan")
    means: list[CellMean | NotEstimable] = []
    for code, one in zip(cells, found, strict=True):
        if isinstance(one, NotEstimable):
            means.append(one)
            continue
        mean, variance, n = one
        se = float(np.sqrt(variance))
        means.append(CellMean(code, n, mean, se, mean - reach * se, mean + reach * se))
    return CellMeans(
        cells=tuple(cells),
        counts=tuple(np.bincount(codes[used], minlength=len(cells)).tolist()),
        means=tuple(means),
        missing=int((~used).sum()),
        df=df,
        covariates=covariates,
        level=1 - alpha,
    )
