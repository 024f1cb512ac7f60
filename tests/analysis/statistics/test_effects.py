import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analysis.statistics.effects import CellMean, CellMeans, cell_means, contrast, joint_test
from analysis.statistics.estimate import Estimate, Floats, JointTest, NotEstimable, Reason
from tests.analysis.statistics.near import ROUNDING, near

CELLS = ("a", "b", "c")
DIFFERENCE = (-1.0, 1.0, 0.0)


def drawn(seed: int, n: int = 40) -> tuple[Floats, list[str], Floats]:
    rng = np.random.default_rng(seed)
    cell = [CELLS[i] for i in rng.permutation(np.arange(n) % 3)]
    z = rng.normal(size=(n, 2))
    return rng.normal(size=n) + z[:, 0], cell, z


def estimated(found: Estimate | NotEstimable) -> Estimate:
    assert isinstance(found, Estimate)
    return found


def joint(found: JointTest | NotEstimable) -> JointTest:
    assert isinstance(found, JointTest)
    return found


def test_cell_means_gives_mean_error_and_interval_per_cell() -> None:
    # Worked by hand: variances 1 and 4, three rows each, t(4).975 = 2.7764451051977987.
    found = cell_means([1, 2, 3, 5, 7, 9, np.nan], list("aaabbba"), ["a", "b"])
    t, se_a, se_b = 2.7764451051977987, 3**-0.5, 2 * 3**-0.5
    assert found == CellMeans(
        cells=("a", "b"),
        counts=(3, 3),
        means=(
            CellMean("a", 3, near(2), near(se_a), near(2 - t * se_a), near(2 + t * se_a)),
            CellMean("b", 3, near(7), near(se_b), near(7 - t * se_b), near(7 + t * se_b)),
        ),
        missing=1,
        df=4,
        covariates=0,
        level=0.95,
    )


def test_contrast_of_two_balanced_cells_is_the_t_test() -> None:
    a, b = [1.0, 2, 4, 7, 7.5], [2.0, 6, 6.5, 9, 12]
    t = stats.ttest_ind(b, a)  # equal sizes: the same statistic and, with n − k df, the same p
    interval = t.confidence_interval()
    found = contrast(cell_means(a + b, ["a"] * 5 + ["b"] * 5, ["a", "b"]), [-1, 1])
    assert found == Estimate(
        estimate=near(2.8),
        se=near(2.8 / t.statistic),
        statistic=near(t.statistic),
        df=8,
        p=near(t.pvalue),
        low=near(interval.low),
        high=near(interval.high),
        n=10,
        level=0.95,
    )


def test_contrast_keeps_the_digits_of_a_tiny_alpha() -> None:
    y, cell, _ = drawn(1)
    found = estimated(contrast(cell_means(y, cell, CELLS), DIFFERENCE, alpha=1e-12))
    margin = stats.t.isf(5e-13, found.df) * found.se
    assert found.high - found.estimate == near(margin)


def test_contrast_of_a_huge_difference_has_a_tiny_p_and_not_zero() -> None:
    y = np.concatenate([np.arange(20.0), 500 + np.arange(20.0)])
    found = estimated(contrast(cell_means(y, ["a"] * 20 + ["b"] * 20, ["a", "b"]), [-1, 1]))
    assert 0 < found.p < 1e-40


def test_contrast_ignores_an_empty_cell_without_weight() -> None:
    means = cell_means([1, 2, 4, 7], list("aabb"), CELLS)
    assert means.means[2] == NotEstimable(Reason.NO_ROWS, "Cell c has no rows.")
    assert estimated(contrast(means, DIFFERENCE)).estimate == near(4)


@pytest.mark.parametrize(
    ("y", "cell", "reason"),
    [
        ([1, 2, 4, 7], "aacc", Reason.NO_ROWS),
        ([1, 2, 4, 7, 8], "aabcc", Reason.TOO_FEW_ROWS),
        ([1, 1, 4, 4, 8, 9], "aabbcc", Reason.NO_VARIANCE),
    ],
)
def test_contrast_says_why_there_is_none(y: list[float], cell: str, reason: Reason) -> None:
    means = cell_means(y, list(cell), CELLS)
    for found in (contrast(means, DIFFERENCE), joint_test(means, [DIFFERENCE])):
        assert isinstance(found, NotEstimable)
        assert found.reason is reason


def test_contrast_of_no_rows_at_all_says_so() -> None:
    found = contrast(cell_means([], [], CELLS, covariates=np.empty((0, 2))), DIFFERENCE)
    assert found == NotEstimable(Reason.NO_ROWS, "Cell a has no rows.")


def test_adjusted_contrast_needs_rows_for_the_covariates() -> None:
    y, cell, z = drawn(2, n=9)
    found = contrast(cell_means(y, cell, CELLS, covariates=z), DIFFERENCE)
    assert found == NotEstimable(
        Reason.TOO_FEW_ROWS,
        "Cell a: 3 rows can't carry 3 coefficients and a standard error.",
    )


def test_adjusted_contrast_of_a_covariate_constant_in_a_cell_is_rank_deficient() -> None:
    y, cell, z = drawn(3)
    z[np.array(cell) == "b", 0] = 1.0
    found = contrast(cell_means(y, cell, CELLS, covariates=z), DIFFERENCE)
    assert found == NotEstimable(
        Reason.RANK_DEFICIENT, "Cell b: Only 2 of 3 columns vary independently."
    )


