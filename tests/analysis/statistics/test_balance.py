from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.statistics.balance import (
    ArmMean,
    ArmShares,
    BalanceTable,
    CategoricalBalance,
    Categories,
    LevelShare,
    NumericBalance,
    balance_table,
)
from analysis.statistics.estimate import NotEstimable, Reason
from tests.analysis.statistics.near import near
from tests.reference.comparison import six_arms
from tests.reference.integrity import integrity_r

NAN, AB = np.nan, ["a", "b"]
R = integrity_r()
GROUPS = st.tuples(*[st.lists(st.integers(0, 20), min_size=3, max_size=3).filter(any)] * 2)


def one(table: BalanceTable) -> Any:
    """The only row of a table."""
    (row,) = table.rows
    return row


def of_counts(a: list[int], b: list[int], levels: str = "xyz") -> CategoricalBalance:
    """The row of a covariate with so many of each level in arm a and in arm b."""
    values = [
        level
        for counts in (a, b)
        for level, n in zip(levels, counts, strict=True)
        for _ in range(n)
    ]
    arm = ["a"] * sum(a) + ["b"] * sum(b)
    row = one(balance_table(arm, AB, categorical={"c": Categories(values, list(levels))}))
    assert isinstance(row, CategoricalBalance)
    return row


def test_balance_table_of_a_numeric_and_a_categorical_covariate() -> None:
    # By hand. Ages 1, 2, 3 and 3, 5, 7: variances 1 and 4. Shares ¾, ¼ and ¼, ¾ of x and y.
    found = balance_table(
        list("aaaabbbb"),
        AB,
        numeric={"age": np.array([1.0, 2, 3, NAN, 3, 5, 7, NAN])},
        categorical={"sex": Categories(list("xxxyxyyy"), ["x", "y"])},
    )
    age, sex = 3 / 2.5**0.5, 0.5 / (3 / 16) ** 0.5
    assert found == BalanceTable(
        reference="a",
        rows=(
            NumericBalance(
                "age",
                (
                    ArmMean("a", 3, 1, near(2), near(1), None),
                    ArmMean("b", 3, 1, near(5), near(2), near(age)),
                ),
            ),
            CategoricalBalance(
                "sex",
                (
                    ArmShares(
                        "a",
                        4,
                        0,
                        (LevelShare("x", 3, 0.75, None), LevelShare("y", 1, 0.25, None)),
                        None,
                    ),
                    ArmShares(
                        "b",
                        4,
                        0,
                        (
                            LevelShare("x", 1, 0.25, near(-sex)),
                            LevelShare("y", 3, 0.75, near(sex)),
                        ),
                        near(sex),
                    ),
                ),
            ),
        ),
    )


def test_standardised_differences_of_six_arms_agree_with_r() -> None:
    data = six_arms()
    numeric = {"psm": data["psm"], "income": data["income"]}
    found = balance_table(data["arm"], R["arms"], numeric=numeric)
    for row in found.rows:
        assert isinstance(row, NumericBalance)
        theirs = [near(arm[row.covariate]) for arm in R["against_first"]]
        assert [arm.difference for arm in row.arms] == [None, *theirs]


def test_differences_agree_with_those_that_the_package_smd_prints() -> None:
    vignette = R["vignette"]
    found = balance_table(
        vignette["arm"],
        ["A", "B"],
        numeric={"xn": np.array(vignette["xn"])},
        categorical={"xc": Categories(vignette["xc"], list("abc"))},
    )
    # smd prints seven digits, and the first group less the second.
    numeric, categorical = (row.arms[1].difference for row in found.rows)
    assert numeric == pytest.approx(-vignette["printed"]["xn"], abs=5e-9)
    assert categorical == pytest.approx(vignette["printed"]["xc"], abs=5e-8)
    # And the formula in R, to its 15 digits.
    assert numeric == near(vignette["xn_difference"])
    assert categorical == near(vignette["xc_difference"])


@given(GROUPS)
def test_multivariate_difference_is_that_of_all_levels_but_one(
    groups: tuple[list[int], list[int]],
) -> None:
    a, b = groups
    found = of_counts(a, b).arms[1].difference
    kept = [i for i in range(3) if a[i] + b[i]][:-1]
    p, q = (np.array(x)[kept] / sum(x) for x in (a, b))
    covariance = (np.diag(p + q) - np.outer(p, p) - np.outer(q, q)) / 2
    if kept and np.linalg.matrix_rank(covariance, tol=1e-9) == len(kept):
        # From the inverse of a 2 × 2 matrix whose smallest eigenvalue is 1 / 400 or more.
        expected = np.sqrt((p - q) @ np.linalg.inv(covariance) @ (p - q))
        assert found == pytest.approx(expected, rel=1e-9, abs=1e-7)
    else:
        assert isinstance(found, NotEstimable)
        assert found.reason is Reason.NO_VARIANCE


