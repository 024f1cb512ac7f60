import numpy as np
import pytest
from scipy import stats

from analysis.statistics.boundary import Boundary, characteristics
from analysis.statistics.futility import FutilityBounds, futility_bounds, futility_bounds_at
from analysis.statistics.sequential import bounds
from analysis.statistics.spending import POCOCK, Family, Spending
from tests.analysis.statistics.near import near

LOOKS = [0.4, 0.7, 1.0]
# Simpson's rule on the grid, and the root search for the drift.
GRID = 1e-8


def test_futility_of_one_look_is_the_fixed_test() -> None:
    z = float(stats.norm.isf(0.025))
    drift = z + float(stats.norm.isf(0.2))
    assert futility_bounds([1.0], 0.025, 0.2) == FutilityBounds(
        boundary=Boundary((1.0,), (z,), (z,)),
        alpha_spent=(0.025,),
        beta_spent=(near(0.2),),
        drift=near(drift),
        inflation=near(1),
        binding=False,
    )


@pytest.mark.parametrize("binding", [True, False])
@pytest.mark.parametrize("futility", [POCOCK, Spending(Family.HWANG_SHIH_DECANI, -2)])
def test_futility_spends_beta_and_alpha(binding: bool, futility: Spending) -> None:
    found = futility_bounds(LOOKS, 0.025, 0.1, futility=futility, binding=binding)
    planned = characteristics(found.boundary, found.drift)
    spent = [futility.spent(t, 0.1) for t in LOOKS]
    assert np.cumsum(planned.low) == pytest.approx(spent, abs=GRID)
    assert found.beta_spent == pytest.approx(spent, abs=GRID)
    assert planned.power == pytest.approx(0.9, abs=GRID)
    stops = found.boundary
    if not binding:
        # Alpha holds though nobody stops for futility.
        stops = Boundary(stops.fractions, (-np.inf,) * 3, stops.high)
        assert stops == Boundary.of(bounds(LOOKS, 0.025, two_sided=False), two_sided=False)
    nothing = characteristics(stops, 0.0)
    assert np.cumsum(nothing.high) == pytest.approx(found.alpha_spent, abs=GRID)
    assert nothing.power == pytest.approx(0.025, abs=GRID)


def test_futility_that_binds_lowers_the_bound_and_the_rows() -> None:
    loose, binding = (futility_bounds(LOOKS, 0.025, 0.1, binding=b) for b in (False, True))
    assert binding.boundary.high[-1] < loose.boundary.high[-1]
    assert 1 < binding.inflation < loose.inflation


def test_futility_as_planned_is_the_plan() -> None:
    plan = futility_bounds(LOOKS, 0.025, 0.1)
    assert futility_bounds_at(LOOKS, 0.025, 0.1, plan.drift, final=True) == plan
    early = futility_bounds_at(LOOKS[:2], 0.025, 0.1, plan.drift)
    assert early.boundary.low == plan.boundary.low[:2]
    assert early.beta_spent == plan.beta_spent[:2]


def test_futility_at_an_early_end_meets_the_upper_bound_and_tells_what_is_missed() -> None:
    plan = futility_bounds(LOOKS, 0.025, 0.1)
    early = futility_bounds_at([0.4, 0.85], 0.025, 0.1, plan.drift, final=True)
    assert early.boundary.low[1] == early.boundary.high[1]
    assert early.alpha_spent == (near(plan.alpha_spent[0]), near(0.025))
    missed = characteristics(early.boundary, plan.drift)
    assert early.beta_spent[1] == pytest.approx(1 - missed.power, abs=GRID)
    assert early.beta_spent[1] > 0.1


def test_futility_past_the_upper_bound_ends_the_study() -> None:
    found = futility_bounds_at([0.3, 0.7, 0.8], 0.025, 0.2, 6.0)
    assert found.boundary.fractions == (0.3, 0.7)
    assert found.boundary.low[1] == found.boundary.high[1]


def test_futility_that_may_spend_nothing_yet_has_no_bound() -> None:
    late = Spending(Family.HWANG_SHIH_DECANI, -1500)
    found = futility_bounds([0.4, 1.0], 0.025, 0.1, futility=late)
    assert (found.boundary.low[0], found.beta_spent[0]) == (-np.inf, 0.0)


@pytest.mark.parametrize(
    ("fractions", "alpha", "beta", "message"),
    [
        ([0.5, 0.4], 0.025, 0.1, "must be above 0 and grow"),
        ([0.5, 1.0], 0.025, 0.975, "beta must lie between"),
        ([0.5, 1.0], 0.0, 0.1, "alpha must lie between"),
        ([0.001, 1.0], 0.025, 0.1, r"No alpha is left to spend at information fraction 0\.001"),
    ],
)
def test_futility_refuses_what_cannot_be(
    fractions: list[float], alpha: float, beta: float, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        futility_bounds(fractions, alpha, beta)
