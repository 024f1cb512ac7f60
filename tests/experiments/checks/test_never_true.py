"""Whether a condition can come true, case by case: what each kind of item and page allows."""

from collections.abc import Mapping
from typing import Any

import pytest

from experiments.checks import Problem, problems
from experiments.checks.reach import MOST_OPTIONS, MOST_STEPS
from experiments.design import PROLIFIC, Arm, Design, Missing, Option
from tests.changed import add, changed
from tests.designs import agreement, both
from tests.responses.every_kind import kinds_design

PATH = "pages[4].items[3].shown_if"
REFUSED = [
    Problem(PATH, "This can never come true.", "Change it, or take out what nobody would see.")
]
UNSURE = Option("-8", both("Don’t know", "모름"), Missing.DONT_KNOW)
THREE_ARMS = {
    "randomisations[0].arms": (Arm(("none", "low")), Arm(("none", "high")), Arm(("money", "low"))),
    "randomisations[0].block_sizes": (3,),
    "plan.contrasts": lambda contrasts: (),
}


def _asking(condition: str, values: Mapping[str, Any]) -> Design:
    """Pages: welcome, about, kinds (every kind of item), story, opinion (the condition), thanks."""
    alone = {"pages[2].items[14].shown_if": "", "parameters": PROLIFIC}
    return changed(kinds_design(), {**alone, PATH: condition, **values})


@pytest.mark.parametrize(
    "condition",
    [
        '"1" == "2"',
        'one == "park" and one == "pool"',
        'one == "park" and one not in ["park"]',
        "not answered(one)",
        'gender == "no_answer" and answered(gender)',
        "education < 0",
        "education < 2 and education == 2",
        "agree1 > 5",
        "agree1 < 2 and agree1 != 1",
        '"none" in some and "park" in some',
        "not answered(some)",
        'answered(some) and "park" not in some and "library" not in some and "pool" not in some '
        'and "none" not in some',
        "years < 0",
        "years > 120",
        "years == 121",
        "years == 40 and years > 50",
        "distance > 3 and distance < 3",
        "not answered(mood)",
        "mood > 100",
        'reward == "none" and reward == "money"',
        "not answered(reward)",
        "answered(place) and years < 0",
        'prolific_study == "a" and years < 0',
    ],
)
def test_condition_that_no_answers_make_true_is_refused(condition: str) -> None:
    assert problems(_asking(condition, {})) == REFUSED


@pytest.mark.parametrize(
    "condition",
    [
        '"1" == "1"',
        'gender == "no_answer" and not answered(gender)',
        'education == "-9"',
        "education != 2 and education != 1",
        "agree1 > 4 and agree1 < 6",
        '"none" in some',
        '"park" in some and "pool" in some and "library" not in some',
        "years == 0 or years > 120",
        "years >= 120",
        "years <= 0",
        "not answered(years)",
        "not answered(menu)",
        "not answered(distance)",
        "distance > 2.4 and distance < 2.6",
        "distance < -1000000",
        "mood > 90",
        "not answered(place)",
        'place == "Seoul" and place != "Busan"',
        'day == "1900-01-01"',
        'reward == "money" and voice == "high"',
        'prolific_study == "a" and prolific_session == "b"',
        "not answered(prolific_study)",
        "one == menu and one in some",
        "years > mood",
        "years < 0 or distance > years",
    ],
)
def test_condition_that_some_answers_make_true_is_taken(condition: str) -> None:
    assert problems(_asking(condition, {})) == []


