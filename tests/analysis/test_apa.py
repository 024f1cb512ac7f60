"""Numbers as the APA prints them."""

import pytest

from analysis import apa


@pytest.mark.parametrize(
    ("value", "text"), [(0.125, "0.12"), (-1.5, "−1.50"), (-0.001, "0.00"), (1234.5, "1234.50")]
)
def test_number_has_a_real_minus_and_no_minus_zero(value: float, text: str) -> None:
    assert apa.number(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.78, ".78"),
        (-0.13, "−.13"),
        (1.0, "1.00"),
        (-1.86, "−1.86"),
        (0.999, "1.00"),
        (0.0, ".00"),
    ],
)
def test_fraction_drops_the_zero_before_its_point(value: float, text: str) -> None:
    assert apa.fraction(value) == text


@pytest.mark.parametrize(
    ("p", "text"),
    [(0.0123, "= .012"), (0.0009, "< .001"), (0.001, "= .001"), (1.0, "= 1.000"), (0.0, "< .001")],
)
def test_p_value_is_never_shown_as_zero(p: float, text: str) -> None:
    assert apa.p_value(p) == text


@pytest.mark.parametrize(("df", "text"), [(36, "36"), (36.0, "36"), (7.149, "7.15")])
def test_degrees_of_freedom_are_whole_where_they_can_be(df: float, text: str) -> None:
    assert apa.degrees(df) == text


def test_interval_and_percent() -> None:
    assert apa.interval(-0.25, 1.66) == "[−0.25, 1.66]"
    assert [apa.percent(1, 3), apa.percent(0, 0)] == ["33.3%", "–"]
