import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis.statistics.boundary import (
    Boundary,
    Characteristics,
    characteristics,
    drift_for_power,
    inflation,
)
from analysis.statistics.classic import (
    error_of_peeking,
    obrien_fleming_constant,
    pocock_constant,
    wang_tsiatis_constant,
)
from analysis.statistics.sequential import bounds
from analysis.statistics.spending import POCOCK
from tests.analysis.statistics.near import near

# Simpson's rule on the grid: chances are sums of some 10 integrals of 1e-9 each, and more where
# looks are close.
GRID = 1e-7


def test_characteristics_of_one_look_are_the_fixed_tests() -> None:
    z = stats.norm.isf(0.025)
    up, down = stats.norm.sf(z - 2), stats.norm.cdf(-z - 2)
    assert characteristics(Boundary((1.0,), (-z,), (z,)), 2.0) == Characteristics(
        2.0, (near(up),), (near(down),), near(up), near(down), 1.0
    )


@settings(deadline=None)  # a busy machine makes the first call slow
@given(
    drift=st.floats(-12, 12),
    steps=st.lists(st.floats(0.001, 1), min_size=2, max_size=4),
    two_sided=st.booleans(),
)
def test_characteristics_of_a_study_that_must_end_add_up_to_one(
    drift: float, steps: list[float], two_sided: bool
) -> None:
    fractions = (0.15 + 0.8 * np.cumsum(steps) / sum(steps)).tolist()
    found = bounds(fractions, 0.05, spending=POCOCK)
    stop = Boundary.of(found, two_sided=two_sided)
    end = Boundary(stop.fractions, (*stop.low[:-1], 0.5), (*stop.high[:-1], 0.5))
    ours = characteristics(end, drift)
    assert ours.power + ours.reach_low == pytest.approx(1, abs=GRID)
    assert stop.fractions[0] - GRID <= ours.fraction <= stop.fractions[-1] + GRID


@settings(deadline=None)  # a busy machine makes the first call slow
@given(drift=st.floats(-4, 4), cut=st.floats(0.05, 0.95), low=st.floats(-3, 1))
def test_characteristics_of_two_looks_are_those_of_the_bivariate_normal(
    drift: float, cut: float, low: float
) -> None:
    boundary = Boundary((cut, 1.0), (low, -1.5), (2.2, 1.9))
    ours = characteristics(boundary, drift)
    mean = drift * np.sqrt([cut, 1.0])
    both = stats.multivariate_normal(mean, [[1, cut**0.5], [cut**0.5, 1]])
    below = both.cdf([2.2, -1.5], lower_limit=[low, -np.inf])
    # scipy integrates two dimensions by Genz's method to about 1e-8.
    assert ours.low[0] == near(stats.norm.cdf(low - mean[0]))
    assert ours.low[1] == pytest.approx(below, abs=1e-6)
    above = stats.norm.cdf(2.2 - mean[0]) - ours.low[0]
    above -= both.cdf([2.2, 1.9], lower_limit=[low, -np.inf])
    assert ours.high[0] == near(stats.norm.sf(2.2 - mean[0]))
    assert ours.high[1] == pytest.approx(above, abs=1e-6)


def test_characteristics_of_bounds_that_stop_nobody_are_nothing() -> None:
    boundary = Boundary((0.5, 1.0), (-np.inf, -np.inf), (np.inf, np.inf))
    assert characteristics(boundary, 1.0) == Characteristics(1.0, (0, 0), (0, 0), 0, 0, 1.0)


def test_characteristics_after_a_look_where_all_must_stop_are_nothing() -> None:
    ours = characteristics(Boundary((0.5, 1.0), (1.0, 0.0), (1.0, 2.0)), 0.0)
    assert (ours.high, ours.fraction) == ((near(stats.norm.sf(1)), 0.0), near(0.5))


@pytest.mark.parametrize(
    ("fractions", "low", "high", "message"),
    [
        ((), (), (), "for each of its looks"),
        ((0.5, 1.0), (-2.0,), (2.0, 2.0), "for each of its looks"),
        ((0.5, 0.5), (-2.0, -2.0), (2.0, 2.0), "grow from look to look"),
        ((1.0,), (2.0,), (1.0,), "lies above its upper"),
    ],
)
def test_boundary_refuses_what_cannot_be(
    fractions: tuple[float, ...], low: tuple[float, ...], high: tuple[float, ...], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        Boundary(fractions, low, high)


def test_drift_for_power_of_one_look_is_the_fixed_tests() -> None:
    boundary = Boundary.of(bounds([1.0], 0.05))
    drift = drift_for_power(boundary, 0.8)
    # The wrong side's chance, 1e-6, does not count.
    assert drift == near(stats.norm.isf(0.025) + stats.norm.isf(0.2))
    assert inflation(drift, 0.05, 0.8) == near(1)


def test_drift_for_power_refuses_a_power_below_alpha() -> None:
    with pytest.raises(ValueError, match=r"A power of 0\.02 is none"):
        drift_for_power(Boundary.of(bounds([0.5, 1.0], 0.05)), 0.02)


def test_classic_constants_of_one_look_are_the_fixed_tests() -> None:
    assert pocock_constant(1, 0.05) == near(1.959963984540054)
    assert obrien_fleming_constant(1, 0.05, two_sided=False) == near(1.6448536269514722)


@pytest.mark.parametrize("shape", [0.0, 0.3, 0.5])
@pytest.mark.parametrize("two_sided", [True, False])
def test_classic_constants_hold_their_alpha(shape: float, two_sided: bool) -> None:
    last = wang_tsiatis_constant(3, 0.04, shape, two_sided=two_sided)
    high = tuple(last * (look / 3) ** (shape - 0.5) for look in (1, 2, 3))
    low = tuple(-z if two_sided else -np.inf for z in high)
    ours = characteristics(Boundary((1 / 3, 2 / 3, 1.0), low, high), 0.0)
    assert ours.power + ours.reach_low == pytest.approx(0.04, abs=GRID)


@pytest.mark.parametrize(("looks", "alpha", "shape"), [(0, 0.05, 0.5), (2, 0.5, 0.5), (2, 0.05, 1)])
def test_classic_constants_refuse_what_is_none(looks: int, alpha: float, shape: float) -> None:
    with pytest.raises(ValueError, match="Needs a look"):
        wang_tsiatis_constant(looks, alpha, shape)


def test_error_of_peeking_grows_with_the_looks() -> None:
    one, two, again = (error_of_peeking(t, 0.05) for t in ([1.0], [0.5, 1.0], [0.5, 0.75, 1.0]))
    assert one == near(0.05)
    # Armitage, McPherson & Rowe 1969 print 0.083.
    assert two == pytest.approx(0.083, abs=5e-4)
    assert two < again < 0.15
    assert error_of_peeking([0.5, 1.0], 0.05, two_sided=False) < 0.1