@pytest.mark.parametrize(
    ("condition", "values"),
    [
        ("not answered(one)", {"pages[2].items[2].required": False}),
        ("not answered(one)", {"pages[2].items[2].soft": True}),
        ("not answered(one)", {"pages[2].items[2].shown_if": 'gender == "man"'}),
        ("not answered(one)", {"pages[2].shown_if": 'gender == "man"'}),
        ("not answered(some)", {"pages[2].items[3].options": add(UNSURE)}),
        ("not answered(mood)", {"pages[2].items[7].options": (UNSURE,)}),
        ("years > 120", {"pages[2].items[5].maximum": None}),
        ("years < -9", {"pages[2].items[5].minimum": -20, "pages[2].items[5].options": ()}),
        ("not answered(will1)", {}),
        ("not answered(reward)", {"pages[3].shown_if": 'gender == "man"'}),
        ('reward == "money" and gender == "man"', {"pages[3].shown_if": 'gender == "man"'}),
        ('reward == "money" and voice == "low"', THREE_ARMS),
        ('one == "pool"', {"pages[2].screen_out_if": 'one == "park"'}),
        (
            'one == "park"',
            {"pages[2].screen_out_if": 'one == "park"', "pages[2].shown_if": 'gender == "man"'},
        ),
    ],
)
def test_condition_that_another_study_makes_possible_is_taken(
    condition: str, values: Mapping[str, Any]
) -> None:
    found = problems(_asking(condition, values))
    assert [problem for problem in found if problem in REFUSED] == []


@pytest.mark.parametrize(
    ("condition", "values"),
    [
        ('one == "park" and gender == "woman"', {"pages[2].shown_if": 'gender == "man"'}),
        ('one == "park" and gender == "woman"', {"pages[2].items[2].shown_if": 'gender == "man"'}),
        ('gender == "woman"', {"pages[4].shown_if": 'gender == "man"'}),
        ('one == "park"', {"pages[2].screen_out_if": 'one == "park"'}),
        ('one == "park"', {"pages[3].screen_out_if": 'one == "park" or one == "pool"'}),
        ('reward == "money" and voice == "high"', THREE_ARMS),
        (
            'not answered(one) and gender == "man"',
            {"pages[2].items[2].shown_if": 'gender == "man"'},
        ),
        (
            'one == "park" and attention == "1"',
            {
                "pages[2].items[2].shown_if": 'gender == "man"',
                "pages[1].items[0].shown_if": 'prolific_study == "a"',
                "pages[1].screen_out_if": 'gender == "man" or attention == "1"',
            },
        ),
    ],
)
def test_condition_that_another_study_rules_out_is_refused(
    condition: str, values: Mapping[str, Any]
) -> None:
    found = problems(_asking(condition, values))
    assert [problem for problem in found if problem in REFUSED] == REFUSED


def test_own_screening_is_no_bar_to_what_the_page_asks() -> None:
    screens = {PATH: 'gender == "man"', "pages[4].screen_out_if": 'gender == "man"'}
    assert problems(_asking("", screens)) == []


def test_rule_that_can_not_be_read_is_no_bar_to_others() -> None:
    found = problems(_asking('gender == "man"', {"pages[1].screen_out_if": "gender =="}))
    assert [problem.path for problem in found] == ["pages[1].screen_out_if"]


@pytest.mark.parametrize(("count", "expected"), [(MOST_OPTIONS - 1, REFUSED), (MOST_OPTIONS, [])])
def test_too_many_options_of_a_choice_are_not_told_apart(
    count: int, expected: list[Problem]
) -> None:
    each = " and ".join(f'"{number}" in some' for number in range(1, count + 1))
    values = {"pages[2].items[3].options": agreement(9)}
    assert problems(_asking(f'{each} and "1" not in some', values)) == expected


def test_what_takes_too_long_to_tell_is_taken() -> None:
    names = ["gender", "education", "motive1", "motive2", "agree1", "poles1", "one"]
    known = " and ".join(
        f"({name} == {other} or {name} != {other})"
        for name, other in zip(names, [*names[1:], "menu"], strict=True)
    )
    assert MOST_STEPS < 4 * 4 * 6 * 6 * 6 * 6 * 4
    assert problems(_asking(f'{known} and menu == "park" and menu == "pool"', {})) == []
