from itertools import permutations

import numpy as np
import pytest
from scipy import stats
from statsmodels.multivariate.manova import MANOVA

from analysis.statistics.balance import Categories
from analysis.statistics.estimate import Floats, NotEstimable, Reason
from analysis.statistics.omnibus import (
    OmnibusBalance,
    PermutedBalance,
    balance_columns,
    omnibus_balance,
    permuted_balance,
)
from tests.analysis.statistics.near import near
from tests.reference.comparison import six_arms
from tests.reference.integrity import integrity_r

R = integrity_r()["omnibus"]
ROWS = 90


def drawn(seed: int = 1) -> tuple[np.ndarray, Floats, np.ndarray]:
    """Arms, covariates and strata: three arms of unequal size, three strata."""
    rng = np.random.default_rng(seed)
    arm = rng.choice(list("abc"), ROWS, p=[0.5, 0.3, 0.2])
    strata = rng.choice(list("uvw"), ROWS)
    x = rng.normal(size=(ROWS, 3)) + (strata == "u")[:, None]
    return arm, x, strata


def omnibus(found: OmnibusBalance | NotEstimable) -> OmnibusBalance:
    assert isinstance(found, OmnibusBalance)
    return found


def permuted(found: PermutedBalance | NotEstimable) -> PermutedBalance:
    assert isinstance(found, PermutedBalance)
    return found


def expected(numbers: dict[str, float], n: int) -> OmnibusBalance:
    return OmnibusBalance(
        near(numbers["statistic"]), int(numbers["df"]), near(numbers["p"]), n, alone=0
    )


def test_omnibus_of_six_arms_is_pillais_trace_in_r() -> None:
    data = six_arms()
    x = balance_columns({name: data[name] for name in ("psm", "education", "income")})
    assert omnibus_balance(data["arm"], x) == expected(R["pillai"], 150)


def test_omnibus_of_two_arms_in_strata_is_the_score_test_in_r() -> None:
    data = six_arms()
    two = np.isin(data["arm"], ["none.low", "none.high"])
    x = np.column_stack([data["psm"], data["income"]])[two]
    strata = data["education"][two].astype(str)
    assert omnibus_balance(data["arm"][two], x, strata=strata) == expected(R["score"], 55)


def test_omnibus_of_categories_in_strata_is_cochran_mantel_haenszel_in_r() -> None:
    data = six_arms()
    income = Categories([f"{x:g}" for x in data["income"]], list("1234567"))
    x = balance_columns(categorical={"income": income})
    strata = data["education"].astype(str)
    assert omnibus_balance(data["arm"], x, strata=strata) == expected(R["cmh"], 150)


def test_omnibus_without_strata_agrees_with_statsmodels() -> None:
    arm, x, _ = drawn()
    indicators = np.column_stack([np.ones(ROWS), arm == "b", arm == "c"]).astype(float)
    table = MANOVA(x, indicators).mv_test([("arm", np.eye(3)[1:])])["arm"]["stat"]
    statistic = (ROWS - 1) * float(table.loc["Pillai's trace", "Value"])
    p = float(stats.chi2.sf(statistic, 6))
    assert omnibus_balance(arm, x) == OmnibusBalance(near(statistic), 6, near(p), ROWS, 0)


def test_omnibus_in_strata_agrees_with_its_definition_in_loops() -> None:
    arm, x, strata = drawn(2)
    sums, covariance = np.zeros(6), np.zeros((6, 6))
    for stratum in "uvw":
        rows = [i for i in range(ROWS) if strata[i] == stratum]
        n, centred = len(rows), x[rows] - x[rows].mean(axis=0)
        spread = centred.T @ centred / (n - 1)
        share = {a: sum(arm[i] == a for i in rows) / n for a in "bc"}
        for k, a in enumerate("bc"):
            sums[3 * k : 3 * k + 3] += sum(x[i] * ((arm[i] == a) - share[a]) for i in rows)
            for m, b in enumerate("bc"):
                part = n * share[a] * ((a == b) - share[b]) * spread
                covariance[3 * k : 3 * k + 3, 3 * m : 3 * m + 3] += part
    statistic = float(sums @ np.linalg.solve(covariance, sums))
    p = float(stats.chi2.sf(statistic, 6))
    found = omnibus_balance(arm, x, strata=strata)
    assert found == OmnibusBalance(near(statistic), 6, near(p), ROWS, 0)


