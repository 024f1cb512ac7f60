"""Group-sequential bounds: how strong the evidence must be at a look that others precede.

Lan & DeMets 1983 (Biometrika 70(3), 659–663) spend alpha as information grows; the bounds follow
from the joint distribution of the looks' statistics by the recursion of Armitage, McPherson & Rowe
1969 (JRSS A 132(2), 235–244) on the grid of Jennison & Turnbull 2000, Group Sequential Methods,
chapter 19.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import optimize, special, stats

from analysis.statistics.estimate import Floats

# Points of the grid: 12 r − 3. Jennison & Turnbull use r = 16; 64 brings the bounds to 1e-6.
GRID_R = 64
Z_MAX = 40.0


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
    grid = weights = np.empty(0)
    before, spent_before = 0.0, 0.0
    for t, total in zip(fractions, spent, strict=True):
        step = (total - spent_before) / sides
        if step <= 0:
            raise ValueError(f"No alpha is left to spend at information fraction {t:g}.")
        z = _crossing(grid, weights, before, t, step)
        p = float(sides * stats.norm.sf(z))
        found.append(Bound(fraction=float(t), z=z, nominal_p=p, alpha_spent=total))
        grid, weights = _continued(grid, weights, before, t, -z if two_sided else -np.inf, z)
        before, spent_before = t, total
    return tuple(found)


def _check(fractions: Sequence[float], alpha: float) -> None:
    if not 0 < alpha < 1:
        raise ValueError(f"alpha must lie between 0 and 1, not {alpha}.")
    if len(fractions) == 0 or (np.diff(np.asarray([0.0, *fractions])) <= 0).any():
        raise ValueError("Information fractions must be above 0 and grow from look to look.")


def _crossing(grid: Floats, weights: Floats, before: float, t: float, step: float) -> float:
    """The z that the statistic exceeds with probability `step` and not before."""
    if not grid.size:
        return float(stats.norm.isf(step))
    root = np.sqrt(t - before)

    def excess(z: float) -> float:
        tails = stats.norm.logsf((z * np.sqrt(t) - grid * np.sqrt(before)) / root)
        return float(special.logsumexp(tails, b=weights) - np.log(step))

    return float(optimize.brentq(excess, -Z_MAX, Z_MAX, xtol=1e-12))


def _continued(
    grid: Floats, weights: Floats, before: float, t: float, low: float, high: float
) -> tuple[Floats, Floats]:
    """Points between the bounds at t, and the probability weight that goes on at each."""
    points, simpson = _simpson(low, high)
    if not grid.size:
        return points, simpson * stats.norm.pdf(points)
    root = np.sqrt(t - before)
    moves = (points[:, None] * np.sqrt(t) - grid[None, :] * np.sqrt(before)) / root
    density = stats.norm.pdf(moves) @ weights * np.sqrt(t) / root
    return points, simpson * density


def _simpson(low: float, high: float) -> tuple[Floats, Floats]:
    """The grid of Jennison & Turnbull 2000, sec. 19.3, cut to the interval; Simpson's weights."""
    r = GRID_R
    tail = 3 + 4 * np.log(r / np.arange(1, r))
    knots = np.concatenate([-tail, np.linspace(-3, 3, 4 * r + 1), tail[::-1]])
    low, high = max(low, float(knots[0])), min(high, float(knots[-1]))
    inside = knots[(knots > low) & (knots < high)]
    knots = np.concatenate([[low], inside, [high]])
    width = np.diff(knots)
    points, weights = np.empty(2 * len(knots) - 1), np.zeros(2 * len(knots) - 1)
    points[::2], points[1::2] = knots, (knots[:-1] + knots[1:]) / 2
    weights[:-1:2] += width / 6
    weights[2::2] += width / 6
    weights[1::2] = 4 * width / 6
    return points, weights
