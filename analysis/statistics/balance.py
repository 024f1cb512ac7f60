"""Balance: covariates by arm, and how far each arm lies from the reference arm.

No p per row: with randomised arms every difference is chance, and the table shows how large chance
was. `omnibus` holds the one test.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analysis.statistics.estimate import (
    Floats,
    NotEstimable,
    Places,
    Reason,
    as_places,
)
from analysis.statistics.lookup import Column, as_column, lacks

# Eigenvalues of a covariance of shares below this are rounding.
FLAT = 1e-12


@dataclass(frozen=True)
class Categories:
    """A categorical covariate: each row's level, None where missing, and all levels in order."""

    values: Sequence[str | None]
    levels: Sequence[str]


@dataclass(frozen=True)
class ArmMean:
    """A numeric covariate in one arm; `difference` is None in the reference arm."""

    arm: str
    n: int
    missing: int
    mean: float | NotEstimable
    sd: float | NotEstimable
    difference: float | NotEstimable | None


@dataclass(frozen=True)
class NumericBalance:
    """A numeric covariate in all arms, with signed standardised differences."""

    covariate: str
    arms: tuple[ArmMean, ...]


@dataclass(frozen=True)
class LevelShare:
    """A level's share of one arm, with its signed standardised difference."""

    level: str
    count: int
    share: float | NotEstimable
    difference: float | NotEstimable | None


@dataclass(frozen=True)
class ArmShares:
    """A categorical covariate in one arm; `difference` is over all levels and has no sign."""

    arm: str
    n: int
    missing: int
    levels: tuple[LevelShare, ...]
    difference: float | NotEstimable | None


@dataclass(frozen=True)
class CategoricalBalance:
    """A categorical covariate in all arms."""

    covariate: str
    arms: tuple[ArmShares, ...]


@dataclass(frozen=True)
class BalanceTable:
    """One row per covariate, numeric ones first; differences are each arm less `reference`."""

    reference: str
    rows: tuple[NumericBalance | CategoricalBalance, ...]


def balance_table(
    arm: Sequence[str] | npt.NDArray[np.str_] | Places,
    arms: Sequence[str],
    *,
    numeric: Mapping[str, Column] | None = None,
    categorical: Mapping[str, Categories] | None = None,
    reference: str | None = None,
) -> BalanceTable:
    """Covariates of the rows (n,) by arm (n codes or places), in the order of `arms`.

    What is missing is left out. Numeric: (mean − mean of the reference) / √((s² + s² of the
    reference) / 2). A level the same with p (1 − p) for s². All levels: √(δ' S⁻¹ δ), δ the
    difference of the arms' shares, S the mean of their multinomial covariances. Yang & Dalton
    2012, A unified approach to measuring the effect size between two groups using SAS, SAS Global
    Forum 2012, paper 335. The reference is the first arm unless named. ValueError for a row of an
    unknown arm or level.
    """
    place = as_places(arm, arms, kind="arms")
    against = arms[0] if reference is None else reference
    if against not in arms:
        raise ValueError(f"The reference {against} is no arm.")
    masks = {name: place == at for at, name in enumerate(arms)}
    return BalanceTable(
        reference=against,
        rows=(
            *(_numeric(name, x, masks, against) for name, x in (numeric or {}).items()),
            *(_categorical(name, x, masks, against) for name, x in (categorical or {}).items()),
        ),
    )


def _numeric(
    covariate: str, values: Column, masks: Mapping[str, npt.NDArray[np.bool_]], reference: str
) -> NumericBalance:
    x = as_column(values, name=covariate)
    known = ~lacks(x)
    there = {arm: x[mask & known] for arm, mask in masks.items()}
    return NumericBalance(
        covariate,
        tuple(
            ArmMean(
                arm=arm,
                n=len(rows),
                missing=int(masks[arm].sum()) - len(rows),
                mean=float(rows.mean()) if len(rows) else _nobody(arm, covariate),
                sd=_sd(arm, covariate, rows),
                difference=None
                if arm == reference
                else _difference(arm, reference, covariate, rows, there[reference]),
            )
            for arm, rows in there.items()
        ),
    )


