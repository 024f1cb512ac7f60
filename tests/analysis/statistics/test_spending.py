import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.statistics.spending import OBRIEN_FLEMING, POCOCK, Family, Spending
from tests.analysis.statistics.near import near


def hwang_shih_decani(gamma: float) -> Spending:
    return Spending(Family.HWANG_SHIH_DECANI, gamma)


SPENDING = st.one_of(
    st.sampled_from([OBRIEN_FLEMING, POCOCK]),
    st.floats(-900, 900).map(hwang_shih_decani),
    st.floats(0.1, 10).map(lambda rho: Spending(Family.POWER, rho)),
)


@given(
    spending=SPENDING,
    error=st.floats(0.001, 0.5),
    fractions=st.lists(st.floats(0.001, 1.2), min_size=2, max_size=5).map(sorted),
    two_sided=st.booleans(),
)
def test_spending_never_falls_and_ends_at_all(
    spending: Spending, error: float, fractions: list[float], two_sided: bool
) -> None:
    spent = [spending.spent(t, error, two_sided=two_sided) for t in [*fractions, 1.0, 1.3]]
    assert spent[:-2] == pytest.approx(sorted(spent[:-2]), abs=1e-15)
    assert spent[-2:] == [error, error]
    assert all(0 <= one <= error * (1 + 1e-12) for one in spent)


def test_spending_by_hand() -> None:
    # e − 1 = 1.718281828; (1 − e²) / (1 − e⁴) = 1 / (1 + e²).
    assert POCOCK.spent(0.5, 0.05) == near(0.05 * math.log(1 + 1.718281828459045 / 2))
    assert hwang_shih_decani(-4).spent(0.5, 0.05) == near(0.05 / (1 + math.e**2))
    assert hwang_shih_decani(4).spent(0.5, 0.05) == near(0.05 * math.e**2 / (1 + math.e**2))
    assert hwang_shih_decani(0).spent(0.3, 0.05) == near(0.015)
    assert Spending(Family.POWER, 3).spent(0.5, 0.08) == near(0.01)


def test_spending_of_two_sides_is_half_on_each() -> None:
    assert POCOCK.spent(0.4, 0.05, two_sided=True) == near(POCOCK.spent(0.4, 0.05))
    each = OBRIEN_FLEMING.spent(0.4, 0.025)
    assert OBRIEN_FLEMING.spent(0.4, 0.05, two_sided=True) == near(2 * each)


def test_spending_before_the_start_is_nothing() -> None:
    assert [one.spent(0.0, 0.05) for one in (OBRIEN_FLEMING, hwang_shih_decani(-4))] == [0, 0]


@pytest.mark.parametrize(
    ("family", "parameter", "message"),
    [
        (Family.POCOCK, 1.0, "pocock has no parameter"),
        (Family.HWANG_SHIH_DECANI, None, "needs a number"),
        (Family.HWANG_SHIH_DECANI, math.inf, "needs a number"),
        (Family.POWER, 0.0, "must be above 0, not 0"),
    ],
)
def test_spending_refuses_a_parameter_that_is_none(
    family: Family, parameter: float | None, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        Spending(family, parameter)
