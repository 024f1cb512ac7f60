"""What a stopping rule does: where it stops, how often, and after how many rows, for any effect.

The operating characteristics of Jennison & Turnbull 2000, Group Sequential Methods, chapters 2, 4
and 19. An effect is a drift: the expected statistic at the full planned information, so that the
statistic's mean at information fraction t is drift · √t. With a standard error `se` at fraction t,
an effect θ is the drift θ / (se √t).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import exp, sqrt

import numpy as np
from scipy import optimize

from analysis.statistics import tails
from analysis.statistics.recursion import Density, continued, log_tail, started
from analysis.statistics.sequential import Bound

# Where a density is cut on the z scale: beyond is 1e-84 of it.
FARTHEST = 19.0
# Drifts are taken from the next multiple of this on: see `rebased`.
BASE = 4.0


@dataclass(frozen=True)
class Boundary:
    """When a study stops: at look k if z is at least high[k] or at most low[k].

    `fractions` are the looks' information over the planned, growing. A side that stops nobody is
    infinite. ValueError if the three differ in length, a low lies above its high, or fractions
    do not grow from above 0.
    """

    fractions: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]

    def __post_init__(self) -> None:
        if not len(self.fractions) == len(self.low) == len(self.high) > 0:
            raise ValueError("A boundary needs a low and a high for each of its looks.")
        if (np.diff(np.asarray([0.0, *self.fractions])) <= 0).any():
            raise ValueError("Information fractions must be above 0 and grow from look to look.")
        if any(low > high for low, high in zip(self.low, self.high, strict=True)):
            raise ValueError("The lower bound of a look lies above its upper one.")

    @classmethod
    def of(cls, found: Sequence[Bound], *, two_sided: bool = True) -> "Boundary":
        """The boundary that stops at these bounds: |z| ≥ bound, or z ≥ bound if one-sided."""
        return cls(
            fractions=tuple(bound.fraction for bound in found),
            low=tuple(-bound.z if two_sided else -np.inf for bound in found),
            high=tuple(bound.z for bound in found),
        )


@dataclass(frozen=True)
class Characteristics:
    """How a stopping rule fares under one drift.

    `high` and `low` hold each look's chance to stop there at that bound, having gone on at all
    before. `power` is the chance to reach the upper bound at all, `reach_low` the lower (with a
    symmetric boundary, to find an effect of the wrong sign). `fraction` is the expected
    information at the end over the planned one: times the planned rows it is the expected rows.
    Who reaches no bound at all ends at the last look.
    """

    drift: float
    high: tuple[float, ...]
    low: tuple[float, ...]
    power: float
    reach_low: float
    fraction: float


def characteristics(boundary: Boundary, drift: float) -> Characteristics:
    """The chances to stop at each look and the expected information under this drift.

    Armitage, McPherson & Rowe 1969, JRSS A 132(2), 235–244, by `recursion`.
    """
    moved, rest = rebased(boundary, drift)
    high = [0.0] * len(boundary.fractions)
    low = [0.0] * len(boundary.fractions)
    for look, before in enumerate((None, *densities(moved))):
        t = moved.fractions[look]
        high[look] = tail(before, t, moved.high[look], drift=rest)
        low[look] = tail(before, t, moved.low[look], drift=rest, above=False)
    stopped = [up + down for up, down in zip(high, low, strict=True)][:-1]
    expected = sum(p * t for p, t in zip(stopped, boundary.fractions, strict=False))
    return Characteristics(
        drift=drift,
        high=tuple(high),
        low=tuple(low),
        power=sum(high),
        reach_low=sum(low),
        fraction=expected + (1 - sum(stopped)) * boundary.fractions[-1],
    )


def tail(
    before: Density | None, t: float, z: float, *, drift: float = 0.0, above: bool = True
) -> float:
    """The chance to have gone on before and to lie beyond z at information t under the drift."""
    if np.isinf(z) and (z > 0) == above:
        return 0.0
    if before is None:
        away = z - drift * sqrt(t)
        return float(tails.norm_sf(away if above else -away))
    if np.isinf(z):
        z = FARTHEST * 2 * (-1 if above else 1)
    return exp(log_tail(before, t, z, drift=drift, above=above))


def rebased(boundary: Boundary, drift: float) -> tuple[Boundary, float]:
    """The boundary less most of the drift's mean, and the rest of the drift.

    z − drift · √t has no drift, so that a drift may move the bounds instead. It moves them by
    steps, so that the densities of a step serve all drifts near it, as `log_tail` says.
    """
    base = BASE * round(drift / BASE)
    if base == 0:
        return boundary, drift
    means = [base * sqrt(t) for t in boundary.fractions]
    moved = Boundary(
        fractions=boundary.fractions,
        low=tuple(z - mean for z, mean in zip(boundary.low, means, strict=True)),
        high=tuple(z - mean for z, mean in zip(boundary.high, means, strict=True)),
    )
    return moved, drift - base


@lru_cache(maxsize=16)  # a search for a drift asks for the same ones dozens of times
def densities(boundary: Boundary) -> tuple[Density, ...]:
    """The densities of z without drift among those who went on, at all looks but the last.

    Fewer if nobody goes on after some look.
    """
    found: list[Density] = []
    for t, low, high in zip(boundary.fractions, boundary.low, boundary.high, strict=True):
        if len(found) + 1 == len(boundary.fractions):
            break
        if low == high or low > FARTHEST or high < -FARTHEST:
            break
        found.append(continued(found[-1], t, low, high) if found else started(t, low, high))
    return tuple(found)


def drift_for_power(boundary: Boundary, power: float) -> float:
    """The drift under which the upper bound is reached with probability `power`.

    ValueError unless power lies between the chance without drift and 1. Jennison & Turnbull 2000,
    section 2.5: its square over that of the fixed test is the inflation of the sample size.
    """
    if not characteristics(boundary, 0.0).power < power < 1:
        raise ValueError(f"A power of {power:g} is none that this boundary can have.")
    return rising_root(lambda drift: characteristics(boundary, drift).power - power, 0.0, 4.0)


def inflation(drift: float, alpha: float, power: float, *, two_sided: bool = True) -> float:
    """The most rows that a plan may need over those of one test with the same error and power.

    `drift` is the plan's at that power; a single test needs z_alpha + z_power. Jennison &
    Turnbull 2000, section 2.5.
    """
    fixed = tails.norm_isf(alpha / (2 if two_sided else 1)) + tails.norm_isf(1 - power)
    return float((drift / fixed) ** 2)


def rising_root(function: Callable[[float], float], low: float, width: float) -> float:
    """Where a function that rises from below 0 at `low` is 0; the bracket grows from `width`."""
    high = low + width
    while function(high) < 0:
        low, high, width = high, high + 2 * width, 2 * width
    return float(optimize.brentq(function, low, high, xtol=1e-10))
