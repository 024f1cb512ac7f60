"""Each rule about where conditions stand and what they name: a change, and the problem it makes."""

from collections.abc import Mapping
from typing import Any

import pytest

from experiments.checks import Problem, problems
from experiments.design import PROLIFIC, Block, Design, Order
from tests.changed import changed
from tests.responses.every_kind import kinds_design

EARLIER = "Name what is asked before."
NEVER = "This can never come true."
GONE = "Change it, or take out what nobody would see."
LATER = "Use it on a later page than its vignette."
OTHERS = "reward, voice, prolific_pid, prolific_study, prolific_session"


def _base() -> Design:
    """Pages: welcome, about, kinds (every kind of item), story, opinion, thanks."""
    alone = {"pages[2].items[14].shown_if": "", "randomisations[0].strata": ()}
    return changed(kinds_design(), {"parameters": PROLIFIC, **alone})


REFUSED: list[tuple[str, str, str, str]] = [
    *(
        (
            f"pages[{page}].{name}",
            "answered(prolific_study)",
            f"A page of kind {kind} has no conditions.",
            "Take it out: everybody sees it.",
        )
        for page, kind in [(0, "consent"), (5, "end")]
        for name in ("shown_if", "screen_out_if")
    ),
    ("pages[2].shown_if", 'gender = "man"', "A single = compares nothing.", "Write ==."),
    (
        "pages[2].screen_out_if",
        "gender ==",
        "After “==” comes nothing.",
        "Name an item, a factor or a parameter, or write a code in quotes.",
    ),
    (
        "pages[2].items[0].shown_if",
        "answered gender",
        "After “answered” comes “gender”.",
        "Write ( there.",
    ),
    *(
        (
            path,
            condition,
            "This screens out everybody who sends the page.",
            "Change it, so that some go on.",
        )
        for path, condition in [
            ("pages[1].screen_out_if", '"1" == "1"'),
            ("pages[1].screen_out_if", "answered(attention)"),
            ("pages[2].screen_out_if", 'gender != "man" or gender == "man"'),
        ]
    ),
    *(
        (path, 'gender == "man" and gender == "woman"', NEVER, GONE)
        for path in ("pages[2].shown_if", "pages[2].screen_out_if", "pages[2].items[0].shown_if")
    ),
    *(
        (path, 'reward == "money"', "The factor reward is not shown before this is decided.", LATER)
        for path in [
            "pages[2].shown_if",
            "pages[2].items[0].shown_if",
            "pages[3].shown_if",
        ]
    ),
    (
        "pages[2].items[1].shown_if",
        'gendre == "man"',
        "gendre is no item, factor or parameter.",
        "Codes stand in quotes; names are: gender, education, motive1, motive2, attention, "
        f"agree1, {OTHERS}.",
    ),
    (
        "pages[4].shown_if",
        "one == park",
        "park is no item, factor or parameter.",
        "Codes stand in quotes; names are: gender, education, motive1, motive2, attention, "
        f"agree1, poles1, one, some, menu, {OTHERS}.",
    ),
    (
        "pages[2].shown_if",
        "answered(motive)",
        "motive is no item, factor or parameter.",
        "Codes stand in quotes; names are: gender, education, motive1, motive2, attention, "
        f"{OTHERS}.",
    ),
    (
        "pages[4].shown_if",
        'prolific_pid == "x"',
        "prolific_pid says who somebody is, which is kept apart from what conditions know.",
        "Name a parameter that does not identify.",
    ),
    *(
        (path, f"answered({name})", f"{name} is asked too late for this to be decided.", EARLIER)
        for path, name in [
            ("pages[1].shown_if", "gender"),
            ("pages[1].shown_if", "noticed"),
            ("pages[1].screen_out_if", "years"),
            ("pages[1].items[1].shown_if", "education"),
            ("pages[1].items[1].shown_if", "motive1"),
            ("pages[2].shown_if", "agree1"),
        ]
    ),
    *(
        (
            "pages[4].shown_if",
            f"answered({name})",
            f"{name} is of kind {kind}, which a condition can't compare.",
            "Name another item.",
        )
        for name, kind in [("order", "ranking"), ("points", "allocation"), ("note", "statement")]
    ),
]

