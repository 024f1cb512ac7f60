"""Means, contrasts and joint tests of rows that come in clusters."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis.statistics.association import Associations, associations
from analysis.statistics.clustered import (
    ClusteredMeans,
    clustered_contrast,
    clustered_joint_test,
    clustered_means,
)
from analysis.statistics.effects import CellMean, cell_means, contrast
from analysis.statistics.estimate import Estimate, Floats, JointTest, NotEstimable, Reason
from tests.analysis.statistics.near import near
from tests.reference.clustered import clustered_r, clustered_rows

CELLS = ("a", "b", "c")
DIFFERENCE = (-1.0, 1.0, 0.0)
# Both programs work in double precision; tails and degrees of freedom multiply their rounding.
SAME = 1e-10


def of_case(case: dict[str, Any]) -> ClusteredMeans:
    rows = clustered_rows(case["set"])
    z = rows.covariate if case["adjusted"] else None
    return clustered_means(rows.outcome, rows.cell, case["cells"], rows.cluster, covariates=z)


def drawn(seed: int, clusters: int = 12) -> tuple[Floats, list[str], list[str], Floats]:
    """Clusters of one to four rows, in one cell each if their number is even, else in any."""
    rng = np.random.default_rng(seed)
    sizes = rng.integers(1, 5, size=clusters)
    cluster = [f"g{g}" for g, size in enumerate(sizes) for _ in range(size)]
    cell = [
        CELLS[g % 3 if g % 2 == 0 else rng.integers(3)]
        for g, size in enumerate(sizes)
        for _ in range(size)
    ]
    shift = np.repeat(rng.normal(size=clusters), sizes)
    z = rng.normal(size=(len(cell), 1))
    return shift + z[:, 0] + rng.normal(size=len(cell)), cell, cluster, z


def estimated(found: Estimate | NotEstimable) -> Estimate:
    assert isinstance(found, Estimate)
    return found


def joint(found: JointTest | NotEstimable) -> JointTest:
    assert isinstance(found, JointTest)
    return found


@pytest.mark.parametrize("case", clustered_r()["cases"], ids=lambda c: f"{c['set']}{c['adjusted']}")
def test_numbers_equal_those_of_estimatr_and_clubsandwich(case: dict[str, Any]) -> None:
    means, k = of_case(case), len(case["cells"])
    r = case["estimatr"]
    for at, found in enumerate(means.means):
        mean, se, low, high = (near(r[name][at], rel=SAME) for name in r)
        assert found == CellMean(case["cells"][at], means.counts[at], mean, se, low, high)
    weights: dict[str, list[float]] = {
        "difference": [-1.0, 1.0] + [0.0] * (k - 2),
        "average": [-0.5, -0.5] + [1 / (k - 2)] * (k - 2),
    }
    for name, row in weights.items():
        ours = estimated(clustered_contrast(means, row))
        assert {f: getattr(ours, f) for f in case[name]} == near_all(case[name])
    rows = np.column_stack([-np.ones(k - 1), np.eye(k - 1)])
    test = joint(clustered_joint_test(means, rows))
    assert {f: getattr(test, f) for f in case["joint"]} == near_all(case["joint"])


def near_all(numbers: dict[str, float]) -> dict[str, Any]:
    return {name: near(value, rel=SAME) for name, value in numbers.items()}


@pytest.mark.parametrize("case", clustered_r()["slopes"], ids=lambda c: c["set"])
def test_slopes_equal_those_of_estimatr(case: dict[str, Any]) -> None:
    rows = clustered_rows(case["set"])
    late = np.array([float(cell > "a") for cell in rows.cell])
    named = {"z": rows.covariate[:, 0], "late": late}
    found = associations(rows.outcome, named, cluster=np.array(rows.cluster))
    assert isinstance(found, Associations)
    slopes = [estimated(each.slope) for each in found.associations]
    for name in ("estimate", "se", "df", "p"):
        assert [getattr(slope, name) for slope in slopes] == pytest.approx(case[name], rel=SAME)


@pytest.mark.parametrize("adjust", [False, True])
def test_clusters_of_one_row_have_the_errors_of_independent_rows(adjust: bool) -> None:
    rng = np.random.default_rng(3)
    cell = [CELLS[i] for i in rng.permutation(np.arange(40) % 3)]
    z = rng.normal(size=(40, 2)) if adjust else None
    y = rng.normal(size=40)
    plain = cell_means(y, cell, CELLS, covariates=z)
    ours = clustered_means(y, cell, CELLS, [f"{i}" for i in range(40)], covariates=z)
    assert (ours.counts, ours.clusters, ours.total) == (plain.counts, plain.counts, 40)
    assert ours.covariates == plain.covariates
    a, b = estimated(contrast(plain, DIFFERENCE)), estimated(clustered_contrast(ours, DIFFERENCE))
    assert (b.estimate, b.se) == pytest.approx((a.estimate, a.se), rel=SAME)


def test_degrees_of_freedom_of_a_mean_are_its_clusters_less_one() -> None:
    """Equal clusters in one cell are as many independent means: Student's t of these."""
    rng = np.random.default_rng(5)
    sums = rng.normal(size=(6, 4)) + rng.normal(size=(6, 1))
    cluster = [f"{g}" for g in range(6) for _ in range(4)]
    found = clustered_means(sums.ravel(), ["a"] * 12 + ["b"] * 12, ["a", "b"], cluster)
    t = stats.ttest_ind(sums[3:].mean(axis=1), sums[:3].mean(axis=1))
    interval = t.confidence_interval()
    difference = sums[3:].mean() - sums[:3].mean()
    assert clustered_contrast(found, [-1, 1]) == Estimate(
        estimate=near(difference),
        se=near(difference / t.statistic),
        statistic=near(t.statistic),
        df=near(4),
        p=near(t.pvalue),
        low=near(interval.low),
        high=near(interval.high),
        n=24,
        level=0.95,
    )


