"""The information of each look."""

from dataclasses import dataclass

from analysis.information import fractions


@dataclass(frozen=True)
class Spent:
    """A look that was run."""

    n: int
    fraction: float


FIRST, SECOND = Spent(20, 0.5), Spent(31, 0.775)


def test_each_look_has_what_it_really_had() -> None:
    assert fractions([], 649, 1297) == (649 / 1297,)
    assert fractions([FIRST, SECOND], 40, 40) == (0.5, 0.775, 1.0)
    assert fractions([FIRST], 52, 40) == (0.5, 1.3)


def test_look_of_no_more_participants_counts_as_one_more_than_the_one_before() -> None:
    assert fractions([FIRST, SECOND], 31, 40) == (0.5, 0.775, 0.8)
    assert fractions([FIRST, SECOND], 20, 40) == (0.5, 0.775, 0.8)
    assert fractions([SECOND, FIRST], 40, 40) == (0.775, 0.8, 1.0)
