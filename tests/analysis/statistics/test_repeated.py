import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis.statistics.estimate import NotEstimable, Reason
from analysis.statistics.repeated import Interval, repeated_interval, repeated_p, sequential_p
from analysis.statistics.sequential import bounds
from analysis.statistics.spending import OBRIEN_FLEMING, POCOCK, Family, Spending
from tests.analysis.statistics.near import near

LOOKS = [0.3, 0.6, 1.0]
# The root search for alpha and the bounds' grid.
SEARCH = 1e-6


def test_repeated_interval_is_the_estimate_and_bound_times_se() -> None:
    bound = bounds([0.5, 1.0], 0.05)[0]
    assert repeated_interval(0.3, 0.1, bound) == Interval(
        near(0.3 - 0.1 * bound.z), near(0.3 + 0.1 * bound.z)
    )


def test_repeated_p_of_one_look_is_the_fixed_tests() -> None:
    assert repeated_p([1.0], -2.1) == near(2 * stats.norm.sf(2.1))
    assert repeated_p([1.0], 2.1, two_sided=False) == near(stats.norm.sf(2.1))
    assert repeated_p([0.4], 2.1, final=True) == near(2 * stats.norm.sf(2.1))


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
    z = bounds(LOOKS[:looks], alpha, two_sided=two_sided, spending=spending)[-1].z
    p = repeated_p(LOOKS[:looks], z, two_sided=two_sided, spending=spending)
    assert p == pytest.approx(alpha, rel=SEARCH)


def test_repeated_p_of_an_early_end_may_use_all_alpha() -> None:
    # As `bounds`: the last look at 80 % spends what is left.
    z = bounds([0.3, 0.8], 0.05, final=True)[1].z
    assert repeated_p([0.3, 0.8], z, final=True) == pytest.approx(0.05, rel=SEARCH)


def test_sequential_p_is_the_least_repeated_p_of_the_path() -> None:
    path = [1.5, 2.4, 2.2]
    repeated = [repeated_p(LOOKS[:look], z) for look, z in enumerate(path, start=1)]
    numbers = [p for p in repeated if isinstance(p, float)]
    assert sequential_p(LOOKS, path) == min(numbers)
    assert sequential_p(LOOKS[:2], path[:2]) == repeated[1]


def test_sequential_p_is_the_alpha_at_which_the_path_first_crosses() -> None:
    path = [1.5, 2.4, 2.2]
    p = sequential_p(LOOKS, path)
    assert isinstance(p, float)
    for alpha, crosses in ((p * 0.999, False), (p * 1.001, True)):
        assert any(z >= b.z for z, b in zip(path, bounds(LOOKS, alpha), strict=True)) == crosses


def test_sequential_p_that_no_alpha_gives_is_a_reason() -> None:
    none = NotEstimable(Reason.NO_CROSSING, "z = -9 reaches no bound at any alpha.")
    assert sequential_p([0.5, 1.0], [-9.0, -9.0], two_sided=False) == none


def test_sequential_p_that_no_double_holds_is_a_reason() -> None:
    below = NotEstimable(Reason.BELOW_PRECISION, "z = 45 has a p below 1e-290.")
    assert sequential_p([0.5, 1.0], [1.0, 45.0]) == below


def test_sequential_p_keeps_the_digits_of_a_tiny_one() -> None:
    # The first look's bound is infinite at so small an alpha: it leaves the last one all.
    assert sequential_p([0.05, 1.0], [3.0, 30.0]) == pytest.approx(2 * stats.norm.sf(30), rel=1e-5)


def test_sequential_p_refuses_a_path_of_another_length() -> None:
    with pytest.raises(ValueError, match="one z for each look"):
        sequential_p([0.5, 1.0], [2.0])


def test_repeated_intervals_cover_at_all_looks_together() -> None:
    found, paths = bounds(LOOKS, 0.05), 200_000
    steps = np.sqrt(np.diff([0.0, *LOOKS]))
    noise = np.random.default_rng(20240602).standard_normal((paths, 3))
    z = np.cumsum(noise * steps, axis=1) / np.sqrt(LOOKS)
    covered = (np.abs(z) < [bound.z for bound in found]).all(axis=1).mean()
    assert covered == pytest.approx(0.95, abs=3 * (0.95 * 0.05 / paths) ** 0.5)
