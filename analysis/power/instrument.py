"""PURE: how a trait becomes answers: a latent normal, cut into the options of each item.

An item's latent value is location + spread · (loading · trait + √(1 − loading²) · its own part),
both standard normal, and the answer the option that lies nearest. Location, spread and loading are
found so that the score, the mean of the items, has the mean, the standard deviation and the
Cronbach's alpha that are declared (`fitted`): the usual model of ordinal items (Jöreskog 1994,
Psychometrika 59(3), 381–389), with one loading for all.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import sqrt

import numpy as np
from scipy import optimize

from analysis.statistics import tails
from analysis.statistics.estimate import Floats

# The trait is integrated over this grid: beyond it lies 1e-12 of it.
NODES = np.linspace(-7.0, 7.0, 561)
WEIGHTS = tails.norm_pdf(NODES) / tails.norm_pdf(NODES).sum()
# How near to what is declared an instrument must come, in points and in alpha.
NEAR = 1e-4
# An item whose answer hangs on the trait alone can't be told from the others.
MOST_LOADING = 0.995


class Lacking(StrEnum):
    """What no such items can have."""

    MEAN = "mean"
    SD = "sd"
    TOGETHER = "together"  # deviation and reliability, with that mean


class UnreachableError(Exception):
    """No loading and spread make a score like that; `lacking` says what it can't have.

    `covariate` is the code of whose score it is, if it is not the outcome's.
    """

    def __init__(self, lacking: Lacking, covariate: str = "") -> None:
        super().__init__(lacking.value)
        self.lacking, self.covariate = lacking, covariate


@dataclass(frozen=True)
class Instrument:
    """Items with these `values`, growing, one for each option; a measure without options has none.

    `low`, `high` and `decimals` are those of a measure, whose value is location + spread · trait.
    """

    values: tuple[float, ...]
    items: int
    spread: float
    loading: float
    low: float = -np.inf
    high: float = np.inf
    decimals: int | None = None

    def mean(self, location: float) -> float:
        """The expected score."""
        return self._moments(location)[0] if self.values else location

    def sd(self, location: float) -> float:
        """The standard deviation of the score."""
        return sqrt(max(0.0, self._moments(location)[1])) if self.values else self.spread

    def alpha(self, location: float) -> float:
        """Cronbach's alpha of the items; 1 for a single one."""
        if self.items < 2:
            return 1.0
        _mean, whole, item = self._moments(location)
        if whole <= 0:
            return 0.0
        return self.items / (self.items - 1) * (1 - item / (self.items * whole))

    def location(self, mean: float) -> float:
        """The location at which the expected score is this; UnreachableError if none is."""
        if not self.values:
            return mean
        away = 12 * self.spread + (self.values[-1] - self.values[0])
        low, high = self.values[0] - away, self.values[-1] + away
        if not self.mean(low) < mean < self.mean(high):
            raise UnreachableError(Lacking.MEAN)
        return float(
            optimize.brentq(lambda at: self.mean(at) - mean, low, high, xtol=1e-10, rtol=1e-12)
        )

    def answers(self, trait: Floats, own: Floats, location: Floats) -> Floats:
        """The answers (n, items) of traits (n,) with own parts (n, items) at locations (n,)."""
        if not self.values:
            drawn = np.clip(location + self.spread * trait, self.low, self.high)
            rounded = drawn if self.decimals is None else np.round(drawn, self.decimals)
            return np.asarray(rounded[:, None], dtype=np.float64)
        unshared = sqrt(1 - self.loading**2)
        latent = self.loading * trait[:, None] + unshared * own
        values = np.asarray(self.values)
        cuts = (values[1:] + values[:-1]) / 2
        return np.asarray(values[np.searchsorted(cuts, location[:, None] + self.spread * latent)])

    def _moments(self, location: float) -> tuple[float, float, float]:
        """The score's mean and variance, and an item's variance."""
        values = np.asarray(self.values)
        cuts = (values[1:] + values[:-1]) / 2
        if self.items < 2:
            above = tails.norm_sf((cuts - location) / self.spread)
            mean, second = _two(values, above)
            variance = float(second - mean**2)
            return float(mean), variance, variance
        centre = location + self.spread * self.loading * NODES
        own = self.spread * sqrt(1 - self.loading**2)
        above = tails.norm_sf((cuts[:, None] - centre) / own)
        mean, second = _two(values, above)
        overall = float(WEIGHTS @ mean)
        shared = float(WEIGHTS @ mean**2) - overall**2
        unshared = float(WEIGHTS @ (second - mean**2))
        return overall, shared + unshared / self.items, shared + unshared


