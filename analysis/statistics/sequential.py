"""Group-sequential bounds: how strong the evidence must be at a look that others precede.

Lan & DeMets 1983 (Biometrika 70(3), 659–663) spend alpha as information grows; the bounds follow
from the joint distribution of the looks' statistics, by `recursion`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from analysis.statistics.recursion import Density, continued, crossing, started


@dataclass(frozen=True)
class Bound:
    """The bound at one look.

    `fraction` is the information over its planned maximum, `z` what |Z| (or Z, one-sided) must
    reach, `nominal_p` the same on the scale of a p-value: a result crosses if its p is at most
    that, and 1 − nominal_p is the confidence of its repeated interval. `alpha_spent` is the
    total up to and with this look.
    """

    fraction: float
    z: float
    nominal_p: float
    alpha_spent: float


def obrien_fleming_spent(fraction: float, alpha: float, *, two_sided: bool = True) -> float:
    """Alpha spent when `fraction` of the planned information is in, O'Brien–Fleming type.

    2 − 2 Φ(z_{a/2} / √t) for each side, where a is the side's alpha: Lan & DeMets 1983. All of
    it from t = 1 on.
    """
    sides = 2 if two_sided else 1
    if fraction >= 1:
        return alpha
    reach = stats.norm.isf(alpha / sides / 2) / np.sqrt(fraction)
    return float(sides * 2 * stats.norm.sf(reach))


def bounds(
    fractions: Sequence[float], alpha: float, *, two_sided: bool = True, final: bool = False
) -> tuple[Bound, ...]:
    """The bounds of the looks at these information fractions, planned or as they came about.

    A fraction is the rows at the look over the rows planned. `final` says that no look follows
    the last one, which then spends all the alpha that is left, whether the fieldwork ended early
    (fraction below 1) or late (above 1). Two-sided bounds are symmetric, half of alpha per side.
    ValueError if fractions do not grow, or a look has no alpha to spend.
    """
    _check(fractions, alpha)
    sides = 2 if two_sided else 1
    spent = [obrien_fleming_spent(t, alpha, two_sided=two_sided) for t in fractions]
    if final:
        spent[-1] = alpha
    found: list[Bound] = []
    density: Density | None = None
    spent_before = 0.0
    for t, total in zip(fractions, spent, strict=True):
        step = (total - spent_before) / sides
        if step <= 0:
            raise ValueError(f"No alpha is left to spend at information fraction {t:g}.")
        z = crossing(density, t, step) if density else float(stats.norm.isf(step))
        p = float(sides * stats.norm.sf(z))
        found.append(Bound(fraction=float(t), z=z, nominal_p=p, alpha_spent=total))
        low = -z if two_sided else -np.inf
        density = continued(density, t, low, z) if density else started(t, low, z)
        spent_before = total
    return tuple(found)


def _check(fractions: Sequence[float], alpha: float) -> None:
    if not 0 < alpha < 1:
        raise ValueError(f"alpha must lie between 0 and 1, not {alpha}.")
    if len(fractions) == 0 or (np.diff(np.asarray([0.0, *fractions])) <= 0).any():
        raise ValueError("Information fractions must be above 0 and grow from look to look.")
