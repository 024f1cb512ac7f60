from itertools import product
from math import comb
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from analysis.statistics import counts
from analysis.statistics.counts import CountTest, Ints, Method, as_counts, same_share, wilson
from analysis.statistics.estimate import NotEstimable, Reason
from tests.analysis.statistics.near import near
from tests.reference.integrity import integrity_r

R = integrity_r()
# Tables of up to four groups of up to nine: all of their companions can be written out.
GROUPS = st.lists(
    st.integers(1, 9).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    min_size=2,
    max_size=4,
)


def ints(values: list[int]) -> Ints:
    return np.array(values, dtype=np.int64)


def compared(table: list[tuple[int, int]]) -> CountTest | NotEstimable:
    return same_share(ints([x for x, _ in table]), ints([n for _, n in table]))


def written_out(table: list[tuple[int, int]]) -> float:
    """The exact p, by going through every table in whole numbers."""
    total, sizes = sum(x for x, _ in table), [n for _, n in table]
    ways = {
        xs: int(np.prod([comb(n, x) for n, x in zip(sizes, xs, strict=True)]))
        for xs in product(*(range(n + 1) for n in sizes))
        if sum(xs) == total
    }
    observed = ways[tuple(x for x, _ in table)]
    return sum(w for w in ways.values() if w <= observed) / comb(sum(sizes), total)


@pytest.mark.parametrize("row", R["wilson"], ids=lambda row: f"{row['lost']}/{row['of']}")
def test_wilson_agrees_with_r(row: dict[str, Any]) -> None:
    low, high = wilson(row["lost"], row["of"])
    assert (low, high) == (near(row["low"]), near(row["high"]))


@given(n=st.integers(1, 5000), share=st.floats(0, 1), alpha=st.floats(1e-9, 0.5))
def test_wilson_agrees_with_statsmodels(n: int, share: float, alpha: float) -> None:
    count = round(share * n)
    theirs = proportion_confint(count, n, alpha=alpha, method="wilson")
    # Theirs takes 1 − alpha / 2 first, and so has lost the digits of a tiny alpha.
    assert wilson(count, n, alpha=alpha) == pytest.approx(theirs, abs=1e-6)


def test_wilson_of_nobody_or_of_more_than_all_is_an_error() -> None:
    for count, n in ((0, 0), (3, 2), (-1, 4)):
        with pytest.raises(ValueError, match="is no share"):
            wilson(count, n)


@pytest.mark.parametrize("row", R["attrition"], ids=lambda row: str(row["lost"]))
def test_same_share_agrees_with_r(row: dict[str, Any]) -> None:
    small = row["least_expected"] < 5
    assert same_share(ints(row["lost"]), ints(row["of"])) == CountTest(
        method=Method.EXACT if small else Method.PEARSON,
        statistic=near(row["statistic"]),
        df=row["df"],
        p=near(row["exact_p"] if small else row["p"]),
        n=sum(row["of"]),
        least_expected=near(row["least_expected"]),
    )


@given(GROUPS)
def test_same_share_of_small_counts_is_exact(table: list[tuple[int, int]]) -> None:
    found = compared(table)
    assume(isinstance(found, CountTest) and found.least_expected < 5)
    assert isinstance(found, CountTest)
    assert (found.method, found.p, found.poor) == (Method.EXACT, near(written_out(table)), False)


@given(GROUPS)
def test_same_share_asks_neither_for_the_order_nor_for_what_is_called_lost(
    table: list[tuple[int, int]],
) -> None:
    found, other = compared(table), compared([(n - x, n) for x, n in reversed(table)])
    if isinstance(found, NotEstimable):
        assert isinstance(other, NotEstimable)
        assert found.reason is other.reason
    else:
        assert isinstance(other, CountTest)
        assert other.p == near(found.p)
        assert other.statistic == near(found.statistic)


def test_same_share_of_two_groups_is_fishers_test() -> None:
    theirs = stats.fisher_exact(np.array([[3, 27], [11, 22]])).pvalue
    count, n = ints([3, 11]), ints([30, 33])
    assert counts._freeman_halton(count, n) == near(theirs)


def test_same_share_leaves_empty_groups_out() -> None:
    assert compared([(2, 40), (0, 0), (9, 45)]) == compared([(2, 40), (9, 45)])


def test_same_share_with_too_many_tables_says_that_the_approximation_is_poor() -> None:
    # Twelve arms of different sizes: the tables are too many, and share no probabilities.
    lost, sizes = [0, 1, 3, 5, 2, 6, 7, 1, 2, 1, 1, 3], list(range(44, 56))
    theirs = stats.chi2_contingency([lost, np.subtract(sizes, lost)], correction=False)
    found = compared(list(zip(lost, sizes, strict=True)))
    assert found == CountTest(
        method=Method.PEARSON,
        statistic=near(theirs.statistic),
        df=11,
        p=near(theirs.pvalue),
        n=594,
        least_expected=near(theirs.expected_freq.min()),
    )
    assert isinstance(found, CountTest)
    assert found.poor


def test_same_share_of_large_counts_is_not_poor() -> None:
    found = compared([(20, 200), (30, 210)])
    assert isinstance(found, CountTest)
    assert (found.method, found.poor) == (Method.PEARSON, False)


def test_same_share_of_a_large_difference_has_a_tiny_p_and_not_zero() -> None:
    found = compared([(0, 2000), (300, 2000)])
    assert isinstance(found, CountTest)
    assert 0 < found.p < 1e-60


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ([(0, 0), (0, 0)], NotEstimable(Reason.NO_ROWS, "No group has rows.")),
        (
            [(1, 9), (0, 0)],
            NotEstimable(Reason.TOO_FEW_ARMS, "One group alone can't differ."),
        ),
        (
            [(0, 9), (0, 7)],
            NotEstimable(Reason.NO_VARIANCE, "0 of 16: the shares can't differ."),
        ),
        (
            [(9, 9), (7, 7)],
            NotEstimable(Reason.NO_VARIANCE, "16 of 16: the shares can't differ."),
        ),
    ],
)
def test_same_share_says_why_there_is_no_test(
    table: list[tuple[int, int]], expected: NotEstimable
) -> None:
    assert compared(table) == expected


@pytest.mark.parametrize("values", [[-1], [1.5], [float("nan")]])
def test_counts_are_whole_and_not_negative(values: list[Any]) -> None:
    with pytest.raises(ValueError, match="Rows must be counts"):
        as_counts(values, name="Rows")