def _two(values: Floats, above: Floats) -> tuple[Floats, Floats]:
    """The first two moments of answers that exceed each cut with these chances (cuts, …)."""
    first = values[0] + np.tensordot(np.diff(values), above, axes=1)
    second = values[0] ** 2 + np.tensordot(np.diff(values**2), above, axes=1)
    return first, second


def fitted(
    values: Sequence[float], items: int, *, mean: float, sd: float, reliability: float
) -> Instrument:
    """The instrument whose score has this mean, standard deviation and Cronbach's alpha.

    A single item has no alpha, and of two options the deviation follows from the others.
    UnreachableError says what such items can't have.
    """
    if not values[0] < mean < values[-1]:
        raise UnreachableError(Lacking.MEAN)
    if len(values) == 2:
        return _of_two_options(values, items, mean, reliability)
    if items < 2:
        return _single(values, mean, sd)
    # With everybody at one end or the other; no score varies more (Bhatia & Davis 2000, American
    # Mathematical Monthly 107(4), 353–357).
    if sd >= sqrt((mean - values[0]) * (values[-1] - mean)):
        raise UnreachableError(Lacking.SD)
    start = Instrument(tuple(values), items, spread=sd, loading=sqrt(reliability) * 0.9)

    def missed(unknown: Floats) -> list[float]:
        tried, at = _tried(start, unknown)
        return [tried.mean(at) - mean, tried.sd(at) - sd, tried.alpha(at) - reliability]

    first = [mean, np.log(sd / sqrt(reliability)), np.arctanh(start.loading)]
    solved = optimize.least_squares(missed, first, xtol=1e-12, ftol=1e-12, gtol=1e-12)
    found, at = _tried(start, solved.x)
    parted = (found.mean(at) - mean, found.sd(at) - sd, found.alpha(at) - reliability)
    if max(map(abs, parted)) > NEAR:
        raise UnreachableError(Lacking.TOGETHER)
    return found


def _tried(start: Instrument, unknown: Floats) -> tuple[Instrument, float]:
    location, spread, loading = (float(each) for each in unknown)
    most = min(abs(float(np.tanh(loading))), MOST_LOADING)
    return replace(start, spread=float(np.exp(min(spread, 50.0))), loading=most), location


def _of_two_options(
    values: Sequence[float], items: int, mean: float, reliability: float
) -> Instrument:
    found = Instrument(tuple(values), items, spread=values[1] - values[0], loading=1.0)
    if items < 2:
        return found
    share = (mean - values[0]) / (values[1] - values[0])
    at = (values[0] + values[1]) / 2 + found.spread * float(tails.norm_ppf(share))

    def missed(loading: float) -> float:
        return replace(found, loading=loading).alpha(at) - reliability

    if missed(0.0) > 0 or missed(MOST_LOADING) < 0:
        raise UnreachableError(Lacking.TOGETHER)
    return replace(found, loading=float(optimize.brentq(missed, 0.0, MOST_LOADING, xtol=1e-10)))


def _single(values: Sequence[float], mean: float, sd: float) -> Instrument:
    def missed(log_spread: float) -> float:
        tried = Instrument(tuple(values), 1, spread=float(np.exp(log_spread)), loading=1.0)
        return tried.sd(tried.location(mean)) - sd

    low, high = np.log((values[-1] - values[0]) / 100), np.log((values[-1] - values[0]) * 100)
    if missed(low) > 0 or missed(high) < 0:
        raise UnreachableError(Lacking.SD)
    spread = float(np.exp(optimize.brentq(missed, low, high, xtol=1e-10)))
    return Instrument(tuple(values), 1, spread=spread, loading=1.0)
