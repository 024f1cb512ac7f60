"""Group-sequential bounds: how strong the evidence must be at a look that others precede.

Lan & DeMets 1983 (Biometrika 70(3), 659–663) spend alpha as information grows; the bounds follow
from the joint distribution of the looks' statistics, by `recursion`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.statistics import tails
from analysis.statistics.recursion import Density, continued, crossing, started
from analysis.statistics.spending import OBRIEN_FLEMING, Spending


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
    return OBRIEN_FLEMING.spent(fraction, alpha, two_sided=two_sided)


def bounds(
    fractions: Sequence[float],
    alpha: float,
    *,
    two_sided: bool = True,
    final: bool = False,
    spending: Spending = OBRIEN_FLEMING,
) -> tuple[Bound, ...]:
    """The bounds of the looks at these information fractions, planned or as they came about.

    A fraction is the rows at the look over the rows planned. `final` says that no look follows
    the last one, which then spends all the alpha that is left, whether the fieldwork ended early
    (fraction below 1) or late (above 1). Two-sided bounds are symmetric, half of alpha per side.
    ValueError if fractions do not grow, or a look has no alpha to spend.
    """
    check_looks(fractions, alpha)
    sides = 2 if two_sided else 1
    spent = spent_by_look(fractions, alpha, spending, two_sided=two_sided, final=final)
    steps = np.diff([0.0, *spent]) / sides
    for t, step in zip(fractions, steps, strict=True):
        if step <= 0:
            raise ValueError(f"No alpha is left to spend at information fraction {t:g}.")
    return tuple(
        Bound(fraction=float(t), z=z, nominal_p=float(sides * tails.norm_sf(z)), alpha_spent=total)
        for t, z, total in zip(
            fractions,
            critical_values(fractions, steps.tolist(), two_sided=two_sided),
            spent,
            strict=True,
        )
    )


def nominal_levels(
    fractions: Sequence[float],
    alpha: float,
    *,
    two_sided: bool = True,
    final: bool = False,
    spending: Spending = OBRIEN_FLEMING,
) -> list[float]:
    """The `nominal_p` of the looks' bounds; 0 where a look has no alpha to spend.

    The other arguments are those of `bounds`, which refuses such a look.
    """
    check_looks(fractions, alpha)
    sides = 2 if two_sided else 1
    spent = spent_by_look(fractions, alpha, spending, two_sided=two_sided, final=final)
    steps = (np.diff([0.0, *spent]) / sides).tolist()
    zs = critical_values(fractions, steps, two_sided=two_sided)
    return [float(sides * tails.norm_sf(z)) for z in zs]


def spent_by_look(
    fractions: Sequence[float],
    error: float,
    spending: Spending,
    *,
    two_sided: bool = False,
    final: bool = False,
) -> list[float]:
    """What is spent in all up to and with each look; all of it at the last if that is `final`."""
    spent = [spending.spent(t, error, two_sided=two_sided) for t in fractions]
    if final:
        spent[-1] = error
    return spent


def critical_values(
    fractions: Sequence[float], steps: Sequence[float], *, two_sided: bool
) -> list[float]:
    """The z that is first reached with probability steps[k] at look k on each side.

    Infinite where the step is nothing, as a tiny alpha can be at an early look.
    """
    found: list[float] = []
    density: Density | None = None
    for place, (t, step) in enumerate(zip(fractions, steps, strict=True)):
        if step <= 0:
            z = np.inf
        elif density:
            z = crossing(density, t, step)
        else:
            z = float(tails.norm_isf(step))
        found.append(z)
        if place + 1 < len(fractions):
            low = -z if two_sided else -np.inf
            density = continued(density, t, low, z) if density else started(t, low, z)
    return found


def check_looks(fractions: Sequence[float], alpha: float) -> None:
    """ValueError unless alpha is a probability and the fractions are above 0 and grow."""
    if not 0 < alpha < 1:
        raise ValueError(f"alpha must lie between 0 and 1, not {alpha}.")
    if len(fractions) == 0 or (np.diff(np.asarray([0.0, *fractions])) <= 0).any():
        raise ValueError("Information fractions must be above 0 and grow from look to look.")
