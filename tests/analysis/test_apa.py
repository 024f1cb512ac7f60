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
    [
        (0.0123, "= .012"),
        (0.0009, "< .001"),
        (0.001, "= .001"),
        (0.0, "< .001"),
        (0.9994, "= .999"),
        (0.9996, "> .999"),
        (1.0, "> .999"),
    ],
)
def test_p_value_is_never_shown_as_zero_or_one(p: float, text: str) -> None:
    assert apa.p_value(p) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.3, "0.30"), (0.125, "0.125"), (2.0, "2.00"), (-1.5, "−1.50"), (1e-05, "0.00001")],
)
def test_declared_number_is_shown_to_its_last_digit(value: float, text: str) -> None:
    assert apa.declared(value) == text


@pytest.mark.parametrize(
    ("alpha", "text"), [(0.05, ".05"), (0.05 / 3, ".01667"), (0.001, ".001"), (5e-05, ".00005")]
)
def test_alpha_is_shown_with_four_digits_at_most(alpha: float, text: str) -> None:
    assert apa.level(alpha) == text


@pytest.mark.parametrize(
    ("p", "text"),
    [
        (0.0440007, ".0440"),
        (0.0003814, ".00038"),
        (0.0000012, ".0000012"),
        (9.96e-09, "1.0 × 10⁻⁸"),
        (3.1e-15, "3.1 × 10⁻¹⁵"),
        (0.0, ".0000"),
    ],
)
def test_nominal_level_has_two_digits_however_small_it_is(p: float, text: str) -> None:
    assert apa.nominal(p) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0"), (0.004, "< .01"), (0.006, ".01"), (0.8, ".80"), (0.996, "> .99"), (1.0, "> .99")],
)
def test_chance_is_never_rounded_to_never_or_always(value: float, text: str) -> None:
    assert apa.chance(value) == text


@pytest.mark.parametrize(("df", "text"), [(36, "36"), (36.0, "36"), (7.149, "7.15")])
def test_degrees_of_freedom_are_whole_where_they_can_be(df: float, text: str) -> None:
    assert apa.degrees(df) == text


def test_interval_and_percent() -> None:
    assert apa.interval(-0.25, 1.66) == "[−0.25, 1.66]"
    assert [apa.percent(1, 3), apa.percent(0, 0)] == ["33.3%", "–"]
