"""PURE: minimisation: the newcomer goes, by a biased coin, where covariates stay most balanced.

Pocock & Simon 1975 (Biometrics 31(1), 103–115). For each arm the newcomer is put into it for the
moment. Each covariate then has a distance between the arms, taken over those who share the
newcomer's level of it; the arm's imbalance is the weighted sum over the covariates. The arms of
least imbalance are preferred, and `coin` says with which probabilities each arm is drawn.

Before distances are taken, a count is divided by its arm's weight in lowest terms. With x_1 … x_K
what comes of that, over the arms whose weight is not zero, the distances are

- range: max x − min x;
- variance: Σ (x − mean)² / (K − 1);
- marginal balance: Σ over pairs |x_i − x_j| / ((K − 1) Σ x), from 0 to 1, and 0 where nobody is
  (Han, Enas & McEntegart 2009, Statistics in Medicine 28(27), 3329–3346; Saghaei & Saghaei 2011,
  Journal of Biomedical Science and Engineering 4(11), 734–739).

All of it is exact, so ties are ties. The totals of the arms are balanced too if there is a
covariate that has the same level for everybody.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import lcm

from experiments.design import Distance
from experiments.randomisation.coin import coin_probabilities
from experiments.randomisation.draw import reduced
from experiments.randomisation.stream import numbers, pick
from experiments.randomisation.tally import Profile, Tally


@dataclass(frozen=True)
class Covariate:
    """What is kept in balance, and how much it counts beside the others."""

    code: str
    weight: Fraction | int = 1


def minimisation_probabilities(
    weights: Sequence[int],
    covariates: Sequence[Covariate],
    profile: Profile,
    tally: Tally,
    distance: Distance,
    coin: Fraction,
) -> tuple[Fraction, ...]:
    """Each arm's exact probability for a newcomer of that profile, given the tally.

    The profile has a level for every covariate. A coin of 1 is deterministic but for ties.
    """
    imbalance = imbalances(weights, covariates, profile, tally, distance)
    least = min(imbalance.values())
    preferred = [arm for arm, value in imbalance.items() if value == least]
    return coin_probabilities(weights, preferred, coin)


def minimised(seed: bytes, position: int, probabilities: Sequence[Fraction]) -> int:
    """The index of the arm that the list's seed draws at that position with those probabilities."""
    return pick(probabilities, numbers(seed, b"minimised", position))


def imbalances(
    weights: Sequence[int],
    covariates: Sequence[Covariate],
    profile: Profile,
    tally: Tally,
    distance: Distance,
) -> dict[int, Fraction]:
    """The imbalance that each arm would leave if it got the newcomer; arms of weight zero are out.

    Raises ValueError if no arm has a weight.
    """
    arms = [arm for arm, weight in enumerate(weights) if weight]
    if not arms:
        raise ValueError("Minimisation needs an arm whose weight is not zero.")
    # Whole numbers until the end: a count divided by its weight is `steps` of one over `unit`.
    lowest = reduced([weights[arm] for arm in arms])
    unit = lcm(*lowest)
    steps = [unit // weight for weight in lowest]
    found = dict.fromkeys(arms, Fraction(0))
    for covariate in covariates:
        counts = tally.at(covariate.code, profile[covariate.code])
        before = [counts[arm] * step for arm, step in zip(arms, steps, strict=True)]
        for at, arm in enumerate(arms):
            after = [x + steps[at] * (at == place) for place, x in enumerate(before)]
            found[arm] += covariate.weight * DISTANCES[distance](after, unit)
    return found


def _range(xs: Sequence[int], unit: int) -> Fraction:
    return Fraction(max(xs) - min(xs), unit)


def _variance(xs: Sequence[int], unit: int) -> Fraction:
    """By K Σ x² − (Σ x)² = K Σ (x − mean)², which stays in whole numbers; one arm has none."""
    size = len(xs)
    squares = size * sum(x * x for x in xs) - sum(xs) ** 2
    return Fraction(squares, max(1, size * (size - 1)) * unit**2)


def _marginal_balance(xs: Sequence[int], unit: int) -> Fraction:
    """The unit is above and below the line, so it cancels."""
    apart = sum(abs(one - other) for one, other in combinations(xs, 2))
    return Fraction(apart, max(1, (len(xs) - 1) * sum(xs)))


DISTANCES: dict[Distance, Callable[[Sequence[int], int], Fraction]] = {
    Distance.RANGE: _range,
    Distance.VARIANCE: _variance,
    Distance.MARGINAL_BALANCE: _marginal_balance,
}