ALLOWED = [
    ("pages[1].shown_if", "answered(prolific_study)"),
    ("pages[1].screen_out_if", 'attention == "1"'),
    ("pages[1].items[1].shown_if", 'gender == "man"'),
    ("pages[2].shown_if", "answered(attention)"),
    ("pages[2].screen_out_if", "years < 18"),
    ("pages[2].items[14].shown_if", 'one == "park" and day == "2026-03-31"'),
    ("pages[3].shown_if", 'gender == "man"'),
    ("pages[3].screen_out_if", 'years < 18 and gender == "man"'),
    ("pages[4].items[2].shown_if", 'reward == "money" and voice == "low"'),
    ("pages[4].items[0].shown_if", 'prolific_session == "x" or place == "Seoul"'),
]


@pytest.mark.parametrize(("path", "condition", "message", "remedy"), REFUSED)
def test_condition_that_can_not_be_decided_is_refused(
    path: str, condition: str, message: str, remedy: str
) -> None:
    assert problems(changed(_base(), {path: condition})) == [Problem(path, message, remedy)]


@pytest.mark.parametrize(("path", "condition"), ALLOWED)
def test_condition_that_can_be_decided_is_taken(path: str, condition: str) -> None:
    assert problems(changed(_base(), {path: condition})) == []


def _in_a_block(order: Order) -> Mapping[str, Any]:
    block = {"blocks": (Block("mixed", order),), "pages[1].block": "mixed"}
    return {**block, "pages[2].block": "mixed"}


@pytest.mark.parametrize("order", [Order.RANDOM, Order.FLIPPED])
@pytest.mark.parametrize("path", ["pages[2].shown_if", "pages[2].items[3].shown_if"])
def test_condition_on_a_page_that_may_come_later_is_refused(path: str, order: Order) -> None:
    values = {**_in_a_block(order), path: 'gender == "man"'}
    message = "gender is asked in the same block, whose pages come in any order."
    expected = [Problem(path, message, "Name what is asked before the block.")]
    assert problems(changed(_base(), values)) == expected


@pytest.mark.parametrize(
    ("order", "path", "condition"),
    [
        (Order.FIXED, "pages[2].shown_if", 'gender == "man"'),
        (Order.RANDOM, "pages[2].items[3].shown_if", 'one == "park"'),
        (Order.RANDOM, "pages[4].shown_if", 'gender == "man" and one == "park"'),
    ],
)
def test_condition_on_a_page_that_comes_before_is_taken(
    order: Order, path: str, condition: str
) -> None:
    assert problems(changed(_base(), {**_in_a_block(order), path: condition})) == []


def test_several_things_that_are_wrong_with_a_condition_are_all_told() -> None:
    path = "pages[2].shown_if"
    assert problems(changed(_base(), {path: 'gender == "boy" and answered(order)'})) == [
        Problem(path, "order is asked too late for this to be decided.", EARLIER),
        Problem(
            path,
            "order is of kind ranking, which a condition can't compare.",
            "Name another item.",
        ),
        Problem(path, "gender is never “boy”.", "It can be: woman, man, no_answer."),
    ]


@pytest.mark.parametrize("order", [Order.RANDOM, Order.FLIPPED])
def test_condition_on_an_item_that_may_come_later_is_refused(order: Order) -> None:
    path = "pages[1].items[3].shown_if"
    values = {path: "motive1 > 3", "scales[0].item_order": order}
    message = "motive1 may come after this: the items of its scale change places."
    expected = [Problem(path, message, "Ask it on an earlier page, or fix item_order.")]
    assert problems(changed(_base(), values)) == expected
    assert problems(changed(_base(), {**values, "scales[0].item_order": Order.FIXED})) == []


def test_condition_on_items_that_change_places_before_it_is_taken() -> None:
    values = {"pages[1].items[4].shown_if": "motive1 > 3", "scales[0].item_order": Order.RANDOM}
    assert problems(changed(_base(), values)) == []
