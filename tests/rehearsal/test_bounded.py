"""Numbers between bounds have the mean and deviation that are asked for, or it is said why not."""

from math import inf

import numpy as np
import pytest
from scipy import stats

from analysis.power.instrument import Lacking, UnreachableError
from rehearsal.bounded import location_of, spread_of


@pytest.mark.parametrize(
    ("low", "high", "mean", "sd"),
    [(0, 31, 15, 5), (0, 31, 3, 5), (0, inf, 2, 3), (-inf, 10, 9, 4), (1900, 2010, 1980, 15)],
)
def test_numbers_cut_off_have_mean_and_deviation(
    low: float, high: float, mean: float, sd: float
) -> None:
    """A grid of a million quantiles: what is left is that of its ends, far below a thousandth."""
    spread = spread_of(low, high, mean, sd)
    location = location_of(low, high, spread, mean)
    chances = (np.arange(1_000_000) + 0.5) / 1_000_000
    said = np.clip(location + spread * stats.norm.ppf(chances), low, high)
    np.testing.assert_allclose([said.mean(), said.std()], [mean, sd], rtol=1e-4)


def test_numbers_without_bounds_stay_as_they_are() -> None:
    assert (spread_of(-inf, inf, 3, 2), location_of(-inf, inf, 2, 3)) == (2, 3)


@pytest.mark.parametrize(
    ("mean", "sd", "lacking"), [(0, 1, Lacking.MEAN), (12, 1, Lacking.MEAN), (5, 5, Lacking.SD)]
)
def test_numbers_say_what_they_cannot_be(mean: float, sd: float, lacking: Lacking) -> None:
    with pytest.raises(UnreachableError) as told:
        spread_of(0, 10, mean, sd)
    assert told.value.lacking is lacking
