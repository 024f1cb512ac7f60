import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis.statistics.estimate import NotEstimable, Reason
from analysis.statistics.repeated import (
    Interval,
    levels_of,
    repeated_interval,
    repeated_p,
    sequential_p,
)
from analysis.statistics.sequential import bounds
from analysis.statistics.spending import OBRIEN_FLEMING, POCOCK, Family, Spending
from tests.analysis.statistics.near import near

LOOKS = [0.3, 0.6, 1.0]
# The root search for alpha and the bounds' grid.
SEARCH = 1e-6
NONE = NotEstimable(Reason.NO_ROWS, "Nobody.")


def test_repeated_interval_is_the_estimate_and_bound_times_se() -> None:
    bound = bounds([0.5, 1.0], 0.05)[0]
    assert repeated_interval(0.3, 0.1, bound) == Interval(
        near(0.3 - 0.1 * bound.z), near(0.3 + 0.1 * bound.z)
    )


def test_repeated_p_of_one_look_is_the_fixed_tests() -> None:
    two_sided, one_sided = 2 * stats.norm.sf(2.1), stats.norm.sf(2.1)
    assert repeated_p(two_sided, [1.0], levels_of(1)) == near(two_sided)
    assert repeated_p(one_sided, [1.0], levels_of(1, two_sided=False)) == near(one_sided)
    assert repeated_p(two_sided, [0.4], levels_of(1, final=True)) == near(two_sided)


@settings(deadline=None, max_examples=20)  # a busy machine makes the first call slow
@given(
    alpha=st.floats(0.001, 0.3),
    looks=st.integers(1, 3),
    two_sided=st.booleans(),
    spending=st.sampled_from([OBRIEN_FLEMING, POCOCK, Spending(Family.HWANG_SHIH_DECANI, -4)]),
)
def test_repeated_p_at_a_bound_is_its_alpha(
    alpha: float, looks: int, two_sided: bool, spending: Spending
) -> None:
    bound = bounds(LOOKS[:looks], alpha, two_sided=two_sided, spending=spending)[-1]
    levels = levels_of(looks, two_sided=two_sided, spending=spending)
    p = repeated_p(bound.nominal_p, LOOKS[:looks], levels)
    assert p == pytest.approx(alpha, rel=SEARCH)


def test_repeated_p_of_an_early_end_may_use_all_alpha() -> None:
    # As `bounds`: the last look at 80 % spends what is left.
    p = bounds([0.3, 0.8], 0.05, final=True)[1].nominal_p
    found = repeated_p(p, [0.3, 0.8], levels_of(2, final=True))
    assert found == pytest.approx(0.05, rel=SEARCH)


PATH = [float(2 * stats.norm.sf(z)) for z in (1.5, 2.4, 2.2)]


def test_sequential_p_is_the_least_repeated_p_of_the_path() -> None:
    levels = levels_of(3)
    repeated = [repeated_p(p, LOOKS[:look], levels) for look, p in enumerate(PATH, start=1)]
    numbers = [p for p in repeated if isinstance(p, float)]
    assert sequential_p(PATH, LOOKS, levels) == min(numbers)
    assert sequential_p(PATH[:2], LOOKS[:2], levels) == repeated[1]
    # A look that has none crosses nothing.
    assert sequential_p([*PATH[:2], NONE], LOOKS, levels) == repeated[1]


def test_sequential_p_is_the_alpha_at_which_the_path_first_crosses() -> None:
    found = sequential_p(PATH, LOOKS, levels_of(3))
    assert isinstance(found, float)
    for alpha, crosses in ((found * 0.999, False), (found * 1.001, True)):
        looks = zip(PATH, bounds(LOOKS, alpha), strict=True)
        assert any(p <= bound.nominal_p for p, bound in looks) == crosses


def test_sequential_p_that_can_not_be_found_is_a_reason() -> None:
    none = NotEstimable(Reason.NO_CROSSING, "p = 1 reaches no bound at any alpha.")
    assert sequential_p([1.0, 1.0], [0.5, 1.0], levels_of(2)) == none
    below = NotEstimable(Reason.BELOW_PRECISION, "A p is below 1e-290.")
    assert sequential_p([0.3, 0.0], [0.5, 1.0], levels_of(2)) == below
    assert sequential_p([NONE, NONE], [0.5, 1.0], levels_of(2)) == NONE


def test_sequential_p_keeps_the_digits_of_a_tiny_one() -> None:
    # The first look's bound is infinite at so small an alpha: it leaves the last one all.
    tiny = float(2 * stats.norm.sf(30))
    assert sequential_p([0.003, tiny], [0.05, 1.0], levels_of(2)) == pytest.approx(tiny, rel=1e-5)


def test_sequential_p_refuses_a_path_of_another_length() -> None:
    with pytest.raises(ValueError, match="one p for each look"):
        sequential_p([0.04], [0.5, 1.0], levels_of(2))


def test_repeated_intervals_cover_at_all_looks_together() -> None:
    found, paths = bounds(LOOKS, 0.05), 200_000
    steps = np.sqrt(np.diff([0.0, *LOOKS]))
    noise = np.random.default_rng(20240602).standard_normal((paths, 3))
    z = np.cumsum(noise * steps, axis=1) / np.sqrt(LOOKS)
    covered = (np.abs(z) < [bound.z for bound in found]).all(axis=1).mean()
    assert covered == pytest.approx(0.95, abs=3 * (0.95 * 0.05 / paths) ** 0.5)
