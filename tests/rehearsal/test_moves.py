"""The order of a run's pages: by their times, but for what is known to have come first."""

from datetime import UTC, datetime, timedelta

import pytest

from rehearsal.moves import in_order

START = datetime(2026, 11, 26, tzinfo=UTC)


def at(*seconds: int) -> list[datetime]:
    """Times so long after the start."""
    return [START + timedelta(seconds=each) for each in seconds]


def test_order_is_that_of_times_and_of_chains() -> None:
    times = {1: at(0, 4), 2: at(1, 3), 3: at(2, 5), 4: []}
    assert in_order(times, []) == [1, 2, 3, 2, 1, 3]
    # The first of the list was stored after the second.
    assert in_order(times, [[(1, 1), (2, 1)]]) == [1, 2, 3, 1, 2, 3]
    assert in_order(times, [[(3, 1), (1, 1)], [(3, 1), (2, 1)]]) == [1, 2, 3, 3, 2, 1]


def test_chains_that_contradict_each_other_have_no_order() -> None:
    with pytest.raises(ValueError, match="no order"):
        in_order({1: at(0), 2: at(1)}, [[(1, 0), (2, 0)], [(2, 0), (1, 0)]])
