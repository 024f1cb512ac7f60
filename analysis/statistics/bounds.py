"""What the effect can be at worst and at best if the outcomes of some participants are missing.

Both answers are a lower and an upper bound. Their interval is that of Imbens & Manski 2004,
Econometrica 72(6), 1845–1857: it covers the effect itself, wherever between the bounds it lies.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import optimize

from analysis.statistics import tails
from analysis.statistics.effects import cell_means, contrast
from analysis.statistics.estimate import (
    Estimate,
    Floats,
    NotEstimable,
    Places,
    Reason,
    as_floats,
    as_places,
)


@dataclass(frozen=True)
class Bound:
    """One end of what the data allow, with its standard error."""

    estimate: float
    se: float


@dataclass(frozen=True)
class Bounds:
    """Both ends of what the data allow, and the interval of the effect: `low` to `high`.

    `n` rows were asked, `missing` of them have no outcome. `level` is the interval's confidence.
    """

    lower: Bound
    upper: Bound
    low: float
    high: float
    n: int
    missing: int
    level: float


@dataclass(frozen=True)
class Trimmed:
    """Lee's bounds: of those of arm `trimmed` whose outcome is there, the share `share` is cut off.

    `trimmed` is the arm that keeps more of its participants; None if both keep the same share.
    """

    bounds: Bounds
    trimmed: str | None
    share: float


def worst_case(
    outcome: Sequence[float] | Floats,
    cell: Sequence[str] | npt.NDArray[np.str_] | Places,
    cells: Sequence[str],
    weights: Sequence[float],
    *,
    ends: tuple[float, float],
    alpha: float = 0.05,
) -> Bounds | NotEstimable:
    """Bounds of the contrast Σ wⱼ μⱼ that assume nothing of who is missing (outcome NaN).

    Every gap takes the end of the answer scale that makes the contrast least, then greatest:
    Manski 1990, American Economic Review 80(2), 319–323; Horowitz & Manski 2000, JASA 95(449),
    77–84. Errors are HC2. The reason of the first cell that has no rows or does not vary.
    ValueError if an outcome lies beyond `ends`.
    """
    y, place = as_floats(outcome, name="The outcome"), as_places(cell, cells)
    bottom, top = ends
    if np.nanmin(y, initial=top) < bottom or np.nanmax(y, initial=bottom) > top:
        raise ValueError(f"An outcome lies beyond {bottom:g} to {top:g}.")
    signs, gaps = np.array(weights, dtype=np.float64), np.isnan(y)
    asked = (signs != 0)[place[gaps]]
    found: list[Estimate] = []
    for raised, lowered in ((bottom, top), (top, bottom)):
        filled = y.copy()
        filled[gaps] = np.where(signs > 0, raised, lowered)[place[gaps]]
        means = cell_means(filled, place, cells)
        ours = contrast(means, weights, alpha=alpha)
        if isinstance(ours, NotEstimable):
            return ours
        found.append(ours)
    low, high = (Bound(ours.estimate, ours.se) for ours in found)
    return _bounds(low, high, n=found[0].n, missing=int(asked.sum()), alpha=alpha)


def trimming(
    outcome: Sequence[float] | Floats,
    arm: Sequence[str] | npt.NDArray[np.str_] | Places,
    arms: tuple[str, str],
    *,
    alpha: float = 0.05,
) -> Trimmed | NotEstimable:
    """Lee's bounds of the effect of arms[1] against arms[0] on those whom neither arm loses.

    The arm that keeps more of its participants has an excess share q = 1 − kept₋ / kept₊; its
    mean without its q lowest, or q highest, outcomes bounds its mean for those whom both arms
    would keep: Lee 2009, Review of Economic Studies 76(3), 1071–1102, with his standard errors.
    Where outcomes are tied at the cut, as much of them is cut as the share asks. Arms may be given
    as places among `arms`; rows of other arms are left out. NO_ROWS if an arm has no outcome,
    TOO_FEW_ROWS if one or fewer stay.
    """
    y, codes = as_floats(outcome, name="The outcome"), np.asarray(arm)
    names = range(len(arms)) if codes.dtype.kind in "iu" else arms
    rows = [codes == name for name in names]
    there = [y[each & ~np.isnan(y)] for each in rows]
    asked = [int(each.sum()) for each in rows]
    for code, left in zip(arms, there, strict=True):
        if not len(left):
            return NotEstimable(Reason.NO_ROWS, f"Arm {code} has no outcome.")
    kept = [len(left) / n for left, n in zip(there, asked, strict=True)]
    more = int(kept[1] > kept[0])
    share = 1 - kept[1 - more] / kept[more]
    if (1 - share) * len(there[more]) <= 1 or len(there[1 - more]) < 2:
        return NotEstimable(Reason.TOO_FEW_ROWS, "Fewer than two outcomes of an arm stay.")
    # The cut's own error: the share is estimated from both arms' losses.
    spread = sum((1 - k) / (k * n) for k, n in zip(kept, asked, strict=True))
    bounds = _ends(there[more], there[1 - more], share, spread, sign=1 if more else -1)
    if not bounds[0].se or not bounds[1].se:
        return NotEstimable(Reason.NO_VARIANCE, "The outcome does not vary within the arms.")
    n, missing = sum(asked), sum(asked) - sum(map(len, there))
    return Trimmed(
        bounds=_bounds(*bounds, n=n, missing=missing, alpha=alpha),
        trimmed=arms[more] if share else None,
        share=share,
    )


def _ends(
    trimmed: Floats, whole: Floats, share: float, spread: float, *, sign: int
) -> tuple[Bound, Bound]:
    """The lower and the upper bound; `sign` is −1 where the trimmed arm is the one against."""
    error = float(whole.var(ddof=1)) / len(whole)
    ends = [_cut(trimmed, share, spread, highest=highest) for highest in (True, False)]
    lower, upper = (
        Bound(sign * (mean - float(whole.mean())), (variance + error) ** 0.5)
        for mean, variance in ends[::sign]
    )
    return lower, upper


def _cut(y: Floats, share: float, spread: float, *, highest: bool) -> tuple[float, float]:
    """The mean of y without its `share` highest (or lowest) values, and its variance.

    With c the value at the cut and m the mean, the variance is that of the trimmed mean's
    influence, var(max(c − y, 0)) / (n (1 − share)²), and (c − m)² times that of the share's log,
    which is `spread`: Lee 2009.
    """
    ordered = np.sort(y) if highest else np.sort(-y)
    kept = (1 - share) * len(y)
    weights = np.clip(kept - np.arange(len(y)), 0, 1)
    cut = float(ordered[int(np.ceil(kept - 1e-9)) - 1])
    mean = float(weights @ ordered) / kept
    influence = np.maximum(cut - ordered, 0.0) if share else ordered
    variance = float(influence.var(ddof=1)) * len(y) / kept**2
    variance += (cut - mean) ** 2 * spread if share else 0.0
    return mean if highest else -mean, variance


def _bounds(lower: Bound, upper: Bound, *, n: int, missing: int, alpha: float) -> Bounds:
    """The bounds with the interval lower − C se to upper + C se, C between one- and two-sided z.

    Φ(C + width / larger se) − Φ(−C) = 1 − alpha: Imbens & Manski 2004.
    """
    width = (upper.estimate - lower.estimate) / max(lower.se, upper.se)

    def missed(c: float) -> float:
        return float(tails.norm_sf(c + max(width, 0.0)) + tails.norm_sf(c)) - alpha

    one_sided, two_sided = float(tails.norm_isf(alpha)), float(tails.norm_isf(alpha / 2))
    reach = optimize.brentq(missed, one_sided - 1e-9, two_sided + 1e-9, xtol=1e-13)
    return Bounds(
        lower=lower,
        upper=upper,
        low=lower.estimate - reach * lower.se,
        high=upper.estimate + reach * upper.se,
        n=n,
        missing=missing,
        level=1 - alpha,
    )
