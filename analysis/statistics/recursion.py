"""The recursion behind the bounds: the density of the statistic among those who went on.

Armitage, McPherson & Rowe 1969 (JRSS A 132(2), 235–244) on the grid of Jennison & Turnbull 2000,
Group Sequential Methods, chapter 19. From one look to the next the statistic moves by a normal
step, whose width on the z scale of the first is `_width`. Where that is no wider than a few points
of the grid, as between looks of almost the same rows, the step is integrated by points of its own,
and the density there is taken from the points of the grid around them (`Density.at`).
"""

from dataclasses import dataclass

import numpy as np
from scipy import optimize, special

from analysis.statistics.estimate import Floats

# Points of the grid: 12 r − 3. Jennison & Turnbull use r = 16; 64 brings the bounds to 1e-6.
GRID_R = 64
Z_MAX = 40.0
# Simpson's rule resolves a normal step as wide as 16 points of the grid, which are 6 / 8 r apart.
RESOLVED = 16 * 6 / (8 * GRID_R)
# A normal step ends here: beyond is 1e-23.
REACH = 10.0
# The smallest positive number, whose logarithm stands for that of 0.
TINY = float(np.finfo(np.float64).tiny)


@dataclass(frozen=True, eq=False)
class Density:
    """The density of z at information `t` of those who went on at that look and all before.

    `points` (2 m + 1,) are the ends of m panels and between them their middles, `values` the
    density there. `edges` are the bounds of the looks so far as Brownian motion,
    z √t, each with its t: near them the density is steep.
    """

    t: float
    points: Floats
    values: Floats
    edges: tuple[tuple[float, float], ...]

    def at(self, z: Floats) -> Floats:
        """The density at these z between its bounds, which rounding may pass.

        It is its share of the normal density, by the parabola of z's panel, times that density.
        """
        ends = self.points[::2]
        share = self.values / _normal(self.points)
        panel = np.clip(np.searchsorted(ends, z, side="right") - 1, 0, len(ends) - 2)
        low, middle, high = (share[2 * panel + place] for place in range(3))
        x = (z - self.points[2 * panel + 1]) / (ends[panel + 1] - ends[panel]) * 2
        # Near nothing a parabola may swing below it.
        found = np.maximum(middle + x * (high - low) / 2 + x**2 * (high + low - 2 * middle) / 2, 0)
        return found * _normal(z)


def started(t: float, low: float, high: float) -> Density:
    """The density at the first look: the normal one between the bounds."""
    points, _ = simpson(_knots(low, high))
    return Density(t, points, _normal(points), _edges(t, low, high))


def continued(before: Density, t: float, low: float, high: float) -> Density:
    """The density at the next look, at information t and between its bounds."""
    steep = (
        edge / np.sqrt(t) + offsets[np.abs(offsets) < RESOLVED]
        for edge, since in before.edges
        for offsets in [np.sqrt((t - since) / t) * _NEAR]
    )
    points, _ = simpson(_knots(low, high, *steep))
    edges = (*before.edges, *_edges(t, low, high))
    return Density(t, points, _moved(before, t, points), edges)


def crossing(
    before: Density, t: float, step: float, *, drift: float = 0.0, above: bool = True
) -> float:
    """The z beyond which the statistic is with probability `step` at information t, not before.

    Beyond is above z, or below it; the drift is that of `log_tail`.
    """

    def excess(z: float) -> float:
        return log_tail(before, t, z, drift=drift, above=above) - float(np.log(step))

    return float(optimize.brentq(excess, -Z_MAX, Z_MAX, xtol=1e-12))


