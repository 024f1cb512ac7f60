"""The sample-ratio tests; the simulations have fixed seeds, so that they always say the same."""

from math import exp, log
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.statistics.counts import CountTest, Method
from analysis.statistics.estimate import NotEstimable, Reason
from analysis.statistics.sample_ratio import (
    AnytimeRatio,
    ArmShare,
    SequentialRatio,
    anytime_ratio,
    log_bayes_factor,
    sample_ratio,
    sequential_ratio,
)
from tests.analysis.statistics.near import near
from tests.reference.integrity import carried, integrity_r

AB, ABC = ("a", "b"), ("a", "b", "c")
ALPHA = 0.05


def anytime(*args: Any, **named: Any) -> AnytimeRatio:
    found = anytime_ratio(*args, **named)
    assert isinstance(found, AnytimeRatio)
    return found


def sequential(*args: Any, **named: Any) -> SequentialRatio:
    found = sequential_ratio(*args, **named)
    assert isinstance(found, SequentialRatio)
    return found


# Pearson


@pytest.mark.parametrize("row", integrity_r()["sample_ratio"], ids=lambda row: str(row["counts"]))
def test_sample_ratio_agrees_with_r(row: dict[str, Any]) -> None:
    arms = "abcd"[: len(row["counts"])]
    found = sample_ratio(list(arms), row["counts"], row["weights"])
    assert found == CountTest(
        method=Method.PEARSON,
        statistic=near(row["statistic"]),
        df=row["df"],
        p=near(row["p"]),
        n=sum(row["counts"]),
        least_expected=near(row["least_expected"]),
    )
    assert isinstance(found, CountTest)
    assert found.poor is (row["least_expected"] < 5)


@pytest.mark.parametrize("entry", ["srm.liu2", "srm.430_260_210"])
def test_sample_ratio_agrees_with_carried_numbers(entry: str) -> None:
    reference = carried(entry)
    inputs, expected = reference["inputs"], reference["expected"]
    found = sample_ratio(ABC, inputs["counts"], inputs["expected_ratio"])
    assert isinstance(found, CountTest)
    rel = reference["tolerance"]["rel"]  # the entry's own: R prints 15 digits
    assert (found.statistic, found.df, found.p) == (
        near(expected["chi2"], rel=rel),
        expected["df"],
        near(expected["p"], rel=rel),
    )


def test_arms_of_weight_zero_leave_both_sums() -> None:
    with_zero = ("a", "pilot", "b"), [430, 0, 380], [2, 0, 2]
    assert sample_ratio(*with_zero) == sample_ratio(AB, [430, 380], [1, 1])
    assert anytime(*with_zero) == anytime(AB, [430, 380], [1, 1])
    order = ["a"] * 30 + ["b"] * 10
    assert sequential(with_zero[0], order, [2, 0, 2]) == sequential(AB, order, [1, 1])


@pytest.mark.parametrize(
    ("counts", "weights", "expected"),
    [
        (
            [5, 5, 1],
            [1, 1, 0],
            NotEstimable(Reason.ARM_WITHOUT_WEIGHT, "Arm c has weight zero, and 1 rows."),
        ),
        ([0, 0, 0], [1, 1, 1], NotEstimable(Reason.NO_ROWS, "No arm has rows.")),
        (
            [4, 0, 0],
            [1, 0, 0],
            NotEstimable(Reason.TOO_FEW_ARMS, "Fewer than two arms have weight."),
        ),
    ],
)
def test_sample_ratios_say_why_there_is_no_test(
    counts: list[int], weights: list[float], expected: NotEstimable
) -> None:
    order = [arm for arm, count in zip(ABC, counts, strict=True) for _ in range(count)]
    assert sample_ratio(ABC, counts, weights) == expected
    assert anytime_ratio(ABC, counts, weights) == expected
    assert sequential_ratio(ABC, order, weights) == expected


def test_sample_ratios_refuse_what_is_no_question() -> None:
    with pytest.raises(ValueError, match="not negative"):
        sample_ratio(AB, [1, 2], [1, -1])
    with pytest.raises(ValueError, match="not negative"):
        sample_ratio(AB, [1, 2], [1, float("nan")])
    with pytest.raises(ValueError, match="one count and one weight"):
        sample_ratio(AB, [1, 2, 3], [1, 1])
    with pytest.raises(ValueError, match="unknown arms: c"):
        sequential_ratio(AB, ["a", "c"], [1, 1])
    with pytest.raises(ValueError, match="concentration"):
        anytime_ratio(AB, [1, 2], [1, 1], concentration=0)
    with pytest.raises(ValueError, match="alpha"):
        anytime_ratio(AB, [1, 2], [1, 1], alpha=1)


# Anytime-valid: small cases by hand


@pytest.mark.parametrize(
    ("counts", "null", "prior", "factor"),
    [
        # Uniform prior on two arms: a! b! / (a + b + 1)! over 2^-(a + b).
        ([3, 0], [0.5, 0.5], [1, 1], 6 / 24 * 8),
        ([3, 1], [0.5, 0.5], [1, 1], 6 / 120 * 16),
        # Dirichlet(1, 1, 2): Γ(2) Γ(3) Γ(2 + 1) / (1 · 1 · 1) over Γ(8) / Γ(4), over the null.
        ([1, 2, 1], [0.25, 0.25, 0.5], [1, 1, 2], 1 * 2 * 2 / (5040 / 6) / (1 / 128)),
    ],
)
def test_bayes_factor_of_small_counts(
    counts: list[int], null: list[float], prior: list[float], factor: float
) -> None:
    found = log_bayes_factor(np.array(counts), np.array(null), np.array(prior, dtype=float))
    assert exp(found) == near(factor)


