from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from analysis.contrasts import ContrastRow, NamedContrast, Pair, plan_contrasts
from experiments.design import Arm, Contrast, Design, Factor, Level, Method, Plan, Randomisation
from experiments.studyfile import parse

LABEL = {"en": "A contrast"}


def factor(code: str, *levels: str) -> Factor:
    return Factor(code, {"en": code}, tuple(Level(c, {"en": c}, {"en": c}) for c in levels))


def design(*contrasts: Contrast, arms: tuple[Arm, ...] | None = None) -> Design:
    every = tuple(
        Arm((reward, say)) for reward in ("none", "money", "praise") for say in ("low", "high")
    )
    return Design(
        study="s",
        title={"en": "S"},
        languages=("en",),
        factors=(
            factor("reward", "none", "money", "praise"),
            factor("say", "low", "high"),
            factor("colour", "red", "blue"),
        ),
        randomisations=(
            Randomisation("paint", ("colour",), (Arm(("red",)), Arm(("blue",)))),
            Randomisation("offer", ("reward", "say"), arms or every),
        ),
        scales=(),
        pages=(),
        plan=Plan(outcome="wtc", sample_size=100, contrasts=contrasts),
    )


MONEY = Contrast("money", LABEL, factor="reward", level="money", against="none")
SAY = Contrast("say", LABEL, factor="say", level="high", against="low")
BOTH = Contrast("both", LABEL, interaction=("reward", "say"))


def test_plan_contrasts_of_a_main_effect_averages_equally_over_the_other_factor() -> None:
    arms = ("none.low", "none.high", "money.low", "money.high", "praise.low", "praise.high")
    row = ContrastRow((Pair("reward", "money", "none"),), (-0.5, -0.5, 0.5, 0.5, 0, 0))
    assert plan_contrasts(design(MONEY)) == (NamedContrast("money", LABEL, "offer", arms, (row,)),)


def test_plan_contrasts_keeps_the_order_of_the_plan() -> None:
    assert [c.code for c in plan_contrasts(design(SAY, BOTH, MONEY))] == ["say", "both", "money"]


def test_plan_contrasts_of_a_two_level_factor_averages_over_three_levels() -> None:
    (found,) = plan_contrasts(design(SAY))
    np.testing.assert_allclose(found.weights, [np.array([-1, 1, -1, 1, -1, 1]) / 3])


def test_plan_contrasts_of_an_interaction_are_all_differences_in_differences() -> None:
    (found,) = plan_contrasts(design(BOTH))
    say = Pair("say", "high", "low")
    assert found.rows == (
        ContrastRow((Pair("reward", "money", "none"), say), (1, -1, -1, 1, 0, 0)),
        ContrastRow((Pair("reward", "praise", "none"), say), (1, -1, 0, 0, -1, 1)),
    )


def test_plan_contrasts_of_a_factor_of_another_randomisation_uses_its_arms() -> None:
    colour = Contrast("colour", LABEL, factor="colour", level="blue", against="red")
    (found,) = plan_contrasts(design(colour))
    assert (found.randomisation, found.arms) == ("paint", ("red", "blue"))
    assert found.weights == ((-1, 1),)


def test_plan_contrasts_averages_only_where_both_levels_are_drawn() -> None:
    arms = (
        Arm(("none", "low")),
        Arm(("none", "high")),
        Arm(("money", "low")),
        Arm(("money", "high"), weight=0),
    )
    (found,) = plan_contrasts(design(MONEY, arms=arms))
    assert found.arms == ("none.low", "none.high", "money.low")
    assert found.weights == ((-1, 0, 1),)


def test_plan_contrasts_of_levels_that_never_meet_is_an_error() -> None:
    arms = (Arm(("none", "low")), Arm(("money", "high")))
    with pytest.raises(ValueError, match=r"Contrast money: no arms with weight differ only in"):
        plan_contrasts(design(MONEY, arms=arms))


def test_plan_contrasts_of_factors_drawn_apart_is_an_error() -> None:
    apart = Contrast("apart", LABEL, interaction=("reward", "colour"))
    with pytest.raises(ValueError, match="Contrast apart: no randomisation draws reward and col"):
        plan_contrasts(design(apart))


def test_deck_of_some_cells_tells_a_main_effect_by_its_model() -> None:
    deck = fraction(("a1", "x1"), ("a2", "x2"), ("a3", "x3"), ("a1", "x2"), ("a2", "x3"))
    found = plan_contrasts(deck)[0].rows[0].weights
    x = np.array(
        [[1, 1, 0, 1, 0], [1, 0, 1, 0, 1], [1, -1, -1, -1, -1], [1, 1, 0, 0, 1], [1, 0, 1, -1, -1]]
    )
    # a2 − a1 is the second effect less the first; five cells tell the five effects exactly.
    np.testing.assert_allclose(np.array(found) @ x, [0, -1, 1, 0, 0], atol=1e-12)


def test_deck_of_all_cells_tells_a_main_effect_as_its_average() -> None:
    cells = [(a, x) for a in ("a1", "a2", "a3") for x in ("x1", "x2", "x3")]
    (row,) = plan_contrasts(fraction(*cells))[0].rows
    np.testing.assert_allclose(row.weights, np.array([-1] * 3 + [1] * 3 + [0] * 3) / 3, atol=1e-12)


def test_contrast_that_a_deck_does_not_tell_is_an_error() -> None:
    deck = fraction(("a1", "x1"), ("a2", "x2"), ("a3", "x3"))
    with pytest.raises(ValueError, match="Contrast effect: the deck deck does not tell it"):
        plan_contrasts(deck)
    with pytest.raises(ValueError, match="Contrast effect: the deck deck does not tell it"):
        plan_contrasts(fraction(("a1", "x1"), interaction=("a", "x")))


@pytest.mark.parametrize(
    "path",
    [path for path in sorted(Path("studies").glob("*.yaml")) if ".truth" not in path.name],
    ids=lambda path: path.stem,
)
def test_plans_of_the_studies_that_ship_can_be_carried_out(path: Path) -> None:
    parsed = parse(path.read_text(encoding="utf-8"))
    assert parsed.design
    planned = plan_contrasts(parsed.design)
    assert [each.code for each in planned] == [each.code for each in parsed.design.plan.contrasts]


def fraction(*cells: tuple[str, str], interaction: tuple[str, ...] = ()) -> Design:
    """A deck of those cells of 3 x 3."""
    asked = Contrast("effect", LABEL, factor="a", level="a2", against="a1")
    if interaction:
        asked = Contrast("effect", LABEL, interaction=interaction)
    arms = tuple(Arm(cell) for cell in cells)
    step = Randomisation(
        "deck", ("a", "x"), arms, method=Method.DECK, draws=2, deck_size=len(cells)
    )
    known = (factor("a", "a1", "a2", "a3"), factor("x", "x1", "x2", "x3"))
    return replace(design(asked), factors=known, randomisations=(step,))