def log_tail(
    before: Density, t: float, z: float, *, drift: float = 0.0, above: bool = True
) -> float:
    """The log of the chance to have gone on at all looks before and to lie beyond z at t.

    With a drift the statistic's mean at information t is drift · √t. The density without drift
    serves every small one, up to 5 or so, beyond which the mass is where the grid is wide: the
    likelihood ratio of the two depends on the last statistic alone, and is
    exp(drift · z √t − drift² t / 2) (Wald's identity: Siegmund 1985, Sequential Analysis).
    """
    root, scale = np.sqrt(t - before.t), np.sqrt(before.t)
    reach = z * np.sqrt(t) - drift * (t - before.t)
    if _width(before, t) < RESOLVED:
        y, weights = simpson(_resolved(before, reach / scale, t))
        mass = weights * before.at(y)
    else:
        y, weights = simpson(before.points[::2])
        mass = weights * before.values
    away = (y * scale - reach) / root
    tails = special.log_ndtr(away if above else -away) + drift * (y * scale - drift * before.t / 2)
    # Added by hand, since scipy's logsumexp warns of a mass of nothing.
    most = tails.max()
    return float(most + np.log(max(mass @ np.exp(tails - most), TINY)))


def simpson(knots: Floats) -> tuple[Floats, Floats]:
    """The knots and the middles between them, with the weights of Simpson's rule."""
    width = np.diff(knots)
    points, weights = np.empty(2 * len(knots) - 1), np.zeros(2 * len(knots) - 1)
    points[::2], points[1::2] = knots, (knots[:-1] + knots[1:]) / 2
    weights[:-1:2] += width / 6
    weights[2::2] += width / 6
    weights[1::2] = 4 * width / 6
    return points, weights


# Offsets from a steep place in units of its width: a tenth apart at first, then by a tenth of the
# distance, until the grid itself is as fine.
_NEAR = np.sinh(np.linspace(-20, 20, 401))
# A normal step, in units of its width: fine enough for its far tail, where it falls fast.
_FAR = np.linspace(-REACH, REACH, 2001)
_STEP = np.linspace(0, 1, 201)


def _normal(z: Floats) -> Floats:
    """The normal density; many times faster than scipy's, which checks its arguments."""
    density: Floats = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    return density


def _width(before: Density, t: float) -> float:
    return float(np.sqrt((t - before.t) / before.t))


def _edges(t: float, low: float, high: float) -> tuple[tuple[float, float], ...]:
    return tuple((z * np.sqrt(t), t) for z in (low, high) if np.isfinite(z))


def _knots(low: float, high: float, *more: Floats) -> Floats:
    """The grid of Jennison & Turnbull 2000, sec. 19.3, and more knots, cut to the interval."""
    r = GRID_R
    tail = 3 + 4 * np.log(r / np.arange(1, r))
    low, high = max(low, float(-tail[0])), min(high, float(tail[0]))
    knots = np.unique(np.concatenate([-tail, np.linspace(-3, 3, 4 * r + 1), tail, *more]))
    return np.concatenate([[low], knots[(knots > low) & (knots < high)], [high]])


def _resolved(before: Density, center: float, t: float) -> Floats:
    """The density's knots, with more around the place that the step's tail cuts it at."""
    ends = before.points[::2]
    places = min(max(center, float(ends[0])), float(ends[-1])) + _width(before, t) * _FAR
    return np.unique(np.concatenate([ends, places[(places > ends[0]) & (places < ends[-1])]]))


def _moved(before: Density, t: float, z: Floats) -> Floats:
    """The density at z after the step: the integral of what was before over all steps to there."""
    root, scale = np.sqrt(t - before.t), np.sqrt(before.t)
    if _width(before, t) >= RESOLVED:
        points, weights = simpson(before.points[::2])
        moves = (z[:, None] * np.sqrt(t) - points[None, :] * scale) / root
        moved: Floats = _normal(moves) @ (weights * before.values) * np.sqrt(t) / root
        return moved
    # Over the step's own scale, u: those that come from between the bounds.
    least = np.maximum((z * np.sqrt(t) - before.points[-1] * scale) / root, -REACH)
    most = np.minimum((z * np.sqrt(t) - before.points[0] * scale) / root, REACH)
    share, weights = simpson(_STEP)
    room = np.maximum(most - least, 0)
    u = least[:, None] + room[:, None] * share
    came = before.at((z[:, None] * np.sqrt(t) - u * root) / scale)
    found: Floats = (_normal(u) * came) @ weights * room * np.sqrt(t) / scale
    return found
