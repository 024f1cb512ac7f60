"""What a deck needs, and what the pages that repeat it can't be."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from experiments.checks import problems
from experiments.design import (
    Arm,
    Block,
    Design,
    DrawOrder,
    Item,
    ItemKind,
    Method,
    Option,
    Page,
    PageKind,
    Randomisation,
)
from tests.changed import add, changed
from tests.decks import deck_design
from tests.designs import both, likert, small

STEP = "randomisations[0]"
REMEDY = "Let it repeat deck too, or name something else."


def found(design: Design) -> list[tuple[str, str, str]]:
    return [(each.path, each.message, each.remedy) for each in problems(design)]


@pytest.mark.parametrize("order", DrawOrder)
def test_deck_in_any_order_is_sound(order: DrawOrder) -> None:
    assert problems(deck_design(draw_order=order)) == []


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (
            {"draws": 1},
            ("draws", "The deck deals 1 vignettes.", "Give 2 to 50, or another method."),
        ),
        (
            {"draws": 1_000_000},
            ("draws", "The deck deals 1000000 vignettes.", "Give 2 to 50, or another method."),
        ),
        (
            {"draws": 5},
            (
                "draws",
                "It deals 5 vignettes and has 4: none comes twice.",
                "Deal fewer, or give it more arms.",
            ),
        ),
        (
            {"deck_size": 3},
            (
                "deck_size",
                "The deck has 4 arms and not 3.",
                "Give as many as there are effects, and 4 at most, and leave the arms out.",
            ),
        ),
        (
            {"block_sizes": (4,)},
            (
                "block_sizes",
                "The method deck draws no blocks.",
                "Take the sizes out, or use permuted_blocks.",
            ),
        ),
    ],
)
def test_deck_that_can_not_be_dealt(step: Mapping[str, Any], expected: tuple[str, ...]) -> None:
    path, message, remedy = expected
    told = found(deck_design(**step))
    assert (f"{STEP}.{path}", message, remedy) in told
    assert len(told) == 1 or "draws" in step


def test_deck_that_tells_no_effects_apart() -> None:
    told = found(deck_design(deck_size=2, arms=()))
    remedy = "Give as many as there are effects, and 4 at most, and leave the arms out."
    message = "No deck of 2 cells tells the factors' effects apart."
    assert (f"{STEP}.deck_size", message, remedy) in told


def test_deck_holds_each_arm_once() -> None:
    design = changed(deck_design(), {f"{STEP}.arms[1].weight": 2})
    message = "The arm none.high has the weight 2, and a deck holds it once."
    expected = (f"{STEP}.arms[1].weight", message, "Leave the weights of a deck out.")
    assert found(design) == [expected]


@pytest.mark.parametrize(
    "step",
    [{"draws": 2}, {"draw_order": DrawOrder.LATIN}, {"deck_size": 4}, {"deck_interactions": True}],
)
def test_other_methods_deal_nothing(step: Mapping[str, Any]) -> None:
    design = changed(small(), {f"{STEP}.{name}": value for name, value in step.items()})
    message = "The method permuted_blocks deals no vignettes."
    remedy = "Take out what is for decks, or use the method deck."
    assert found(design) == [(f"{STEP}.draws", message, remedy)]


def test_codes_get_the_number_of_their_draw() -> None:
    long = "w" * 31
    design = changed(
        deck_design(), {"pages[3].items[3].code": long, "pages[1].items[0].code": "will1_2"}
    )
    assert found(design) == [
        (
            f"{STEP}.draws",
            "will1_2 is a code already, and will1 gets it at a draw.",
            "Rename one of them.",
        ),
        (
            f"{STEP}.draws",
            f"{long}_2 has 33 characters.",
            f"Shorten {long}, which is asked repeatedly.",
        ),
    ]


def test_deck_needs_a_vignette_that_repeats_it() -> None:
    message = "No vignette is shown for each draw of deck."
    remedy = "Put `repeats: deck` to the vignette with its slots, and to its questions."
    told = found(changed(deck_design(), {"pages[2].repeats": ""}))
    assert (f"{STEP}.draws", message, remedy) in told


def test_pages_that_repeat_a_deck_are_neighbours() -> None:
    pause = replace(small().pages[3], code="pause", items=(), body=both("Rest.", "쉬세요."))
    design = changed(deck_design(), {"pages": lambda p: (*p[:3], pause, *p[3:])})
    message = "The pages that repeat deck are not neighbours."
    assert found(design) == [("pages[4].repeats", message, "Put them next to each other.")]


def test_what_is_there_for_each_draw_is_named_nowhere_else() -> None:
    def after(told: str, condition: str = "") -> Any:
        page = replace(small().pages[3], code="after", items=(), body=both(told, told))
        page = replace(page, shown_if=condition)
        return lambda pages: (*pages[:4], page, *pages[4:])

    for told, condition, name in (
        ("So {reward}.", "", "reward"),
        ("You said {will1}.", "", "will1"),
        ("So.", "will1 > 3", "will1"),
        ("So.", 'voice == "low"', "voice"),
    ):
        design = changed(deck_design(), {"pages": after(told, condition)})
        message = f"after names {name}, of which there is one for each draw."
        assert found(design) == [("pages[4]", message, REMEDY)]


def test_another_randomisation_does_not_go_by_a_draw() -> None:
    base = small()
    tone = replace(base.factors[1], code="tone")
    deck = replace(
        base.randomisations[0],
        code="deck",
        factors=("reward",),
        arms=(Arm(("none",)), Arm(("money",))),
        method=Method.DECK,
        draws=2,
        strata=(),
        block_sizes=(),
    )
    arms = (Arm(("low",)), Arm(("high",)))
    other = Randomisation("main", ("tone",), arms, block_sizes=(2,), assign_if="will1 > 3")
    letter = replace(base.pages[2], code="letter", body=both("{tone}", "{tone}"))
    design = changed(
        base,
        {
            "factors": (base.factors[0], tone),
            "randomisations": (deck, other),
            "pages[2].body": both("{reward}", "{reward}"),
            "pages[2].repeats": "deck",
            "pages[3].repeats": "deck",
            "pages": lambda pages: (*pages[:4], letter, *pages[4:]),
            "plan.contrasts": lambda contrasts: contrasts[:1],
        },
    )
    message = "main names will1, of which there is one for each draw."
    told = ("randomisations[1].assign_if", message, "Name something else.")
    assert told in found(design)


def test_check_that_is_asked_for_each_draw_excludes_nobody() -> None:
    design = changed(deck_design(), {"plan.post_treatment_exclusions": ("noticed",)})
    message = "noticed is asked for each draw, and excludes whole participants."
    assert ("plan.post_treatment_exclusions[0]", message, "Take it out.") in found(design)


def test_contrast_within_participants_needs_an_outcome_for_each_draw() -> None:
    design = changed(deck_design(), {"pages[3].repeats": ""})
    message = "money_vs_none varies from draw to draw, and will is asked once."
    told = ("plan.contrasts[0]", message, "Ask will on pages that repeat deck.")
    assert told in found(design)


@pytest.mark.parametrize("name", ["covariates", "associations"])
def test_predictor_of_a_participant_is_asked_once(name: str) -> None:
    mood = Page("mood", PageKind.QUESTIONS, both("Mood", "기분"), {}, repeats="deck")
    mood = replace(mood, items=(replace(small().item("education"), code="spirits"),))
    design = deck_design()
    pages = (*design.pages[:2], mood, *design.pages[2:])
    design = changed(replace(design, pages=pages), {f"plan.{name}": ("spirits",)})
    message = "spirits is asked for each draw, and others were judged before it."
    remedy = "Name what is asked once, before the vignettes."
    assert found(design) == [(f"plan.{name}[0]", message, remedy)]


def test_scale_is_asked_once_or_for_each_draw() -> None:
    design = changed(deck_design(), {"pages[1].items": add(likert("will3", "will"))})
    message = "will3 is asked once, and others of will repeatedly."
    assert ("pages[1].items[5].scale", message, "Give it a scale of its own.") in found(design)


def test_page_repeats_a_deck_that_there_is() -> None:
    design = changed(deck_design(), {"pages[3].repeats": "dekc"})
    told = ("pages[3].repeats", "There is no deck dekc.", "Name one of: deck.")
    assert told in found(design)
    design = changed(small(), {"pages[3].repeats": "main"})
    expected = ("pages[3].repeats", "There is no deck main.", "Give a step the method deck.")
    assert found(design) == [expected]


def test_some_pages_are_shown_once() -> None:
    design = changed(deck_design(), {"pages[4].repeats": "deck"})
    expected = ("pages[4].repeats", "A page of kind end is shown once.", "Take it out.")
    assert found(design) == [expected]
    in_block = {"pages[3].block": "late", "blocks": (Block("late"),)}
    message = "opinion is in a block, whose pages change places."
    told = ("pages[3].repeats", message, "Take it out of the block.")
    assert found(changed(deck_design(), in_block)) == [told]


def test_data_set_of_all_draws_is_not_too_wide() -> None:
    options = tuple(Option(f"o{n}", both(f"O{n}", f"보기{n}")) for n in range(400))
    uses = Item("uses", ItemKind.MULTIPLE, both("Which?", "무엇을?"), options)
    design = changed(deck_design(draws=4), {"pages[3].items": add(uses)})
    ((path, message, remedy),) = found(design)
    assert (path, remedy) == ("pages", "Deal or ask less: 1500 variables at most.")
    assert message.startswith("With every draw the data set would have 1")


def test_arms_of_a_deck_of_some_cells_tell_its_effects() -> None:
    arms = tuple(Arm(cell) for cell in (("none", "low"), ("money", "high"), ("none", "high")))
    assert found(deck_design(deck_size=3, arms=arms)) == []
    message = "The arms of deck do not tell the factors' effects apart."
    expected = (f"{STEP}.arms", message, "Leave the arms out: the best ones are found.")
    assert found(deck_design(deck_size=2, arms=arms[:2])) == [expected]
    assert found(deck_design(deck_size=3, arms=arms, deck_interactions=True)) == [expected]


def test_deck_of_some_cells_tells_interactions_only_if_it_was_chosen_for_them() -> None:
    both_factors = {"plan.contrasts": small().plan.contrasts}
    message = "The deck deck does not tell reward_by_voice."
    remedy = "Set deck_interactions (two factors at most), or take the contrast out of the plan."
    expected = ("plan.contrasts[1].interaction", message, remedy)
    assert found(changed(deck_design(deck_size=4), both_factors)) == [expected]
    chosen = deck_design(deck_size=4, deck_interactions=True)
    assert found(changed(chosen, both_factors)) == []
