import numpy as np
import pytest
from scipy import stats

from analysis.statistics.estimate import NotEstimable, Reason
from analysis.statistics.sequential import bounds
from analysis.statistics.sequential_size import SequentialSize, sequential_size, stop_chances
from tests.analysis.statistics.near import near


def test_chances_without_drift_are_the_alpha_spent() -> None:
    looks = bounds([0.5, 0.75, 1.0], 0.05)
    spent = np.diff([look.alpha_spent for look in looks], prepend=0)
    # The recursion is exact to about 1e-9.
    assert stop_chances(0.0, looks) == pytest.approx(spent.tolist(), abs=1e-8)


def test_chances_with_drift_agree_with_the_bivariate_normal() -> None:
    looks = bounds([0.4, 1.0], 0.05, two_sided=False)
    root = 0.4**0.5
    both = stats.multivariate_normal([3 * root, 3], [[1, root], [root, 1]])
    first = float(stats.norm.sf(looks[0].z - 3 * root))
    inside = float(both.cdf([look.z for look in looks]))
    # scipy integrates two dimensions by Genz's method to about 1e-8.
    expected = pytest.approx((first, 1 - first - inside), abs=1e-7)
    assert stop_chances(3.0, looks, two_sided=False) == expected


def test_size_of_one_look_is_the_fixed_one() -> None:
    z = float(stats.norm.isf(0.025) + stats.norm.isf(0.1))
    fixed = near(4 * (z / 0.3) ** 2, rel=1e-6)
    # The fixed size leaves out what crosses on the wrong side, at 90 % some 1e-7.
    expected = SequentialSize(most=fixed, expected=fixed, fixed=fixed)
    assert sequential_size(0.3, bounds([1.0], 0.05), power=0.9) == expected


def test_size_that_is_out_of_reach_has_a_reason() -> None:
    expected = NotEstimable(Reason.OUT_OF_REACH, "No size has that power for that effect.")
    looks = bounds([0.5, 1.0], 0.05)
    assert sequential_size(0.0, looks) == expected
    assert sequential_size(0.2, looks, power=0.05) == expected
    with pytest.raises(ValueError, match="last look is at fraction 1"):
        sequential_size(0.2, looks[:1])