def test_anytime_ratio_of_three_in_one_arm() -> None:
    # BF = 2 as above. θ_a³ ≥ alpha · B(4, 1) = alpha / 4 bounds a, and b is the rest.
    low = (ALPHA / 4) ** (1 / 3)
    assert anytime(AB, [3, 0], [1, 1], concentration=2) == AnytimeRatio(
        log_bayes_factor=near(log(2)),
        p=near(0.5),
        n=3,
        concentration=2,
        shares=(
            ArmShare("a", 3, 0.5, 1.0, near(low), 1.0),
            ArmShare("b", 0, 0.5, 0.0, 0.0, near(1 - low)),
        ),
        level=0.95,
    )


def test_sequential_ratio_keeps_its_lowest_p_where_the_counts_alone_forget_it() -> None:
    # Bayes factors 1, 4/3, 2, 4/5 after a, aa, aaa, aaab.
    assert sequential(AB, list("aaab"), [1, 1], concentration=2) == SequentialRatio(
        log_bayes_factor=near(log(4 / 5)),
        highest=near(log(2)),
        highest_at=3,
        p=near(0.5),
        n=4,
        concentration=2,
    )
    assert anytime(AB, [3, 1], [1, 1], concentration=2).p == 1


def test_bayes_factors_agree_with_those_of_the_authors() -> None:
    reference = carried("srm.sequential.ssrm_batches")
    inputs, expected = reference["inputs"], reference["expected"]
    null, prior = np.array(inputs["null"]), np.array(inputs["dirichlet"], dtype=float)
    counts = np.cumsum(inputs["batches"], axis=0)
    theirs = np.subtract(expected["log_m1"], expected["log_m0"])
    ours = [log_bayes_factor(row, null, prior) for row in counts]
    assert ours == pytest.approx(theirs, abs=reference["tolerance"]["abs"])


def test_a_huge_mismatch_has_a_tiny_p_and_not_zero() -> None:
    assert 0 < anytime(AB, [900, 300], [1, 1]).p < 1e-50
    assert 0 < sequential(AB, ["a", "a", "a", "b"] * 300, [1, 1]).p < 1e-50


@given(order=st.lists(st.sampled_from(ABC), min_size=1, max_size=60), k=st.floats(0.5, 500))
def test_sequential_ratio_ends_at_the_counts_and_never_rises(order: list[str], k: float) -> None:
    weights = [2, 1, 1]
    found = sequential(ABC, order, weights, concentration=k)
    now = anytime(ABC, [order.count(arm) for arm in ABC], weights, concentration=k)
    # Sums of logarithms of up to sixty ratios against differences of log gammas.
    assert found.log_bayes_factor == pytest.approx(now.log_bayes_factor, abs=1e-9)
    assert found.p <= now.p + 1e-9
    ps = [sequential(ABC, order[:n], weights, concentration=k).p for n in range(1, len(order) + 1)]
    assert ps == sorted(ps, reverse=True)


# Anytime-valid: the confidence sequence


@given(counts=st.tuples(*[st.integers(0, 40)] * 3).filter(any), k=st.floats(1, 300))
def test_shares_reach_as_far_as_the_set_that_they_are_cut_from(
    counts: tuple[int, int, int], k: float
) -> None:
    null = np.array([0.5, 0.25, 0.25])
    found = anytime(ABC, counts, [2, 1, 1], concentration=k)
    for arm, share in enumerate(found.shares):
        assert 0 <= share.low <= share.share <= share.high <= 1
        others = np.delete(counts, arm)
        for end in (share.low, share.high):
            if 0 < end < 1:
                rest = others / others.sum() if others.any() else np.array([0.5, 0.5])
                theta = np.insert((1 - end) * rest, arm, end)
                seen = np.array(counts) > 0
                null_likelihood = float(np.array(counts)[seen] @ np.log(theta[seen] / null[seen]))
                # The end lies where the Bayes factor against it is 1 / alpha.
                against = found.log_bayes_factor - null_likelihood
                # 1 − end has lost digits where the end is near 1.
                lost = 1e-15 * sum(counts) / (1 - end)
                assert against == pytest.approx(log(1 / ALPHA), abs=1e-9 + lost)


def test_shares_agree_with_a_grid_of_all_probabilities() -> None:
    counts, null, prior = np.array([12, 30, 18]), np.full(3, 1 / 3), np.full(3, 20 / 3)
    steps = np.arange(1, 500) / 500
    a, b = (axis.ravel() for axis in np.meshgrid(steps, steps))
    theta = np.column_stack([a, b, 1 - a - b])[a + b < 1 - 1e-9]
    mixture = log_bayes_factor(counts, null, prior) + counts.sum() * log(1 / 3)
    inside = theta[np.log(theta) @ counts > mixture - log(1 / ALPHA)]
    found = anytime(ABC, counts, [1, 1, 1], concentration=20)
    # The grid's own width.
    assert [s.low for s in found.shares] == pytest.approx(inside.min(axis=0), abs=1 / 250)
    assert [s.high for s in found.shares] == pytest.approx(inside.max(axis=0), abs=1 / 250)


def test_shares_cover_at_all_times_together() -> None:
    rng = np.random.default_rng(20261205)
    truth, missed = np.array([0.45, 0.35, 0.2]), 0
    for _ in range(200):
        counts = np.zeros(3, int)
        for _ in range(12):
            counts = counts + rng.multinomial(25, truth)
            shares = anytime(ABC, counts, [1, 1, 1]).shares
            if any(not s.low <= t <= s.high for s, t in zip(shares, truth, strict=True)):
                missed += 1
                break
    assert missed / 200 < ALPHA
