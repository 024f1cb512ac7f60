"""PURE: chance by name: what somebody gets hangs on the seed and on what it is for alone.

So nothing depends on what was asked before, nor in which order; and the first of many people get
what they would get if they were few.
"""

import hashlib
from collections.abc import Sequence
from random import Random

import numpy as np
import numpy.typing as npt

from analysis.statistics.estimate import Floats, Places

Seed = tuple[int, ...]


def seed_of(given: int | Sequence[int]) -> Seed:
    """The seed as numbers, however it was given."""
    return (given,) if isinstance(given, int) else tuple(given)


def stream(seed: Seed, *names: object) -> np.random.Generator:
    """The numbers of the things of these names."""
    told = hashlib.sha256("|".join(map(str, names)).encode()).digest()[:16]
    words = np.frombuffer(told, dtype=np.uint32).tolist()
    return np.random.default_rng([*seed, *words])


def normals(seed: Seed, n: int, *names: object) -> Floats:
    """N standard normals."""
    return stream(seed, *names).standard_normal(n)


def uniforms(seed: Seed, n: int, *names: object) -> Floats:
    """N numbers from 0 to 1."""
    return stream(seed, *names).random(n)


def picks(seed: Seed, n: int, shares: Sequence[float], *names: object) -> Places:
    """For each of n a place, the shares being those of the places."""
    edges = np.cumsum(np.asarray(shares, dtype=np.float64))
    drawn = uniforms(seed, n, *names) * edges[-1]
    return np.asarray(np.minimum(np.searchsorted(edges, drawn, side="right"), len(edges) - 1))


def of_one(seed: Seed, *names: object) -> Random:
    """Chance for one answer of one person."""
    return Random("|".join(map(str, (*seed, *names))))  # noqa: S311 # a seed is the point


Bools = npt.NDArray[np.bool_]