def _nobody(arm: str, covariate: str) -> NotEstimable:
    return NotEstimable(Reason.NO_ROWS, f"Nobody in arm {arm} has {covariate}.")


def _sd(arm: str, covariate: str, rows: Floats) -> float | NotEstimable:
    if len(rows) < 2:
        detail = f"{covariate}: {len(rows)} rows in arm {arm} have no spread."
        return NotEstimable(Reason.TOO_FEW_ROWS, detail) if len(rows) else _nobody(arm, covariate)
    # The same value in all rows has no spread, also where its mean rounds.
    return float(rows.std(ddof=1)) if np.ptp(rows) > 0 else 0.0


def _difference(
    arm: str, reference: str, covariate: str, rows: Floats, against: Floats
) -> float | NotEstimable:
    spread, other = _sd(arm, covariate, rows), _sd(reference, covariate, against)
    if isinstance(spread, NotEstimable):
        return spread
    if isinstance(other, NotEstimable):
        return other
    if not spread and not other:
        return _flat(arm, reference, covariate)
    return float((rows.mean() - against.mean()) / np.sqrt((spread**2 + other**2) / 2))


def _flat(arm: str, reference: str, covariate: str) -> NotEstimable:
    detail = f"{covariate} does not vary within arms {arm} and {reference}."
    return NotEstimable(Reason.NO_VARIANCE, detail)


def _categorical(
    covariate: str, given: Categories, masks: Mapping[str, npt.NDArray[np.bool_]], reference: str
) -> CategoricalBalance:
    if unknown := {value for value in given.values if value is not None} - set(given.levels):
        raise ValueError(f"{covariate} has unknown levels: {', '.join(sorted(unknown))}.")
    is_at = np.array([[value == level for level in given.levels] for value in given.values])
    is_at = is_at.reshape(len(given.values), len(given.levels))
    counts = {arm: is_at[mask].sum(axis=0) for arm, mask in masks.items()}
    return CategoricalBalance(
        covariate,
        tuple(
            ArmShares(
                arm=arm,
                n=int(count.sum()),
                missing=int(masks[arm].sum() - count.sum()),
                levels=tuple(
                    _level(covariate, level, i, arm, reference, counts)
                    for i, level in enumerate(given.levels)
                ),
                difference=None
                if arm == reference
                else _multivariate(arm, reference, covariate, counts),
            )
            for arm, count in counts.items()
        ),
    )


def _level(
    covariate: str,
    level: str,
    place: int,
    arm: str,
    reference: str,
    counts: Mapping[str, npt.NDArray[np.int_]],
) -> LevelShare:
    one = {
        name: np.array([count[place], count.sum() - count[place]]) for name, count in counts.items()
    }
    count, n = int(one[arm][0]), int(one[arm].sum())
    share = count / n if n else _nobody(arm, covariate)
    size = (
        None if arm == reference else _multivariate(arm, reference, f"{level} of {covariate}", one)
    )
    if isinstance(size, float):
        size = float(np.copysign(size, count / n - one[reference][0] / one[reference].sum()))
    return LevelShare(level, count, share, size)


def _multivariate(
    arm: str, reference: str, covariate: str, counts: Mapping[str, npt.NDArray[np.int_]]
) -> float | NotEstimable:
    """√(δ' S⁺ δ) over the levels that either arm has; S⁺ is S⁻¹ of all levels but one.

    A difference along which neither arm varies would be infinite, and is NO_VARIANCE.
    """
    for name in (arm, reference):
        if not counts[name].sum():
            return _nobody(name, covariate)
    used = (counts[arm] + counts[reference]) > 0
    p, q = (counts[name][used] / counts[name].sum() for name in (arm, reference))
    covariance = (np.diag(p + q) - np.outer(p, p) - np.outer(q, q)) / 2
    values, vectors = np.linalg.eigh(covariance)
    along = vectors.T @ (p - q)
    varies = values > FLAT
    if not varies.any() or np.abs(along[~varies]).max(initial=0) > np.sqrt(FLAT):
        return _flat(arm, reference, covariate)
    return float(np.sqrt((along[varies] ** 2 / values[varies]).sum()))
