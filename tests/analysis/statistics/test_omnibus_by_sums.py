"""The omnibus test from sums: the same as from the rows themselves."""

import numpy as np

from analysis.statistics.counts import Ints
from analysis.statistics.estimate import Floats, NotEstimable, Reason
from analysis.statistics.omnibus import OmnibusBalance, balance_columns, omnibus_balance
from analysis.statistics.omnibus_by_sums import omnibus_by_sums
from tests.analysis.statistics.near import near

NAN = np.nan


def drawn(n: int) -> tuple[list[Floats], Ints, Ints]:
    rng = np.random.default_rng(8)
    age = 1950.0 + rng.integers(0, 60, n)
    age[::11] = NAN
    items = rng.integers(1, 6, n).astype(float)
    columns = [age, items, 6 - items, np.full(n, 3.3), np.full(n, NAN), rng.normal(size=n)]
    return columns, rng.integers(0, 4, n), rng.integers(0, 3, n)


def test_omnibus_by_sums_is_that_of_the_rows() -> None:
    columns, arm, stratum = drawn(40_000)
    # One stratum of a single arm, and an arm that nobody has.
    stratum[arm == 2], stratum[:50] = 1, 3
    arm[:50] = 0
    columns.append(stratum / 3)
    x = balance_columns({f"{at}": column for at, column in enumerate(columns)})
    expected = omnibus_balance(arm.astype(str), x, strata=stratum.astype(str))
    assert isinstance(expected, OmnibusBalance)
    found = omnibus_by_sums(columns, arm, stratum, arms=5, strata=6)
    assert found == OmnibusBalance(
        *(near(expected.statistic, rel=1e-10), expected.df, near(expected.p, rel=1e-10)),
        *(expected.n, expected.alone),
    )


def test_omnibus_by_sums_says_why_there_is_none() -> None:
    columns, arm, stratum = drawn(600)
    assert omnibus_by_sums(columns, arm * 0, stratum, arms=4, strata=3) == NotEstimable(
        Reason.TOO_FEW_ARMS, "No stratum has two arms."
    )
    assert omnibus_by_sums(columns[3:5], arm, stratum, arms=4, strata=3) == NotEstimable(
        Reason.NO_VARIANCE, "No covariate varies within strata."
    )


def test_omnibus_by_sums_leaves_to_others_what_sums_cannot_tell() -> None:
    columns, arm, stratum = drawn(600)
    close = columns[1] + 1e-6 * columns[5]
    assert omnibus_by_sums([columns[1], close], arm, stratum, arms=4, strata=3) is None