def test_joint_test_of_one_row_is_the_square_of_t() -> None:
    y, cell, _ = drawn(4)
    means = cell_means(y, cell, CELLS)
    t, f = estimated(contrast(means, DIFFERENCE)), joint(joint_test(means, [DIFFERENCE]))
    assert f == JointTest(near(t.statistic**2), 1, t.df, near(t.p), t.n)


def test_joint_test_of_a_repeated_row_is_rank_deficient() -> None:
    y, cell, _ = drawn(5)
    found = joint_test(cell_means(y, cell, CELLS), [DIFFERENCE, DIFFERENCE])
    assert found == NotEstimable(Reason.RANK_DEFICIENT, "A contrast repeats the others.")


def test_cell_means_of_an_unknown_cell_is_an_error() -> None:
    with pytest.raises(ValueError, match="unknown cells: d"):
        cell_means([1, 2], ["a", "d"], CELLS)


def test_cell_means_of_an_infinite_outcome_is_an_error() -> None:
    with pytest.raises(ValueError, match="infinite"):
        cell_means([1, np.inf], ["a", "a"], CELLS)


def test_contrast_of_too_few_weights_is_an_error() -> None:
    y, cell, _ = drawn(6)
    with pytest.raises(ValueError, match="2 weights for 3 cells"):
        contrast(cell_means(y, cell, CELLS), [1, -1])


def test_contrast_without_weight_is_an_error() -> None:
    y, cell, _ = drawn(6)
    with pytest.raises(ValueError, match="without any weight"):
        contrast(cell_means(y, cell, CELLS), [0, 0, 0])


@given(
    seed=st.integers(0, 2**32 - 1),
    shift=st.floats(-1e3, 1e3),
    scale=st.floats(1e-3, 1e3),
    adjust=st.booleans(),
)
def test_contrast_follows_the_outcome_and_forgets_its_origin(
    seed: int, shift: float, scale: float, adjust: bool
) -> None:
    y, cell, z = drawn(seed)
    covariates = z if adjust else None
    before = estimated(contrast(cell_means(y, cell, CELLS, covariates=covariates), DIFFERENCE))
    moved = cell_means(shift * scale + scale * y, cell, CELLS, covariates=covariates)
    after = estimated(contrast(moved, DIFFERENCE))
    assert after.estimate == pytest.approx(scale * before.estimate, abs=ROUNDING * scale)
    assert after.se == pytest.approx(scale * before.se, rel=ROUNDING)
    assert after.p == pytest.approx(before.p, rel=1e-5, abs=ROUNDING)


@given(seed=st.integers(0, 2**32 - 1), shift=st.floats(-1e3, 1e3), scale=st.floats(1e-3, 1e3))
def test_adjusted_contrast_forgets_the_covariates_units(
    seed: int, shift: float, scale: float
) -> None:
    y, cell, z = drawn(seed)
    before = cell_means(y, cell, CELLS, covariates=z)
    after = cell_means(y, cell, CELLS, covariates=shift * scale + scale * z)
    a, b = estimated(contrast(before, DIFFERENCE)), estimated(contrast(after, DIFFERENCE))
    assert (b.estimate, b.se) == pytest.approx((a.estimate, a.se), rel=ROUNDING, abs=ROUNDING)


@given(seed=st.integers(0, 2**32 - 1), adjust=st.booleans())
def test_contrast_forgets_the_order_of_rows(seed: int, adjust: bool) -> None:
    y, cell, z = drawn(seed)
    order = np.random.default_rng(seed).permutation(len(y))
    found = [
        estimated(contrast(cell_means(y[o], np.array(cell)[o], CELLS, covariates=c), DIFFERENCE))
        for o in (np.arange(len(y)), order)
        for c in [z[o] if adjust else None]
    ]
    assert found[1].estimate == pytest.approx(found[0].estimate, rel=ROUNDING, abs=ROUNDING)
    assert found[1].se == pytest.approx(found[0].se, rel=ROUNDING)


@given(seed=st.integers(0, 2**32 - 1))
def test_joint_test_forgets_which_rows_span_the_hypothesis(seed: int) -> None:
    y, cell, _ = drawn(seed)
    means = cell_means(y, cell, CELLS)
    one = joint(joint_test(means, [(-1, 1, 0), (-1, 0, 1)]))
    other = joint(joint_test(means, [(0, -1, 1), (-2, 1, 1)]))
    assert one == JointTest(near(other.statistic, rel=1e-6), 2, 37, near(other.p, rel=1e-5), 40)


@pytest.mark.slow
@pytest.mark.parametrize("adjust", [False, True])
def test_intervals_cover_the_true_difference(adjust: bool) -> None:
    """5,000 simulated experiments, unequal cells and spreads: 95 % intervals cover 95 %.

    The tolerance is three and a half standard errors of a share of 0.95 in 5,000 runs.
    """
    rng = np.random.default_rng(7)
    cell = np.array(["a"] * 60 + ["b"] * 35 + ["c"] * 45)
    covered, runs = 0, 5000
    for _ in range(runs):
        z = rng.normal(size=(len(cell), 1))
        y = (cell == "b") * 0.5 + z[:, 0] * 0.8 + rng.normal(size=len(cell)) * (1 + (cell == "b"))
        means = cell_means(y, cell, CELLS, covariates=z if adjust else None)
        found = estimated(contrast(means, DIFFERENCE))
        covered += found.low <= 0.5 <= found.high
    assert covered / runs == pytest.approx(0.95, abs=3.5 * (0.95 * 0.05 / runs) ** 0.5)
