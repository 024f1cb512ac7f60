"""Each rule about comparisons: a condition put into a valid design, and the problem it makes."""

import pytest

from experiments.checks import Problem, problems
from experiments.design import PROLIFIC, Design, Option
from tests.changed import add, changed
from tests.designs import both
from tests.responses.every_kind import kinds_design

PATH = "pages[4].items[3].shown_if"
AMONG = 'Ask whether one is among them: "…" in some.'
SEVERAL = "some holds several answers, which are never equal to one."
PLACES = "It can be: park, library, pool."
NO_SIZE = "is no number, and so never more or less than something."


def _asking(condition: str) -> Design:
    """Every kind of item before the vignette, and a condition at an item after it."""
    return changed(kinds_design(), {"parameters": PROLIFIC, PATH: condition})


REFUSED: list[tuple[str, str, str]] = [
    *(
        (condition, SEVERAL, AMONG)
        for condition in [
            'some == "park"',
            '"park" != some',
            'some in ["park", "pool"]',
            'some not in ["park"]',
            "some < 3",
            "some == one",
            "one == some",
            "some in some",
            'some == "park" or some == "pool"',
        ]
    ),
    *(
        (condition, f"{name} is a number, and never “old”.", "Compare it with a number.")
        for condition, name in [
            ('years == "old"', "years"),
            ('"old" != mood', "mood"),
            ('distance in [1, "old"]', "distance"),
            ('years == 1 or years == "old"', "years"),
        ]
    ),
    ('one == "prak"', "one is never “prak”.", PLACES),
    ('"prak" == one', "one is never “prak”.", PLACES),
    ('one != "prak"', "one is never “prak”.", PLACES),
    ('one in ["park", "prak"]', "one is never “prak”.", PLACES),
    ('one not in ["prak"]', "one is never “prak”.", PLACES),
    ('not (one == "Park")', "one is never “Park”.", PLACES),
    ('"prak" in some', "some is never “prak”.", "It can be: park, library, pool, none."),
    ("agree1 == 6", "agree1 is never “6”.", "It can be: 1, 2, 3, 4, 5."),
    ("poles1 == 0", "poles1 is never “0”.", "It can be: 1, 2, 3, 4, 5."),
    ('menu == "-8"', "menu is never “-8”.", "It can be: park, library, pool, -9."),
    ('reward == "mony"', "reward is never “mony”.", "It can be: none, money."),
    ('voice == "low" or voice == "hihg"', "voice is never “hihg”.", "It can be: low, high."),
    *(
        (condition, f"{name} {NO_SIZE}", "Use ==, != or in.")
        for condition, name in [
            ("one < 3", "one"),
            ("3 >= one", "one"),
            ("reward > 1", "reward"),
            ("day <= 3", "day"),
            ("one > years", "one"),
        ]
    ),
    *(
        (condition, f"“{said}” {NO_SIZE}", "Compare with a number.")
        for condition, said in [
            ('years > "old"', "old"),
            ('"b" <= agree1', "b"),
            ('place < "b"', "b"),
            ('prolific_study >= ""', ""),
            ('years < "1e3"', "1e3"),
        ]
    ),
]

ALLOWED = [
    '"park" in some',
    '"none" not in some',
    "one in some",
    "answered(some)",
    'one == "park"',
    'one in ["park", "pool"]',
    "one == menu",
    'menu == "-9"',
    "agree1 == 5",
    'agree1 == "5.0"',
    "agree1 > 4",
    "education < 2",
    "years == 12",
    'years != " 12 "',
    "years in [12, 13]",
    "years > mood",
    "mood < 10",
    "distance >= -1.5",
    'place == "Seoul"',
    "place > 3",
    'day == "2026-03-31"',
    'reward == "money"',
    'prolific_study == "abc"',
    "prolific_study > 3",
    "prolific_study == place",
]


@pytest.mark.parametrize(("condition", "message", "remedy"), REFUSED)
def test_comparison_that_is_never_true_is_refused(
    condition: str, message: str, remedy: str
) -> None:
    assert problems(_asking(condition)) == [Problem(PATH, message, remedy)]


@pytest.mark.parametrize("condition", ALLOWED)
def test_comparison_that_can_be_true_is_taken(condition: str) -> None:
    assert problems(_asking(condition)) == []


def test_comparison_of_words_with_a_size_is_told_from_both_sides() -> None:
    assert problems(_asking('one > "park"')) == [
        Problem(PATH, f"one {NO_SIZE}", "Use ==, != or in."),
        Problem(PATH, f"“park” {NO_SIZE}", "Compare with a number."),
    ]


def test_comparison_with_codes_of_which_some_are_numbers_is_taken() -> None:
    two = Option("2", both("Two", "둘"))
    mixed = changed(_asking("one > 1"), {"pages[2].items[2].options": add(two)})
    assert problems(mixed) == []


def test_comparison_with_no_codes_at_all_says_so() -> None:
    bare = changed(_asking('will1 == "1"'), {"pages[4].items[0].scale": "wlil"})
    message = "There is no scale wlil."
    assert problems(bare) == [
        Problem("pages[4].items[0].scale", message, "Name one of: motive, will, agree, poles."),
        Problem(PATH, "will1 is never “1”.", "It can be: none so far."),
    ]
