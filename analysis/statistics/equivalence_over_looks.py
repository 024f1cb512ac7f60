"""How likely equivalence is to be found at looks, before there are data.

At look k equivalence is found if the interval of that look, z ± bound in units of its standard
error, lies inside the bounds of equivalence: if |z| < reach[k] = smallest / se − bound. Who has not
found it goes on, so the density of those who go on has a gap in the middle, and the recursion of
`recursion` runs on both sides of it.
"""

from collections.abc import Sequence
from dataclasses import replace
from math import inf

import numpy as np

from analysis.statistics.boundary import FARTHEST
from analysis.statistics.recursion import Density, continued, started
from analysis.statistics.sequential import check_looks
from analysis.statistics.sequential_size import mass


def equivalence_chances(
    fractions: Sequence[float], reach: Sequence[float], *, drift: float = 0.0
) -> tuple[float, ...]:
    """The chance to have had |z| < reach at that look or one before, for each look.

    The mean of z at information t is drift · √t, as in `boundary`. A reach of 0 or less is a look
    that can't find it. Nothing but equivalence ends the path: a look that finds a difference, too,
    counts for both. Normal approximation; Jennison & Turnbull 1993, Biometrics 49(1), 31–43, for
    the rule, 2000, ch. 19, for the recursion. ValueError if fractions do not grow.
    """
    check_looks(fractions, 0.5)
    if len(reach) != len(fractions):
        raise ValueError("Each look needs a reach.")
    found: list[float] = []
    sides: tuple[Density, ...] = ()
    for t, inside in zip(fractions, reach, strict=True):
        if inside >= FARTHEST:
            # Nobody is left to go on.
            return (*found, *(1.0,) * (len(fractions) - len(found)))
        if inside <= 0 and not sides:
            # So far everybody goes on, and z is normal at the first look that has room.
            found.append(0.0)
            continue
        room = [(-inf, -inside), (inside, inf)] if inside > 0 else [(-inf, inf)]
        sides = tuple(_continued(sides, t, low, high) for low, high in room)
        found.append(max(1 - sum(mass(side, drift) for side in sides), 0.0))
    return tuple(found)


def _continued(before: tuple[Density, ...], t: float, low: float, high: float) -> Density:
    """The density between low and high of those who came there from either side of the gap."""
    if not before:
        return started(t, low, high)
    # With the same steep places both are found at the same points, and can be added.
    edges = tuple(dict.fromkeys(edge for side in before for edge in side.edges))
    found = [continued(replace(side, edges=edges), t, low, high) for side in before]
    return replace(found[0], values=np.sum([each.values for each in found], axis=0))
