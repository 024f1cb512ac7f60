"""Rows of the comparison: randomisation inference, and how often lists hold each arm."""

from collections import Counter
from collections.abc import Iterator

from analysis.redraws import list_redraws
from analysis.statistics.randomisation_inference import (
    RandomisationTest,
    arrangements,
    mean_contrast,
    possible,
    randomisation_test,
)
from experiments.design import Method
from experiments.randomisation import probability
from tests.reference.single_look import Row, allowed, carried


def rows() -> Iterator[Row]:
    """All comparisons of randomisation inference."""
    yield from _gerber_green()
    yield from _tea()
    yield from _blocks()


def _gerber_green() -> Iterator[Row]:
    entry = carried("ri.gerber_green_t22")
    x, expected = entry["inputs"], entry["expected"]
    every = arrangements(x["Z"], most=1000, seed=0)
    ours = randomisation_test(x["Y"], x["Z"], every, mean_contrast([-1, 1]))
    assert isinstance(ours, RandomisationTest)
    fields = {
        "estimate": ours.statistic,
        "p_two_sided": ours.p,
        "p_upper": ours.p_upper,
        "n_perm": ours.assignments,
    }
    for key, mine in fields.items():
        program = "Gerber & Green 2012, ri2"
        yield f"{entry['id']}: {key}", mine, expected[key], program, allowed(entry, expected[key])


def _tea() -> Iterator[Row]:
    """Eight cups: said to be milk first, by whether they are."""
    entry = carried("ri.tea")
    (right, wrong), expected = entry["inputs"]["table"][0], entry["expected"]
    milk, said = [1] * 4 + [0] * 4, [1] * right + [0] * wrong + [1] * wrong + [0] * right
    every = arrangements(milk, most=1000, seed=0)
    ours = randomisation_test(said, milk, every, mean_contrast([-1, 1]))
    assert isinstance(ours, RandomisationTest)
    for key, mine in (("p_one_sided", ours.p_upper), ("p_two_sided", ours.p)):
        program = "Fisher 1935, R fisher.test"
        yield f"{entry['id']}: {key}", mine, expected[key], program, allowed(entry, expected[key])


def _blocks() -> Iterator[Row]:
    """Strata of 10, 13 and 17 from lists in blocks of three."""
    entry = carried("randomizr.block_probs")
    blocks, arms = entry["inputs"]["blocks"], entry["inputs"]["arms"]
    expected, name = entry["expected"], entry["id"]
    strata = [str(size) for size in blocks for _ in range(size)]
    draw = list_redraws(
        Method.PERMUTED_BLOCKS,
        [1] * arms,
        sizes=[arms],
        strata=strata,
        positions=[place for size in blocks for place in range(size)],
        seed=b"blocks",
    )
    apart = 0
    for number in range(50):
        counts = Counter(zip(strata, draw(number).tolist(), strict=True))
        for size in blocks:
            each = [counts[str(size), arm] for arm in range(arms)]
            apart = max(apart, max(each) - min(each))
    found = {
        "prob": float(probability([1] * arms, 0)),
        "max_count_diff": apart,
        "n_perm_222": possible([0, 0, 1, 1, 2, 2]),
        "n_perm_12_4": possible([0] * 6 + [1] * 6),
    }
    for key, mine in found.items():
        yield f"{name}: {key}", mine, expected[key], "randomizr 1.0.0", entry["tolerance"]["abs"]