def test_omnibus_has_mean_df_over_all_assignments_that_the_strata_allow() -> None:
    rng = np.random.default_rng(3)
    x, strata = rng.normal(size=(9, 2)), list("uuuuuvvvv")
    assignments = [
        list(u + v) for u in set(permutations("aabbc")) for v in set(permutations("aabc"))
    ]
    found = [omnibus(omnibus_balance(a, x, strata=strata)) for a in assignments]
    assert len(found) == 30 * 12
    assert {test.df for test in found} == {4}
    assert np.mean([test.statistic for test in found]) == near(4)


def test_permuted_p_comes_near_that_of_all_assignments() -> None:
    rng = np.random.default_rng(4)
    x, strata, arm = rng.normal(size=(9, 2)), list("uuuuuvvvv"), list("aabbcaabc")
    every = [
        omnibus(omnibus_balance(list(u + v), x, strata=strata)).statistic
        for u in set(permutations("aabbc"))
        for v in set(permutations("aabc"))
    ]
    statistic = omnibus(omnibus_balance(arm, x, strata=strata)).statistic
    p = float(np.mean(np.array(every) >= statistic * (1 - 1e-9)))
    found = permuted_balance(arm, x, strata=strata, draws=4000, seed=1)
    # Four standard errors of a share of 4,000 draws.
    near_p = near(p, rel=4 * ((1 - p) / p / 4000) ** 0.5)
    assert found == PermutedBalance(near(statistic), near_p, draws=4000, n=9, alone=0)


def test_permuted_p_is_the_same_for_the_same_seed() -> None:
    arm, x, strata = drawn()
    first, again, other = (
        permuted_balance(arm, x, strata=strata, draws=199, seed=seed) for seed in (5, 5, 6)
    )
    assert first == again != other


def test_omnibus_keeps_its_level_under_randomisation_in_blocks() -> None:
    rng = np.random.default_rng(20261206)
    blocks = np.repeat(np.arange(60), 6).astype(str)
    ps = []
    for _ in range(400):
        arm = np.concatenate([rng.permutation(list("aabbcc")) for _ in range(60)])
        x = rng.gamma(1.0, size=(360, 4)) + np.linspace(0, 5, 360)[:, None]  # a trend in time
        ps.append(omnibus(omnibus_balance(arm, x, strata=blocks)).p)
    # 400 draws of a share of 0.05 and of 0.5, three standard errors.
    assert np.mean(np.array(ps) <= 0.05) == pytest.approx(0.05, abs=0.033)
    assert np.mean(np.array(ps) <= 0.5) == pytest.approx(0.5, abs=0.075)


def test_omnibus_finds_an_arm_that_differs() -> None:
    arm, x, strata = drawn()
    moved = x + 1.5 * (arm == "c")[:, None]
    found = omnibus(omnibus_balance(arm, moved, strata=strata))
    assert 0 < found.p < 1e-4
    assert permuted(permuted_balance(arm, moved, draws=199, seed=1)).p == 1 / 200


def test_omnibus_depends_on_what_the_columns_span_and_on_no_more() -> None:
    arm, x, strata = drawn()
    turned = x @ np.array([[2.0, 1, 0], [0, 1e3, 1], [1e-3, 0, 1]]) + 1e4
    repeated = np.column_stack([x, x.sum(axis=1), np.ones(ROWS), strata == "u"])
    plain = omnibus(omnibus_balance(arm, x, strata=strata))
    for same in (turned, repeated):
        found = omnibus(omnibus_balance(arm, same, strata=strata))
        # A shift of 1e4 spreads, squared by nobody, costs that many epsilons.
        close = (near(plain.statistic), 6, near(plain.p))
        assert (found.statistic, found.df, found.p) == close


