from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from analysis.statistics.sequential import Bound, bounds, obrien_fleming_spent
from tests.analysis.statistics.near import near


def test_bounds_of_a_single_look_are_the_fixed_test() -> None:
    assert bounds([1.0], 0.05) == (Bound(1.0, near(1.959963984540054), near(0.05), 0.05),)


def test_bounds_of_a_planned_look_do_not_depend_on_later_ones() -> None:
    assert bounds([0.4, 0.7, 1.0], 0.05)[:2] == bounds([0.4, 0.7], 0.05)


def test_bounds_spend_all_that_is_left_when_the_fieldwork_ends_early() -> None:
    early = bounds([0.4, 0.8], 0.05, final=True)
    planned = bounds([0.4, 0.8, 1.0], 0.05)
    assert early[0] == planned[0]
    assert early[1].alpha_spent == 0.05
    assert early[1].z < planned[1].z


def test_bounds_spend_all_that_is_left_when_the_fieldwork_overruns() -> None:
    late = bounds([0.4, 0.8, 1.1], 0.05, final=True)
    assert late[:2] == bounds([0.4, 0.8], 0.05)
    assert late[2].alpha_spent == 0.05


def test_bounds_of_an_early_end_at_the_first_look_are_the_fixed_test() -> None:
    assert bounds([0.3], 0.05, final=True)[0].nominal_p == near(0.05)


