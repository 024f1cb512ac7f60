import numpy as np
import pytest
from scipy import integrate, stats

from analysis.statistics.dunnett import dunnett, dunnett_critical
from analysis.statistics.estimate import NotEstimable, Reason
from analysis.statistics.multiplicity import Adjusted
from tests.analysis.statistics.near import near


@pytest.mark.parametrize("df", [1, 7, 1291, np.inf])
@pytest.mark.parametrize("two_sided", [True, False])
def test_dunnett_of_one_arm_is_students_test(df: float, two_sided: bool) -> None:
    t, sides = 4.0, 1 + two_sided
    expected = float(sides * stats.t.sf(t, df))
    found = dunnett([t], 30, [2000], df=df, two_sided=two_sided)
    assert found == Adjusted((near(expected),), (expected <= 0.05,), 0.05)
    critical = dunnett_critical(30, [2000], df=df, two_sided=two_sided)
    assert critical == near(float(stats.t.isf(0.05 / sides, df)))


def test_dunnett_keeps_the_digits_of_a_tiny_p() -> None:
    found = dunnett([12.0], 50, [50], df=100)
    assert isinstance(found, Adjusted)
    assert found.p == (near(float(2 * stats.t.sf(12, 100))),)


def test_dunnett_agrees_with_quadrature_over_the_shared_control() -> None:
    shares = np.sqrt(np.array([20 / 60, 80 / 120]))
    own = np.sqrt(1 - shares**2)

    def inside(z: float) -> float:
        within = stats.norm.cdf((2.5 + shares * z) / own) - stats.norm.cdf(
            (-2.5 + shares * z) / own
        )
        return float(stats.norm.pdf(z) * within.prod())

    expected = 1 - integrate.quad(inside, -10, 10, epsabs=1e-13)[0]
    found = dunnett([2.5, -2.5], 40, [20, 80])
    assert found == Adjusted((near(expected),) * 2, (True, True), 0.05)


@pytest.mark.parametrize("df", [5, np.inf])
def test_critical_value_has_an_adjusted_p_of_alpha(df: float) -> None:
    critical = dunnett_critical(30, [10, 90, 30], df=df, alpha=0.01)
    assert isinstance(critical, float)
    found = dunnett([critical, -1.0, 0.0], 30, [10, 90, 30], df=df)
    assert isinstance(found, Adjusted)
    assert found.p[0] == near(0.01)


def test_arm_without_a_statistic_keeps_its_reason_and_counts_in_the_family() -> None:
    none = NotEstimable(Reason.NO_VARIANCE, "All alike.")
    whole, part = dunnett([2.3, 1.0], 40, [40, 40]), dunnett([2.3, none], 40, [40, 40])
    assert isinstance(whole, Adjusted)
    assert part == Adjusted((whole.p[0], none), (True, False), 0.05)


@pytest.mark.parametrize(
    ("control", "treated", "df", "expected"),
    [
        (0, [4], 3, NotEstimable(Reason.NO_ROWS, "An arm has no rows.")),
        (4, [4, 0], 3, NotEstimable(Reason.NO_ROWS, "An arm has no rows.")),
        (
            1,
            [1],
            0,
            NotEstimable(Reason.TOO_FEW_ROWS, "No degree of freedom is left for the variance."),
        ),
    ],
)
def test_dunnett_says_why_there_is_no_test(
    control: int, treated: list[int], df: float, expected: NotEstimable
) -> None:
    assert dunnett([1.0] * len(treated), control, treated, df=df) == expected
    assert dunnett_critical(control, treated, df=df) == expected
