"""PURE: minimisation drawn again many times at once, for randomisation inference.

The procedure is that of `experiments.randomisation.minimisation`, with its distances and its coin.
It looks back from participant to participant, so that is the order here too; but all redraws take
the same step side by side, in a few operations on arrays.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np

from analysis.statistics.counts import Ints
from analysis.statistics.estimate import Floats
from analysis.statistics.randomisation_inference import INDEX
from experiments.design import Distance
from experiments.randomisation import Covariate, reduced

# Sums of marginal balances that are nearer than this tie: they are fractions, rounded here.
NEAR = 1e-12


def minimised_redraws(
    weights: Sequence[int],
    covariates: Sequence[Covariate],
    profiles: Sequence[Mapping[str, str]],
    *,
    distance: Distance,
    coin: Fraction,
    seed: bytes,
    draws: int,
) -> Ints:
    """The arms (draws, n) that these profiles (n) get when all are minimised anew, as they came.

    The covariates are what they were: only the coins are thrown again, and each looks back on what
    the earlier ones of the same redraw gave (Simon 1979, Biometrics 35(2), 503–512). Ranges and
    variances are whole numbers, so ties are ties; marginal balances tie within `NEAR`.
    """
    rng = np.random.default_rng(int.from_bytes(seed, "big"))
    used = np.flatnonzero(weights)
    share = np.array(weights, dtype=np.float64)[used, None]
    share /= share.sum()
    least = float(share.min())
    follow = (1 - float(coin)) / (1 - least) if least < 1 else 0.0
    measure = _Measure(reduced([weight for weight in weights if weight]), covariates, distance)
    found: Any = np.empty((draws, len(profiles)), INDEX)
    every = np.arange(draws)
    for position, profile in enumerate(profiles):
        imbalance = measure.of(profile, draws)
        tied = (imbalance <= imbalance.min(axis=0) + measure.slack) * share
        chances = follow * share + (1 - follow) * tied / tied.sum(axis=0)
        # The last end is left out: rounding may leave it below one.
        place = (rng.random(draws) >= np.cumsum(chances, axis=0)[:-1]).sum(axis=0)
        measure.add(profile, every, place)
        found[:, position] = used[place]
    table: Ints = found
    return table


class _Measure:
    """How far from balance each arm would leave each redraw, with what it has counted so far.

    A count is divided by its arm's weight: it goes in `steps` of one over a common unit.
    """

    def __init__(
        self, lowest: Sequence[int], covariates: Sequence[Covariate], distance: Distance
    ) -> None:
        unit = lcm(*lowest)
        self.steps = np.array([unit // weight for weight in lowest])
        self.distance = {
            Distance.RANGE: _range,
            Distance.VARIANCE: _variance,
            Distance.MARGINAL_BALANCE: _marginal_balance,
        }[distance]
        # Whole numbers, so that what is summed stays exact where the distances are whole.
        whole = lcm(*(Fraction(each.weight).denominator for each in covariates))
        self.covariates = [(each.code, int(each.weight * whole)) for each in covariates]
        total = sum(weight for _code, weight in self.covariates)
        self.slack = NEAR * total if distance is Distance.MARGINAL_BALANCE else 0
        self.counted: dict[tuple[str, str], Ints] = {}

    def of(self, profile: Mapping[str, str], draws: int) -> Floats | Ints:
        """The imbalance (arms, draws) that a newcomer of that profile would leave in each arm."""
        size = len(self.steps), draws
        for code, _weight in self.covariates:
            self.counted.setdefault((code, profile[code]), np.zeros(size, np.int64))
        parts = [
            weight * self.distance(self.counted[code, profile[code]], self.steps[:, None])
            for code, weight in self.covariates
        ]
        found: Floats | Ints = np.sum(parts, axis=0) if parts else np.zeros(size)
        return found

    def add(self, profile: Mapping[str, str], every: Ints, place: Ints) -> None:
        """Counts the newcomer in the arm (draws,) that each redraw gave."""
        for code, _weight in self.covariates:
            self.counted[code, profile[code]][place, every] += self.steps[place]


def _range(x: Ints, step: Ints) -> Ints:
    """Largest less least if each arm in turn has one more, of counts x (arms, draws)."""
    if len(x) == 1:
        return np.zeros_like(x)
    least, next_ = np.partition(x, 1, axis=0)[:2]
    # Whoever was alone at the bottom leaves it to the next one, or stays below that.
    bottom = np.where(x == least, np.minimum(next_, x + step), least)
    found: Ints = np.maximum(x.max(axis=0), x + step) - bottom
    return found


def _variance(x: Ints, step: Ints) -> Ints:
    """K Σ x² − (Σ x)², which is the variance times what is the same for all arms."""
    squares = (x * x).sum(axis=0) + (2 * x + step) * step
    found: Ints = len(x) * squares - (x.sum(axis=0) + step) ** 2
    return found


def _marginal_balance(x: Ints, step: Ints) -> Floats:
    """Σ |x_i − x_j| / ((K − 1) Σ x)."""
    apart = np.abs(x[:, None] - x[None]).sum(axis=1)
    # Of the pairs those change that the arm is in, and it is in none with itself.
    moved = np.abs((x + step)[:, None] - x[None]).sum(axis=1) - step
    pairs = apart.sum(axis=0) // 2 + moved - apart
    found: Floats = pairs / np.maximum((len(x) - 1) * (x.sum(axis=0) + step), 1)
    return found