def test_omnibus_leaves_strata_of_one_arm_out_and_counts_their_rows() -> None:
    arm, x, strata = drawn()
    plain = omnibus(omnibus_balance(arm, x, strata=strata))
    found = omnibus_balance(
        np.append(arm, ["a", "a", "d"]),
        np.vstack([x, [[1.0, 2, 3], [9, 9, 9], [4, 4, 4]]]),
        strata=np.append(strata, ["lone", "lone", "single"]),
    )
    assert found == OmnibusBalance(near(plain.statistic), 6, near(plain.p), ROWS, alone=3)


def test_omnibus_of_a_covariate_that_some_arms_never_vary_on_counts_its_rank() -> None:
    # In stratum u only a and b are drawn, in v only a and c; x varies in u only.
    arm = list("ababacac")
    x = np.array([[1.0], [2], [4], [3], [7], [7], [7], [7]])
    found = omnibus(omnibus_balance(arm, x, strata=list("uuuuvvvv")))
    assert (found.df, found.n) == (1, 8)


@pytest.mark.parametrize(
    ("arm", "x", "strata", "expected_"),
    [
        ([], np.empty((0, 1)), None, NotEstimable(Reason.NO_ROWS, "There are no rows.")),
        (
            list("aa"),
            np.array([[1.0], [2]]),
            None,
            NotEstimable(Reason.TOO_FEW_ARMS, "No stratum has two arms."),
        ),
        (
            list("aabb"),
            np.array([[1.0], [2], [3], [4]]),
            list("uuvv"),
            NotEstimable(Reason.TOO_FEW_ARMS, "No stratum has two arms."),
        ),
        (
            list("abab"),
            np.array([[0.1], [0.1], [0.3], [0.3]]),
            list("uuvv"),
            NotEstimable(Reason.NO_VARIANCE, "No covariate varies within strata."),
        ),
        (
            list("ab"),
            np.empty((2, 0)),
            None,
            NotEstimable(Reason.NO_VARIANCE, "No covariate varies within strata."),
        ),
    ],
)
def test_omnibus_says_why_there_is_no_test(
    arm: list[str], x: Floats, strata: list[str] | None, expected_: NotEstimable
) -> None:
    assert omnibus_balance(arm, x, strata=strata) == expected_
    assert permuted_balance(arm, x, strata=strata, draws=9, seed=1) == expected_


def test_omnibus_refuses_gaps_and_rows_that_do_not_match() -> None:
    with pytest.raises(ValueError, match="balance_columns fills them"):
        omnibus_balance(["a", "b"], np.array([[1.0], [np.nan]]))
    with pytest.raises(ValueError, match="Each row needs"):
        omnibus_balance(["a", "b"], np.array([[1.0]]))


def test_balance_columns_fill_gaps_and_say_where_they_were() -> None:
    found = balance_columns(
        {"age": np.array([20.0, np.nan, 40, 60])},
        {"sex": Categories(["x", "y", None, "x"], ["x", "y"])},
    )
    assert found.T.tolist() == [
        [20, 40, 40, 60],
        [0, 1, 0, 0],
        [1, 0, 0, 1],
        [0, 1, 0, 0],
        [0, 0, 1, 0],
    ]


def test_balance_columns_of_a_covariate_nobody_has_never_vary() -> None:
    found = balance_columns({"age": np.full(3, np.nan)})
    assert found.tolist() == [[1], [1], [1]]


def test_balance_columns_without_covariates_are_an_error() -> None:
    with pytest.raises(ValueError, match="No covariate"):
        balance_columns()
