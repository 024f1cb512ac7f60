"""How likely equivalence is to be found at looks, before there are data.

At look k equivalence is found if the interval of that look, z ± bound in units of its standard
error, lies inside the bounds of equivalence: if |z| < reach[k] = smallest / se − bound. Who has not
found it goes on, so the density of those who go on has a gap in the middle. Without drift it is the
same on both sides of the gap, so `recursion` runs on the upper one.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from math import inf

import numpy as np

from analysis.statistics.boundary import FARTHEST
from analysis.statistics.recursion import Density, continued, simpson, started
from analysis.statistics.sequential import check_looks


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
    *before, _ = zip(fractions, reach, strict=True)
    missed = _missed(tuple(before))
    if len(missed) == len(before) and reach[-1] < FARTHEST:
        missed = (*missed, _upper(missed[-1] if missed else None, fractions[-1], reach[-1]))
    stayed = [1.0 if side is None else _mass(side, drift) + _mass(side, -drift) for side in missed]
    # Looks after one that nobody misses have found everybody.
    stayed += [0.0] * (len(fractions) - len(stayed))
    return tuple(max(1 - each, 0.0) for each in stayed)


@lru_cache(maxsize=16)  # the same looks are asked for with another rule at the last
def _missed(looks: tuple[tuple[float, float], ...]) -> tuple[Density | None, ...]:
    """The density above nil of those who have not found it by each look; None while all are in it.

    Fewer if nobody goes on after some look.
    """
    found: list[Density | None] = []
    for t, inside in looks:
        if inside >= FARTHEST:
            break
        found.append(_upper(found[-1] if found else None, t, inside))
    return tuple(found)


def _upper(before: Density | None, t: float, inside: float) -> Density | None:
    if before is None:
        # So far everybody goes on, and z is normal at the first look that has room.
        return started(t, inside, inf) if inside > 0 else None
    mirrored = replace(before, points=-before.points[::-1], values=before.values[::-1])
    # With the same steep places both are found at the same points, and can be added.
    edges = (*before.edges, *((-edge, since) for edge, since in before.edges))
    sides = [replace(side, edges=edges) for side in (before, mirrored)]
    found = [continued(side, t, max(inside, 0.0), inf) for side in sides]
    mine = found[0].edges[len(edges) :]
    values = np.sum([each.values for each in found], axis=0)
    return replace(found[0], values=values, edges=(*before.edges, *mine))


def _mass(density: Density, drift: float) -> float:
    """The chance to have gone on at that look and all before, under the drift.

    The density under drift is the null one times the likelihood ratio, exp(drift z √t − drift² t /
    2): Jennison & Turnbull 2000, ch. 19.
    """
    points, weights = simpson(density.points[::2])
    ratio = np.exp(drift * points * np.sqrt(density.t) - drift**2 * density.t / 2)
    return float((weights * density.values * ratio).sum())
