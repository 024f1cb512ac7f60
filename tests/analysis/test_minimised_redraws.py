from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pytest

from analysis.minimised_redraws import minimised_redraws
from analysis.statistics.randomisation_inference import (
    Assignments,
    RandomisationTest,
    mean_contrast,
    randomisation_test,
)
from experiments.design import Distance
from experiments.randomisation import Covariate, Tally, imbalances, minimisation_probabilities

SEED = b"not the study's"
COVARIATES = (Covariate("age", Fraction(3, 2)), Covariate("region"), Covariate("all", 2))
WEIGHTS = ([1, 1], [2, 1, 0, 3], [1] * 6, [1])


def profiles(n: int) -> list[dict[str, str]]:
    """So many of three ages and two regions."""
    drawn = np.random.default_rng(3).integers([3, 2], size=(n, 2))
    return [{"age": f"{age}", "region": f"{region}", "all": ""} for age, region in drawn]


@pytest.mark.parametrize("distance", Distance)
@pytest.mark.parametrize("weights", WEIGHTS)
def test_sure_coin_gives_an_arm_that_the_procedure_prefers(
    distance: Distance, weights: Sequence[int]
) -> None:
    people = profiles(30)
    table = minimised_redraws(
        weights, COVARIATES, people, distance=distance, coin=Fraction(1), seed=SEED, draws=5
    )
    for redraw in table.tolist():
        tally = Tally(len(weights))
        for profile, arm in zip(people, redraw, strict=True):
            found = imbalances(weights, COVARIATES, profile, tally, distance)
            assert found[arm] == min(found.values())
            tally = tally.with_(profile, arm)


def test_coin_falls_as_often_as_the_procedure_says() -> None:
    weights, coin, draws = [2, 1, 0, 3], Fraction(3, 5), 40_000
    people = profiles(3)
    table = minimised_redraws(
        weights, COVARIATES, people, distance=Distance.RANGE, coin=coin, seed=SEED, draws=draws
    )
    expected = {}
    for first in (0, 1, 3):
        for second in (0, 1, 3):
            tally, chance = Tally(4), Fraction(1)
            for profile, arm in zip(people, (first, second), strict=False):
                odds = minimisation_probabilities(
                    weights, COVARIATES, profile, tally, Distance.RANGE, coin
                )
                tally, chance = tally.with_(profile, arm), chance * odds[arm]
            expected[first, second] = float(chance)
    pairs = {pair: float((table[:, :2] == pair).all(axis=1).mean()) for pair in expected}
    # Four Monte Carlo standard errors of a share of a half, the largest there is.
    assert pairs == pytest.approx(expected, abs=4 * 0.5 / draws**0.5)


def test_minimised_study_is_tested_by_its_own_redraws() -> None:
    people = profiles(30)
    table = minimised_redraws(
        [1, 1],
        COVARIATES,
        people,
        distance=Distance.MARGINAL_BALANCE,
        coin=Fraction(4, 5),
        seed=SEED,
        draws=200,
    )
    arm, others = table[0], Assignments(table[1:], exact=False)
    outcome = np.random.default_rng(4).normal(size=30) + 3 * arm
    found = randomisation_test(outcome, arm, others, mean_contrast([-1, 1]))
    assert isinstance(found, RandomisationTest)
    assert (found.p, found.assignments) == (1 / 200, 199)
