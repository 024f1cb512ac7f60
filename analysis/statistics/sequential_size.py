"""What looks cost and save: power and expected rows of a group-sequential plan, before data."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import optimize

from analysis.statistics import tails
from analysis.statistics.boundary import Boundary, characteristics
from analysis.statistics.estimate import NotEstimable, Reason
from analysis.statistics.sequential import Bound


@dataclass(frozen=True)
class SequentialSize:
    """A plan's rows: `most` at its last look, `expected` if the effect is the planned one.

    `fixed` is what one test without looks would take, all by the normal approximation.
    """

    most: float
    expected: float
    fixed: float


def stop_chances(
    drift: float, bounds: Sequence[Bound], *, two_sided: bool = True
) -> tuple[float, ...]:
    """The chance to cross first at each look, if Z at information t has mean drift · √t.

    Two-sided chances are of either bound.
    """
    found = characteristics(Boundary.of(bounds, two_sided=two_sided), drift)
    return tuple(high + low for high, low in zip(found.high, found.low, strict=True))


def sequential_size(
    d: float, bounds: Sequence[Bound], *, power: float = 0.8, two_sided: bool = True
) -> SequentialSize | NotEstimable:
    """Rows of two equal groups in all, for a standardised difference d with this power.

    The bounds are those of the planned looks, the last at fraction 1; the drift at it is
    d √(n / 4). OUT_OF_REACH if d is nil, TOO_FEW_ROWS if power is no more than alpha.
    """
    if not 0 < power < 1 or not bounds or bounds[-1].fraction != 1:
        raise ValueError("Power lies between 0 and 1, and the last look is at fraction 1.")
    alpha = bounds[-1].alpha_spent
    if d == 0 or power <= alpha:
        return NotEstimable(Reason.OUT_OF_REACH, "No size has that power for that effect.")
    single = tails.norm_isf(alpha / 2 if two_sided else alpha) + tails.norm_isf(1 - power)

    def missing(drift: float) -> float:
        return sum(stop_chances(drift, bounds, two_sided=two_sided)) - power

    drift = float(optimize.brentq(missing, 0.0, 4 * single + 4, xtol=1e-9))
    chances = np.array(stop_chances(drift, bounds, two_sided=two_sided))
    chances[-1] = 1 - chances[:-1].sum()
    most = 4 * (drift / d) ** 2
    return SequentialSize(
        most=most,
        expected=float(most * (chances * [bound.fraction for bound in bounds]).sum()),
        fixed=float(4 * (single / d) ** 2),
    )