def test_joint_test_of_one_row_is_the_square_of_its_t() -> None:
    y, cell, cluster, z = drawn(1)
    means = clustered_means(y, cell, CELLS, cluster, covariates=z)
    one, test = (
        estimated(clustered_contrast(means, DIFFERENCE)),
        joint(clustered_joint_test(means, [DIFFERENCE])),
    )
    assert test == JointTest(near(one.statistic**2), 1, near(one.df), near(one.p), one.n)


@settings(max_examples=25)
@given(seed=st.integers(0, 2**32 - 1))
def test_numbers_forget_the_order_of_rows_and_the_names_of_clusters(seed: int) -> None:
    y, cell, cluster, _ = drawn(seed)
    o = np.random.default_rng(seed).permutation(len(y))
    found = [
        clustered_contrast(clustered_means(y, cell, CELLS, cluster), DIFFERENCE),
        clustered_contrast(
            clustered_means(y[o], np.array(cell)[o], CELLS, [f"x{cluster[i]}y" for i in o]),
            DIFFERENCE,
        ),
    ]
    if isinstance(found[0], NotEstimable):
        assert found[0] == found[1]
        return
    before, after = map(estimated, found)
    assert after.estimate == pytest.approx(before.estimate, rel=1e-8, abs=1e-10)
    assert (after.se, after.df) == pytest.approx((before.se, before.df), rel=1e-8)


def test_joint_test_forgets_which_rows_span_the_hypothesis() -> None:
    y, cell, cluster, _ = drawn(2)
    means = clustered_means(y, cell, CELLS, cluster)
    one = joint(clustered_joint_test(means, [(-1, 1, 0), (-1, 0, 1)]))
    other = joint(clustered_joint_test(means, [(0, -1, 1), (-2, 1, 1)]))
    degrees = near(other.df_denominator)
    assert one == JointTest(near(other.statistic), 2, degrees, near(other.p), other.n)


def why_not(found: object) -> Reason:
    assert isinstance(found, NotEstimable)
    return found.reason


def reasons(
    y: list[float], cell: str, cluster: str, z: Floats | None = None
) -> list[Reason | None]:
    means = clustered_means(y, list(cell), ["a", "b"], list(cluster), covariates=z)
    return [each.reason if isinstance(each, NotEstimable) else None for each in means.means]


def test_cell_of_one_cluster_has_no_mean_and_others_keep_theirs() -> None:
    assert reasons([1, 2, 3, 4, 6], "aabbb", "ggxxy") == [Reason.TOO_FEW_CLUSTERS, None]
    means = clustered_means([1, 2, 3, 4, 6], list("aabbb"), ["a", "b"], list("ggxxy"))
    assert (means.counts, means.clusters, means.total) == ((2, 3), (1, 2), 2)
    assert why_not(clustered_contrast(means, [-1, 1])) is Reason.TOO_FEW_CLUSTERS
    assert clustered_contrast(means, [0, 1]) == clustered_contrast(
        clustered_means([3, 4, 6], list("bbb"), ["b"], list("xxy")), [1]
    )


