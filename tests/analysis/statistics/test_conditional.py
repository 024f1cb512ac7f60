import numpy as np
import pytest
from scipy import integrate, stats

from analysis.statistics.boundary import Boundary
from analysis.statistics.conditional import (
    Outlook,
    conditional_power,
    current_trend,
    predictive_power,
)
from analysis.statistics.estimate import NotEstimable, Reason
from analysis.statistics.sequential import bounds
from tests.analysis.statistics.near import near

PLAN = Boundary.of(bounds([0.3, 0.6, 1.0], 0.05))


def test_conditional_power_with_one_look_left_is_lan_and_wittes() -> None:
    b, t, z, drift = PLAN.high[2], 0.6, 1.4, 2.5
    mean = z * t**0.5 + drift * (1 - t)
    up, down = stats.norm.sf(b, mean, 0.4**0.5), stats.norm.cdf(-b, mean, 0.4**0.5)
    assert conditional_power(PLAN, t, z, drift) == Outlook(near(up), near(down))


def test_conditional_power_of_the_looks_to_come_is_the_bivariate_normals() -> None:
    t, z, drift = 0.3, 1.0, current_trend(1.0, 0.3)
    here = z * t**0.5
    mean = [here + drift * 0.3, here + drift * 0.7]
    steps = stats.multivariate_normal(mean, [[0.3, 0.3], [0.3, 0.7]])
    reach = np.array([PLAN.high[1] * 0.6**0.5, PLAN.high[2]])
    ours = conditional_power(PLAN, t, z, drift)
    assert isinstance(ours, Outlook)
    # scipy integrates two dimensions by Genz's method to about 1e-8.
    inside = steps.cdf(reach, lower_limit=-reach)
    assert ours.high + ours.low == pytest.approx(1 - inside, abs=1e-6)


def test_predictive_power_with_one_look_left_is_spiegelhalters() -> None:
    b, t, z = PLAN.high[2], 0.6, 1.4
    up, down = (stats.norm.cdf((side * z - b * t**0.5) / 0.4**0.5) for side in (1, -1))
    assert predictive_power(PLAN, t, z) == Outlook(near(up), near(down))


@pytest.mark.parametrize("z", [-1.0, 0.3, 2.6])
def test_predictive_power_is_conditional_power_averaged(z: float) -> None:
    ours = predictive_power(PLAN, 0.3, z)
    assert isinstance(ours, Outlook)

    def weighted(drift: float) -> float:
        given = conditional_power(PLAN, 0.3, z, drift)
        assert isinstance(given, Outlook)
        return given.high * float(stats.norm.pdf(drift, current_trend(z, 0.3), 0.3**-0.5))

    middle = current_trend(z, 0.3)
    average, _ = integrate.quad(weighted, middle - 12, middle + 12, epsabs=1e-7)
    assert ours.high == pytest.approx(average, abs=1e-6)


def test_power_in_sight_of_the_end_is_certain() -> None:
    # One row in a million is left, and z is far beyond.
    sure = conditional_power(Boundary((1.0,), (-2.0,), (2.0,)), 1 - 1e-6, 2.5, 0.0)
    assert sure == Outlook(near(1), 0.0)


def test_power_needs_a_look_to_come() -> None:
    none = NotEstimable(Reason.NO_LOOK_LEFT, "No look comes after fraction 1.")
    assert (conditional_power(PLAN, 1.0, 1.0, 0.0), predictive_power(PLAN, 1.0, 1.0)) == (
        none,
        none,
    )
    with pytest.raises(ValueError, match="must be above 0"):
        conditional_power(PLAN, 0.0, 1.0, 0.0)