@given(GROUPS)
def test_multivariate_difference_has_no_direction(groups: tuple[list[int], list[int]]) -> None:
    a, b = groups
    there, back = of_counts(a, b).arms[1].difference, of_counts(b, a).arms[1].difference
    if isinstance(there, NotEstimable):
        assert back == there
    else:
        assert back == pytest.approx(there, abs=1e-7)


@given(st.integers(1, 9), st.integers(1, 9))
def test_multivariate_difference_of_two_levels_is_that_of_either(a: int, b: int) -> None:
    arm = of_counts([a, 10 - a], [b, 10 - b], "xy").arms[1]
    x, y = (level.difference for level in arm.levels)
    assert isinstance(x, float)
    assert (y, arm.difference) == (near(-x), near(abs(x)))


@given(
    values=st.lists(st.integers(0, 50), min_size=6, max_size=30),
    scale=st.sampled_from([0.01, 3.0, 1e4]),
    shift=st.sampled_from([0.0, -5.0, 1e3]),
)
def test_standardised_difference_has_no_unit_and_changes_sign_with_the_reference(
    values: list[int], scale: float, shift: float
) -> None:
    x, arm = np.array(values, dtype=float), ["a", "b"] * 15
    given_ = {"x": x, "moved": shift + scale * x}
    plain, moved = balance_table(arm[: len(x)], AB, numeric=given_).rows
    turned = balance_table(arm[: len(x)], AB, numeric=given_, reference="b").rows[0]
    difference = plain.arms[1].difference
    if isinstance(difference, float):
        # Shifts of up to 1e5 spreads cost that many epsilons.
        assert moved.arms[1].difference == pytest.approx(difference, rel=1e-8, abs=1e-9)
        assert turned.arms[0].difference == near(-difference)
        assert turned.arms[1].difference is None
    else:
        assert isinstance(difference, NotEstimable)


def test_numeric_covariate_that_is_constant_or_rare_says_so() -> None:
    found = balance_table(
        list("aabbcd"),
        ["a", "b", "c", "d", "e"],
        numeric={"same": np.array([0.1, 0.1, 0.1, 0.1, 0.3, NAN])},
    )
    lonely = NotEstimable(Reason.TOO_FEW_ROWS, "same: 1 rows in arm c have no spread.")
    nobody = [NotEstimable(Reason.NO_ROWS, f"Nobody in arm {arm} has same.") for arm in "de"]
    flat = NotEstimable(Reason.NO_VARIANCE, "same does not vary within arms b and a.")
    assert one(found).arms == (
        ArmMean("a", 2, 0, 0.1, 0.0, None),
        ArmMean("b", 2, 0, 0.1, 0.0, flat),
        ArmMean("c", 1, 0, 0.3, lonely, lonely),
        ArmMean("d", 0, 1, nobody[0], nobody[0], nobody[0]),
        ArmMean("e", 0, 0, nobody[1], nobody[1], nobody[1]),
    )


def test_difference_from_an_arm_of_one_row_has_that_arms_reason() -> None:
    found = balance_table(list("abb"), AB, numeric={"x": np.array([1.0, 2, 3])})
    assert one(found).arms[1].difference == NotEstimable(
        Reason.TOO_FEW_ROWS, "x: 1 rows in arm a have no spread."
    )


def test_categorical_covariate_that_parts_the_arms_has_no_finite_difference() -> None:
    # All of a have x, none of b: along x the arms share no variation.
    flat = NotEstimable(Reason.NO_VARIANCE, "c does not vary within arms b and a.")
    parted = of_counts([5, 0, 0], [0, 2, 3]).arms[1]
    assert parted.difference == flat
    assert parted.levels[0].difference == NotEstimable(
        Reason.NO_VARIANCE, "x of c does not vary within arms b and a."
    )
    assert of_counts([5, 0, 0], [4, 0, 0]).arms[1].difference == flat


def test_categorical_covariate_nobody_answered_in_an_arm_says_so() -> None:
    found = one(
        balance_table(["a", "b"], AB, categorical={"c": Categories(["x", None], ["x", "y"])})
    )
    nobody = NotEstimable(Reason.NO_ROWS, "Nobody in arm b has c.")
    level = NotEstimable(Reason.NO_ROWS, "Nobody in arm b has x of c.")
    arm = found.arms[1]
    assert (arm.n, arm.missing, arm.difference) == (0, 1, nobody)
    assert arm.levels[0] == LevelShare("x", 0, nobody, level)


def test_balance_table_refuses_unknown_arms_levels_and_references() -> None:
    with pytest.raises(ValueError, match="unknown arms: z"):
        balance_table(["a", "z"], AB)
    with pytest.raises(ValueError, match="reference z"):
        balance_table(["a", "b"], AB, reference="z")
    with pytest.raises(ValueError, match="c has unknown levels: q"):
        balance_table(["a"], AB, categorical={"c": Categories(["q"], ["x"])})
