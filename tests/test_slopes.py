"""The power with which a figure grows, and its spread."""

import pytest

from benchmarks.slopes import Slope, slope


@pytest.mark.parametrize(
    ("sizes", "values", "power", "spread"),
    [
        ((10, 100, 1_000), ((5.0,), (5.0,), (5.0,)), 0.0, (0.0, 0.0)),
        ((10, 100, 1_000), ((3.0,), (30.0,), (300.0,)), 1.0, (1.0, 1.0)),
        # From one size to the next by the powers 0 and 1; both ends decide alone.
        ((10, 100, 1_000), ((1.0,), (1.0,), (10.0,)), 0.5, (0.0, 1.0)),
        # Of two repeats one is flat and one linear; their medians are 2 and 11.
        ((1, 10), ((2.0, 2.0), (2.0, 20.0)), 0.7404, (0.0, 1.0)),
    ],
)
def test_slope_is_a_power_with_its_spread(
    sizes: tuple[int, ...],
    values: tuple[tuple[float, ...], ...],
    power: float,
    spread: tuple[float, float],
) -> None:
    found = slope(sizes, values)
    assert found is not None
    # Logarithms are rounded to 16 digits; the power 0.7404 is log10(5.5), to four.
    told = (found.power, found.lowest, found.highest)
    assert told == pytest.approx((power, *spread), abs=1e-4)


@pytest.mark.parametrize(("sizes", "values"), [((10,), ((1.0,),)), ((1, 2), ((0.0,), (1.0,)))])
def test_slope_of_nothing_is_none(
    sizes: tuple[int, ...], values: tuple[tuple[float, ...], ...]
) -> None:
    assert slope(sizes, values) is None


def test_slope_is_told_with_its_spread() -> None:
    assert str(Slope(0.987, 0.9, 1.04)) == "0.99 (0.90–1.04)"
