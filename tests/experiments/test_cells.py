"""The cells of the factorial."""

from dataclasses import replace
from itertools import combinations

from experiments.cells import every_cell, filled_arms, possible_cells
from experiments.design import Arm, Level, Method, Randomisation
from tests.changed import changed
from tests.designs import factors, small


def test_every_cell_is_in_the_order_of_codes_and_levels() -> None:
    assert every_cell(factors(3), ("voice", "reward")) == (
        Arm(("low", "none")),
        Arm(("low", "money")),
        Arm(("low", "thanks")),
        Arm(("high", "none")),
        Arm(("high", "money")),
        Arm(("high", "thanks")),
    )


def test_every_cell_of_an_unknown_factor_is_none() -> None:
    assert every_cell(factors(2), ("reward", "vioce")) == ()


def test_every_cell_of_a_factor_that_is_there_twice_is_none() -> None:
    assert every_cell(factors(2), ("reward", "reward")) == ()
    # Each time would double them.
    assert every_cell(factors(2), ("reward",) * 64) == ()


def test_every_cell_of_millions_is_none() -> None:
    many = tuple(Level(f"l{number}", {}, {}) for number in range(501))
    design = changed(small(), {"factors[0].levels": many})

    assert every_cell(design.factors, ("reward", "voice")) == ()


def test_arms_that_are_left_out_are_the_possible_cells() -> None:
    step = replace(
        small(rewards=3).randomisations[0],
        impossible=('reward == "none" and voice == "high"', 'reward == "thanks"'),
    )
    cells = (("none", "low"), ("money", "low"), ("money", "high"))
    assert [arm.levels for arm in possible_cells(factors(3), step)] == list(cells)
    assert filled_arms(factors(3), step) == possible_cells(factors(3), step)


def test_deck_of_a_size_tells_the_main_effects_best() -> None:
    many = tuple(replace(factors(2)[0], code=code) for code in ("a", "b", "c"))
    step = Randomisation("deck", ("a", "b", "c"), (), Method.DECK, draws=2, deck_size=4)
    found = [
        [("none", "money").index(level) for level in arm.levels] for arm in filled_arms(many, step)
    ]
    # A half fraction of 2 × 2 × 2, which is orthogonal: each pair of factors has every pair once.
    for one, other in combinations(range(3), 2):
        assert sorted((cell[one], cell[other]) for cell in found) == [
            (0, 0),
            (0, 1),
            (1, 0),
            (1, 1),
        ]
    assert len({sum(cell) % 2 for cell in found}) == 1
    assert filled_arms(many, replace(step, deck_size=3)) == ()
    assert filled_arms(many, replace(step, deck_size=6, deck_interactions=True)) == ()
    kept = filled_arms(
        many, replace(step, deck_size=5, impossible=('a == "none" and b == "none"',))
    )
    assert len(kept) == 5
    assert all(arm.levels[:2] != ("none", "none") for arm in kept)
