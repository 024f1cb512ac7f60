"""PURE: how what lies behind a scale becomes the answers to each of its items.

`analysis.power.instrument` finds items with one loading whose score has the mean, the standard
deviation and the alpha asked for. Here the items may be of several subscales and load differently:
their loadings are raised together until the items share as much, on average, as those do, so that
mean, deviation and alpha stay what they were.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import combinations
from math import sqrt

import numpy as np
from scipy import interpolate, optimize

from analysis.power.assumptions import item_values
from analysis.power.instrument import (
    MOST_LOADING,
    Instrument,
    Lacking,
    UnreachableError,
    fitted,
)
from analysis.statistics.estimate import Floats
from experiments.design import Design, Item, ItemKind
from rehearsal.bounded import location_of, spread_of
from rehearsal.truth import Trait, Truth


@dataclass(frozen=True)
class Measured:
    """The items of one trait, and how they are answered.

    `parts` are the items' subscales as places, `together` how far what lies behind two of them
    goes together, `loadings` the items' own.
    """

    items: tuple[str, ...]
    instrument: Instrument
    loadings: tuple[float, ...]
    parts: tuple[int, ...]
    together: float
    mean: float

    def location(self, points: float) -> float:
        """Where the items stand with so many points more; UnreachableError if none is there."""
        kept = self.instrument
        if not kept.values:
            return location_of(kept.low, kept.high, kept.spread, self.mean + points)
        return _located(kept, self.mean + points)

    def drawn(self, place: int, trait: Floats, own: Floats, location: Floats) -> Floats:
        """The answers (n,) to the item at that place, before a reverse item is turned."""
        one = replace(self.instrument, items=1, loading=self.loadings[place])
        return one.answers(trait, own[:, None], location)[:, 0]


def trait_of(truth: Truth, item: Item) -> str:
    """The code of the trait behind an item: its own, its subscale's or its scale's; else empty."""
    codes = (item.code, item.subscale, item.scale)
    return next((code for code in codes if code and code in truth.traits), "")


def trait_items(design: Design, truth: Truth, code: str) -> tuple[Item, ...]:
    """The items that a trait lies behind: those that have none nearer to them."""
    items = design.scale_items(code) or tuple(i for i in design.items() if i.code == code)
    return tuple(item for item in items if trait_of(truth, item) == code)


def measured(design: Design, truth: Truth, code: str, moved: float = 0.0) -> Measured:
    """How the items of a trait are answered; UnreachableError if no items are like that.

    `moved` is the variance that slopes bring to the score, a part of that asked for.
    """
    trait, items = truth.traits[code], trait_items(design, truth, code)
    values = item_values(design, items[0])
    own, alpha = _rest(trait, len(items), moved)
    named = list(dict.fromkeys(item.subscale for item in items))
    parts = tuple(named.index(item.subscale) for item in items)
    if not values:
        instrument = _number(items[0], trait.mean, own)
        loadings: tuple[float, ...] = (1.0,) * len(items)
    else:
        instrument = _fitted(values, len(items), trait.mean, own, alpha)
        weights = tuple(trait.loadings.get(item.code, 1.0) for item in items)
        loadings = _loadings(instrument, trait.mean, weights, parts, trait.subscales)
    codes = tuple(item.code for item in items)
    return Measured(codes, instrument, loadings, parts, trait.subscales, trait.mean)


def _rest(trait: Trait, items: int, moved: float) -> tuple[float, float]:
    """The deviation and the alpha that are left to a trait when slopes move its score."""
    whole = trait.sd**2
    if moved >= whole:
        raise UnreachableError(Lacking.SD)
    if items < 2 or not moved:
        return sqrt(whole - moved), trait.reliability
    item = items * whole * (1 - trait.reliability * (items - 1) / items)
    alpha = items / (items - 1) * (1 - (item - moved) / (items * (whole - moved)))
    if not 0 < alpha < 1:
        raise UnreachableError(Lacking.TOGETHER)
    return sqrt(whole - moved), alpha


def _number(item: Item, mean: float, sd: float) -> Instrument:
    low = -np.inf if item.minimum is None else item.minimum
    high = np.inf if item.maximum is None else item.maximum
    decimals = None if item.kind is ItemKind.SLIDER else item.decimals
    spread = spread_of(low, high, mean, sd)
    return Instrument((), 1, spread=spread, loading=1.0, low=low, high=high, decimals=decimals)


@lru_cache(maxsize=256)
def _fitted(
    values: tuple[float, ...], items: int, mean: float, sd: float, reliability: float
) -> Instrument:
    return fitted(values, items, mean=mean, sd=sd, reliability=reliability)


@lru_cache(maxsize=4096)
def _located(instrument: Instrument, mean: float) -> float:
    if not instrument.values[0] < mean < instrument.values[-1]:
        raise UnreachableError(Lacking.MEAN)
    return instrument.location(mean)


@lru_cache(maxsize=256)
def _loadings(
    instrument: Instrument,
    mean: float,
    weights: tuple[float, ...],
    parts: tuple[int, ...],
    together: float,
) -> tuple[float, ...]:
    """The loadings, by weight, of items that share as much as those of one loading do."""
    alike = len(set(weights)) == 1 and (together == 1 or len(set(parts)) == 1)
    if alike or len(weights) < 2:
        return (instrument.loading,) * len(weights)
    at = instrument.location(mean)
    grid = np.linspace(0.0, MOST_LOADING, 65)
    shared = interpolate.CubicSpline(grid, [_shared(instrument, at, each) for each in grid])
    pairs = np.array(list(combinations(range(len(weights)), 2)))
    of, other = pairs[:, 0], pairs[:, 1]
    placed = np.array(parts)
    tied = np.where(placed[of] == placed[other], 1.0, together)

    def missed(factor: float) -> float:
        loading = _raised(weights, factor)
        both = np.sqrt(loading[of] * loading[other] * tied)
        return float(shared(both).mean() - shared(instrument.loading))

    most = MOST_LOADING / min(each for each in weights if each > 0)
    if missed(most) < 0:
        raise UnreachableError(Lacking.TOGETHER)
    factor = float(optimize.brentq(missed, 0.0, most, xtol=1e-9))
    return tuple(_raised(weights, factor).tolist())


def _raised(weights: Sequence[float], factor: float) -> Floats:
    return np.minimum(np.asarray(weights, dtype=np.float64) * factor, MOST_LOADING)


def _shared(instrument: Instrument, location: float, loading: float) -> float:
    """The covariance of two items: the mean of both has half of what is not shared."""
    two = replace(instrument, items=2, loading=float(loading)).sd(location) ** 2
    return 2 * two - replace(instrument, items=1).sd(location) ** 2