def test_empty_cell_and_cell_without_an_outcome_have_no_rows() -> None:
    assert reasons([1, 2, 4, float("nan")], "aaab", "gghx") == [None, Reason.NO_ROWS]
    assert reasons([], "", "") == [Reason.NO_ROWS, Reason.NO_ROWS]


def test_slope_that_one_cluster_alone_decides_has_no_error() -> None:
    # In a only cluster g varies in z; in b both do.
    z = np.array([[0.0], [2], [1], [1], [0], [1], [0], [3]])
    y = [1.0, 2, 3, 5, 2, 4, 1, 7]
    assert reasons(y, "aaaabbbb", "gghhxxyy", z) == [Reason.FULL_LEVERAGE, None]


def test_clusters_that_all_say_the_same_have_no_variance() -> None:
    """In floats their sums differ by rounding: that is no standard error to divide by."""
    y = [0.1, 0.2, 0.3] * 2 + [1.1, 1.2, 1.3] * 2
    means = clustered_means(y, list("aaaaaabbbbbb"), ["a", "b"], list("ggghhhxxxyyy"))
    assert why_not(clustered_contrast(means, [-1, 1])) is Reason.NO_VARIANCE
    assert why_not(clustered_joint_test(means, [(-1, 1)])) is Reason.NO_VARIANCE


def test_persons_who_all_differ_alike_have_no_variance() -> None:
    y = np.concatenate([[s, s + 0.7] for s in (0.1, 2.3, 1.7, 0.9)])
    means = clustered_means(y, list("abababab"), ["a", "b"], list("gghhxxyy"))
    assert why_not(clustered_contrast(means, [-1, 1])) is Reason.NO_VARIANCE
    assert estimated(clustered_contrast(means, [0.5, 0.5])).df == near(3)


def test_joint_test_needs_more_clusters_than_contrasts() -> None:
    y = [1.0, 2, 3, 5, 2, 4, 1, 7]
    means = clustered_means(y, list("abcdabcd"), list("abcd"), list("gggghhhh"))
    rows = np.column_stack([-np.ones(3), np.eye(3)])
    assert why_not(clustered_joint_test(means, rows)) is Reason.TOO_FEW_CLUSTERS
    twice = [rows[0], rows[0] * 2]
    assert why_not(clustered_joint_test(means, twice)) is Reason.RANK_DEFICIENT


def test_unknown_cells_are_refused() -> None:
    with pytest.raises(ValueError, match="unknown cells: q"):
        clustered_means([1.0], ["q"], CELLS, ["g"])


@pytest.mark.slow
@pytest.mark.parametrize(("name", "cells"), [("schools", 2), ("persons", 3)])
def test_tests_of_no_effect_reject_as_often_as_they_say(name: str, cells: int) -> None:
    """2,000 simulated experiments of a few unequal clusters, half of the variance between them.

    The tolerance is three and a half standard errors of a share of 0.05 in 2,000 runs. Standard
    errors that take the rows for independent reject at least twice as often among the schools.
    """
    rng = np.random.default_rng(11)
    contrasts, joints, independent, runs = 0, 0, 0, 2000
    for _ in range(runs):
        y, cell, cluster = null_rows(rng, name, cells)
        codes = CELLS[:cells]
        row = [-1.0, 1.0] + [0.0] * (cells - 2)
        means = clustered_means(y, cell, codes, cluster)
        contrasts += estimated(clustered_contrast(means, row)).p <= 0.05
        rows = np.column_stack([-np.ones(cells - 1), np.eye(cells - 1)])
        joints += joint(clustered_joint_test(means, rows)).p <= 0.05
        independent += estimated(contrast(cell_means(y, cell, codes), row)).p <= 0.05
    allowed = 3.5 * (0.05 * 0.95 / runs) ** 0.5
    assert contrasts / runs == pytest.approx(0.05, abs=allowed + 0.005)
    assert joints / runs == pytest.approx(0.05, abs=allowed + 0.005)
    if name == "schools":
        assert independent > 2 * contrasts


def null_rows(
    rng: np.random.Generator, name: str, cells: int
) -> tuple[Floats, list[str], list[str]]:
    if name == "persons":
        cluster = np.repeat(np.arange(20), 2)
        cell = np.concatenate([rng.permutation(cells)[:2] for _ in range(20)])
    else:
        sizes = 2 + np.arange(16) % 5
        cluster = np.repeat(np.arange(16), sizes)
        cell = np.repeat(rng.permutation(16) % cells, sizes)
    y = rng.normal(size=cluster.max() + 1)[cluster] + rng.normal(size=len(cluster))
    return y, [CELLS[c] for c in cell], [f"{g}" for g in cluster]