@pytest.mark.parametrize(
    ("fractions", "alpha", "message"),
    [
        ([], 0.05, "must be above 0 and grow"),
        ([0.0, 1.0], 0.05, "must be above 0 and grow"),
        ([0.5, 0.5], 0.05, "must be above 0 and grow"),
        ([0.5, 1.0, 1.2], 0.05, "No alpha is left to spend at information fraction 1.2"),
        ([0.001, 1.0], 0.05, "No alpha is left to spend at information fraction 0.001"),
        ([0.5, 1.0], 1.0, "alpha must lie between 0 and 1"),
    ],
)
def test_bounds_refuse_looks_that_cannot_be(
    fractions: list[float], alpha: float, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        bounds(fractions, alpha)


def test_bounds_of_looks_one_row_apart_stay_exact() -> None:
    # The grid must resolve a step of 1/1,000. The number is from a grid eight times as fine
    # (GRID_R = 512); a millionth of it is far below what a bound is read to.
    assert bounds([0.5, 0.501], 0.05)[1].z == near(3.007998258786716, rel=1e-6)


def spent_at_second(first: Bound, second: Bound, *, two_sided: bool) -> float:
    """The chance to cross at the second look and not at the first, by scipy's quadrature.

    Given z = x at the first look, the second is normal around x √t₁ on the scale of z √t; the
    interval is cut where that step ends, so that the quadrature sees a smooth function.
    """
    scale, step = first.fraction**0.5, (second.fraction - first.fraction) ** 0.5
    reach = second.z * second.fraction**0.5

    def crossing(x: float) -> float:
        tail = stats.norm.sf((reach - x * scale) / step)
        if two_sided:
            tail += stats.norm.sf((reach + x * scale) / step)
        return float(stats.norm.pdf(x) * tail)

    low = -first.z if two_sided else -12.0
    cuts = (np.arange(-12, 13) * step + reach) / scale
    inside = [x for x in [*cuts, *-cuts, *np.arange(-12.0, 12)] if low < x < first.z]
    ends = sorted({low, first.z, *inside})
    # No absolute tolerance: the chance itself may be 1e-9.
    pieces = (
        integrate.quad(crossing, a, b, epsabs=0, epsrel=1e-9)[0] if crossing(b) else 0.0
        for a, b in pairwise(ends)
    )
    return sum(pieces)


@pytest.mark.filterwarnings("ignore::scipy.integrate.IntegrationWarning")
@pytest.mark.parametrize("two_sided", [True, False])
@pytest.mark.parametrize("final", [True, False])
@pytest.mark.parametrize("first", [0.3, 0.5, 0.9])
@pytest.mark.parametrize("step", [1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 0.005, 0.02, 0.05])
def test_bounds_of_looks_close_together_spend_alpha_by_quadrature(
    step: float, first: float, final: bool, two_sided: bool
) -> None:
    one, two = bounds([first, first + step], 0.05, two_sided=two_sided, final=final)
    sides = two.alpha_spent - one.alpha_spent
    # A bound is read to four digits; the step between close looks is integrated to 1e-7.
    assert spent_at_second(one, two, two_sided=two_sided) == pytest.approx(sides, rel=1e-6)


def test_bounds_after_looks_close_together_are_those_without_the_second() -> None:
    # The second look spends 3e-9 of alpha: what it takes from the last is as small.
    apart, close = bounds([0.5, 1.0], 0.05), bounds([0.5, 0.5000001, 1.0], 0.05)
    assert close[0] == apart[0]
    assert close[2].nominal_p == pytest.approx(apart[1].nominal_p, abs=1e-8)


def test_bounds_of_several_looks_close_together_stay_exact() -> None:
    # By the same recursion on 6,003 equally spaced points, which resolve these steps; twice as
    # many agree with half of them to 1e-9.
    expected = [2.9625880427, 3.0079982588, 3.0237468360, 1.9688311816]
    found = [bound.z for bound in bounds([0.5, 0.501, 0.502, 1.0], 0.05)]
    assert found == pytest.approx(expected, rel=1e-8)


def test_bound_of_closing_one_participant_later_is_that_of_one_test() -> None:
    # 500,001 of 1,000,000 after a look at 500,000: who crossed there crosses here. 1.959964 is
    # the fixed test's, from any normal table.
    assert bounds([0.5, 0.500001], 0.05, final=True)[1].z == pytest.approx(1.959964, abs=1e-6)


@settings(deadline=None)  # a busy machine makes the first call slow
@given(alpha=st.floats(0.001, 0.2), cut=st.floats(0.2, 0.9), two_sided=st.booleans())
def test_bounds_of_two_looks_spend_alpha_under_the_bivariate_normal(
    alpha: float, cut: float, two_sided: bool
) -> None:
    first, second = bounds([cut, 1.0], alpha, two_sided=two_sided)
    correlated = stats.multivariate_normal([0, 0], [[1, cut**0.5], [cut**0.5, 1]])
    upper = np.array([first.z, second.z])
    lower = -upper if two_sided else np.array([-np.inf, -np.inf])
    # scipy integrates two dimensions by Genz's method to about 1e-8.
    inside = correlated.cdf(upper, lower_limit=lower)
    assert 1 - inside == pytest.approx(alpha, abs=1e-6)


@settings(deadline=None)  # a busy machine makes the first call slow
@given(
    steps=st.lists(st.floats(0.05, 1), min_size=1, max_size=4),
    alpha=st.floats(0.001, 0.2),
)
def test_bounds_fall_and_alpha_grows(steps: list[float], alpha: float) -> None:
    fractions = (0.1 + 0.9 * np.cumsum(steps) / sum(steps)).tolist()
    fractions[-1] = 1.0
    found = bounds(fractions, alpha)
    spent = [bound.alpha_spent for bound in found]
    assert spent == sorted(spent)
    assert spent[-1] == alpha
    # The integral of what went on has some nine digits.
    assert all(bound.nominal_p <= bound.alpha_spent * (1 + 1e-7) for bound in found)
    assert found[-1].z >= stats.norm.isf(alpha / 2) - 1e-9


def test_spending_grows_from_nothing_to_alpha() -> None:
    spent = [obrien_fleming_spent(t, 0.05) for t in (0.01, 0.3, 0.6, 1.0, 1.3)]
    assert spent == sorted(spent)
    assert spent[0] < 1e-100
    assert spent[-2:] == [0.05, 0.05]
