"""Items that have the mean, deviation and reliability that were declared, or can't have them."""

import numpy as np
import pytest

from analysis.power.instrument import Instrument, Lacking, UnreachableError, fitted

SEVEN = [1.0, 2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize(
    ("values", "items", "mean", "sd", "reliability"),
    [
        (SEVEN, 4, 4.8, 1.3, 0.85),
        (SEVEN[:5], 16, 3.4, 0.6, 0.9),
        (SEVEN[:5], 1, 3.4, 1.1, 1.0),
    ],
)
def test_fitted_items_have_what_was_declared(
    values: list[float], items: int, mean: float, sd: float, reliability: float
) -> None:
    found = fitted(values, items, mean=mean, sd=sd, reliability=reliability)
    at = found.location(mean)
    told = (found.mean(at), found.sd(at), found.alpha(at))
    assert told == pytest.approx((mean, sd, reliability), abs=1e-4)


def test_answers_that_are_drawn_are_those_that_were_computed() -> None:
    n = 100_000
    found = fitted(SEVEN, 4, mean=4.8, sd=1.3, reliability=0.85)
    rng = np.random.default_rng(7)
    places = np.full(n, found.location(5.1))
    drawn = found.answers(rng.standard_normal(n), rng.standard_normal((n, 4)), places)
    score = drawn.mean(axis=1)
    alpha = 4 / 3 * (1 - drawn.var(axis=0).sum() / drawn.sum(axis=1).var())
    assert set(np.unique(drawn)) == set(SEVEN)
    # Four standard errors of the mean; the others are as exact.
    assert score.mean() == pytest.approx(5.1, abs=4 * 1.3 / np.sqrt(n))
    at = found.location(5.1)
    assert (score.std(), alpha) == pytest.approx((found.sd(at), found.alpha(at)), abs=0.01)


def test_two_options_have_the_deviation_of_their_mean() -> None:
    found = fitted([0.0, 1], 1, mean=0.3, sd=9, reliability=1)
    at = found.location(0.3)
    assert (found.mean(at), found.sd(at)) == pytest.approx((0.3, 0.21**0.5))
    several = fitted([1.0, 2], 3, mean=1.3, sd=9, reliability=0.6)
    at = several.location(1.3)
    # The score's variance is .21 (1 + 2 r) / 3, its alpha 3 r / (1 + 2 r): r is a third.
    assert (several.sd(at), several.alpha(at)) == pytest.approx(
        ((0.21 / 1.8) ** 0.5, 0.6), abs=1e-6
    )


@pytest.mark.parametrize(
    ("items", "mean", "sd", "reliability", "lacking"),
    [
        (4, 7.0, 1.0, 0.8, Lacking.MEAN),
        (4, 4.0, 3.0, 0.8, Lacking.SD),
        (4, 4.0, 0.05, 0.8, Lacking.TOGETHER),
        (4, 6.9, 0.1, 0.8, Lacking.TOGETHER),
        (1, 4.0, 3.0, 0.8, Lacking.SD),
    ],
)
def test_what_no_items_can_have_is_said(
    items: int, mean: float, sd: float, reliability: float, lacking: Lacking
) -> None:
    with pytest.raises(UnreachableError) as refused:
        fitted(SEVEN, items, mean=mean, sd=sd, reliability=reliability)
    assert refused.value.lacking is lacking


def test_measure_keeps_within_its_ends_and_decimals() -> None:
    measure = Instrument((), 1, spread=2.0, loading=1.0, low=0, high=10, decimals=1)
    trait = np.array([-9.0, 0.0, 0.333, 9.0])
    drawn = measure.answers(trait, np.zeros((4, 1)), np.full(4, 5.0))
    assert drawn[:, 0].tolist() == [0.0, 5.0, 5.7, 10.0]
    assert (measure.location(5.0), measure.sd(5.0)) == (5.0, 2.0)
