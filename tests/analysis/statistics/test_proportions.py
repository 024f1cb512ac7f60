from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.statistics.counts import wilson
from analysis.statistics.estimate import NotEstimable, Reason
from analysis.statistics.proportions import ShareDifference, share_difference
from tests.analysis.statistics.near import near

GROUP = st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def printed(value: float) -> Any:
    """Equal to the four digits that are printed."""
    return pytest.approx(value, abs=5.1e-5)


# Newcombe 1998, Table II, method 10, to its four digits.
@pytest.mark.parametrize(
    ("counts", "n", "low", "high"),
    [
        ((48, 56), (80, 70), 0.0524, 0.3339),
        ((3, 9), (10, 10), 0.1705, 0.8090),
        ((2, 6), (7, 7), 0.0582, 0.8062),
        ((0, 5), (29, 56), -0.0381, 0.1926),
        ((0, 0), (20, 10), -0.1611, 0.2775),
        ((0, 10), (10, 10), 0.6075, 1.0),
    ],
)
def test_difference_of_shares_agrees_with_newcombes_table(
    counts: tuple[int, int], n: tuple[int, int], low: float, high: float
) -> None:
    assert share_difference(counts, n) == ShareDifference(
        difference=near(counts[1] / n[1] - counts[0] / n[0]),
        low=printed(low),
        high=printed(high),
        n=n,
        level=0.95,
    )


@settings(max_examples=40)
@given(one=GROUP, other=GROUP, alpha=st.floats(1e-9, 0.5))
def test_difference_of_shares_turns_with_its_groups_and_stays_between_the_extremes(
    one: tuple[int, int], other: tuple[int, int], alpha: float
) -> None:
    there = share_difference((one[0], other[0]), (one[1], other[1]), alpha=alpha)
    back = share_difference((other[0], one[0]), (other[1], one[1]), alpha=alpha)
    assert isinstance(there, ShareDifference)
    assert isinstance(back, ShareDifference)
    assert (there.low, there.high) == (near(-back.high), near(-back.low))
    assert -1 - 1e-12 <= there.low <= there.difference <= there.high <= 1 + 1e-12
    ends = [wilson(*group, alpha=alpha) for group in (one, other)]
    assert there.low >= ends[1][0] - ends[0][1] - 1e-12


def test_difference_of_shares_says_why_there_is_none() -> None:
    expected = NotEstimable(Reason.NO_ROWS, "A group has no rows.")
    assert share_difference((0, 3), (0, 5)) == expected
    with pytest.raises(ValueError, match="is no share"):
        share_difference((6, 3), (5, 5))
