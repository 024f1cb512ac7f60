from collections import Counter

import numpy as np
import pytest

from analysis.redraws import list_redraws, of_rows
from analysis.statistics.randomisation_inference import (
    RandomisationTest,
    mean_contrast,
    randomisation_test,
    redrawn,
)
from experiments.design import Method

SEED = b"not the study's"


@pytest.mark.parametrize(
    ("method", "weights", "sizes"),
    [
        (Method.PERMUTED_BLOCKS, [2, 1], [3, 6]),
        (Method.SIMPLE, [2, 1], []),
        (Method.COMPLETE, [8, 4], []),
    ],
)
def test_redraws_of_a_list_have_its_probabilities(
    method: Method, weights: list[int], sizes: list[int]
) -> None:
    strata, positions = ["a", "b"] * 6, [place for place in range(6) for _ in "ab"]
    draw = list_redraws(method, weights, sizes=sizes, strata=strata, positions=positions, seed=SEED)
    found = redrawn(draw, 600)
    # Four Monte Carlo standard errors of a share of a third.
    apart = 4 * (2 / 9 / 600) ** 0.5
    assert found.arms.mean(axis=0).tolist() == pytest.approx([1 / 3] * 12, abs=apart)
    assert (draw(5) == found.arms[5]).all()
    # The strata's lists are drawn apart.
    assert (found.arms[:, ::2] != found.arms[:, 1::2]).any()


def test_redraws_of_blocks_hold_the_weights_at_every_blocks_end() -> None:
    draw = list_redraws(
        Method.PERMUTED_BLOCKS, [1, 1], sizes=[4], strata=[""] * 8, positions=range(8), seed=SEED
    )
    table = redrawn(draw, 200).arms
    assert (table[:, :4].sum(axis=1) == 2).all()
    # All 36 lists of two blocks come.
    assert len(Counter(map(tuple, table.tolist()))) == 36


def test_redraws_give_the_arm_at_the_position_whoever_is_left_out() -> None:
    everybody = list_redraws(Method.SIMPLE, [1, 1], strata=[""] * 9, positions=range(9), seed=SEED)
    some = list_redraws(Method.SIMPLE, [1, 1], strata=[""] * 3, positions=[7, 0, 4], seed=SEED)
    assert some(3).tolist() == everybody(3)[[7, 0, 4]].tolist()
    assert of_rows(everybody, [7, 0, 4])(3).tolist() == some(3).tolist()


@pytest.mark.parametrize("method", [Method.MINIMISATION, Method.TOWARD_COMPLETES, Method.DECK])
def test_method_without_a_list_has_no_redraws_of_it(method: Method) -> None:
    with pytest.raises(ValueError, match=r"has no list|is dealt to a participant"):
        list_redraws(method, [1, 1], strata=["a"], positions=[0], seed=SEED)


@pytest.mark.slow
def test_redraws_of_the_actual_design_err_as_often_as_they_say() -> None:
    """Outcomes that drift with time, arms in blocks: the test knows that blocks balance time."""
    strata, positions = [""] * 24, range(24)
    draw = list_redraws(
        Method.PERMUTED_BLOCKS, [1, 1], sizes=[2, 4], strata=strata, positions=positions, seed=SEED
    )
    others = redrawn(draw, 199)
    y = np.linspace(0, 6, 24) + np.random.default_rng(1).normal(size=24)
    found = [
        randomisation_test(y, draw(number), others, mean_contrast([-1, 1]))
        for number in range(1000, 2000)
    ]
    p = np.array([each.p for each in found if isinstance(each, RandomisationTest)])
    for level in (0.05, 0.2, 0.5):
        # Three standard errors over the runs, and as much for the 199 redraws that all share.
        apart = 3 * (level * (1 - level)) ** 0.5 * (1000**-0.5 + 199**-0.5)
        assert (p <= level).mean() == pytest.approx(level, abs=apart)
