"""What every rule about factors and arms says and advises, and what is just within it."""

from collections.abc import Mapping
from typing import Any

import pytest

from experiments.checks import Problem, problems
from experiments.design import Arm, Parameter, Randomisation
from tests.changed import add, changed, drop
from tests.designs import small

REFUSED: list[tuple[dict[str, Any], list[Problem]]] = [
    (
        {"factors[1].levels": drop(1)},
        [
            Problem("factors[1].levels", "voice has no two levels.", "Add a level."),
            Problem(
                "randomisations[0].arms[1].levels", "voice has no level high.", "Name one of: low."
            ),
            Problem(
                "randomisations[0].arms[3].levels", "voice has no level high.", "Name one of: low."
            ),
        ],
    ),
    (
        {
            "randomisations[0].factors": ("reward",),
            "randomisations[0].arms": (Arm(("none",)), Arm(("money",))),
        },
        [
            Problem(
                "factors[1]",
                "No randomisation assigns the factor voice.",
                "Add it to the factors of a randomisation.",
            )
        ],
    ),
    (
        {
            "randomisations": add(
                Randomisation("more", ("voice",), (Arm(("low",)), Arm(("high",))), block_sizes=(2,))
            )
        },
        [
            Problem(
                "factors[1]",
                "voice is assigned more than once: by main, more.",
                "Leave it in one randomisation, once.",
            )
        ],
    ),
    (
        {"factors[1].levels[1].text.en": "The office decided. "},
        [
            Problem(
                "factors[1].levels[1].text",
                "high and low read the same in en.",
                "Let each level say something else: that is what is varied.",
            )
        ],
    ),
    (
        {"randomisations": add(Randomisation("more", (), (), block_sizes=(2,)))},
        [
            Problem(
                "randomisations[1].factors",
                "It assigns no factor.",
                "Name a factor, or take it out.",
            ),
            Problem(
                "randomisations[1].arms", "There are no two arms.", "Leave arms out for every cell."
            ),
        ],
    ),
    (
        {"randomisations[0].factors": ("reward", "vioce")},
        [
            Problem(
                "factors[1]",
                "No randomisation assigns the factor voice.",
                "Add it to the factors of a randomisation.",
            ),
            Problem(
                "randomisations[0].factors[1]",
                "There is no factor vioce.",
                "Name one of: reward, voice.",
            ),
        ],
    ),
    (
        {"randomisations[0].arms": ()},
        [
            Problem(
                "randomisations[0].arms", "There are no two arms.", "Leave arms out for every cell."
            )
        ],
    ),
    (
        {"randomisations[0].arms[3].levels": ("money",)},
        [
            Problem(
                "randomisations[0].arms[3].levels",
                "The arm money has 1 levels for 2 factors.",
                "Give one level for each of: reward, voice.",
            ),
            Problem(
                "plan.contrasts[0]",
                "The contrast money_vs_none needs the arm money.high.",
                "Add the arm, or take the contrast out of the plan.",
            ),
            Problem(
                "plan.contrasts[1]",
                "The contrast reward_by_voice needs the arm money.high.",
                "Add the arm, or take the contrast out of the plan.",
            ),
        ],
    ),
    (
        {"randomisations[0].arms[3].weight": 0},
        [
            Problem(
                "randomisations[0].arms[3].weight",
                "The arm money.high has no weight.",
                "Give it 1 to 1000; to switch an arm off, take it out of the list.",
            )
        ],
    ),
    (
        {
            "randomisations[0].arms": lambda a: (a[0], a[2]),
            "randomisations[0].block_sizes": (2,),
            "plan.contrasts": drop(1),
        },
        [
            Problem(
                "randomisations[0].arms",
                "No arm has the level high of voice.",
                "Add an arm that has it, or take the level out of the factor.",
            ),
            Problem(
                "plan.contrasts[0]",
                "The contrast money_vs_none needs the arm none.high.",
                "Add the arm, or take the contrast out of the plan.",
            ),
            Problem(
                "plan.contrasts[0]",
                "The contrast money_vs_none needs the arm money.high.",
                "Add the arm, or take the contrast out of the plan.",
            ),
        ],
    ),
    (
        {"randomisations[0].block_sizes": ()},
        [
            Problem(
                "randomisations[0].block_sizes",
                "There is no block size.",
                "Give multiples of 4, as in [4, 8].",
            )
        ],
    ),
    (
        {"randomisations[0].arms[3].weight": 2},
        [
            Problem(
                "randomisations[0].block_sizes[0]",
                "A block of 4 can't hold the arms by their weights (5 a round).",
                "Give multiples of 5, as in [5, 10].",
            ),
            Problem(
                "randomisations[0].block_sizes[1]",
                "A block of 8 can't hold the arms by their weights (5 a round).",
                "Give multiples of 5, as in [5, 10].",
            ),
        ],
    ),
    (
        {"randomisations[0].block_sizes": (10004,)},
        [
            Problem(
                "randomisations[0].block_sizes[0]",
                "A block of 10004 is longer than 10000.",
                "Give multiples of 4, as in [4, 8].",
            )
        ],
    ),
    (
        {"randomisations[0].block_sizes": (4, 4)},
        [
            Problem(
                "randomisations[0].block_sizes",
                "A block size is there twice.",
                "Give each size once.",
            )
        ],
    ),
    (
        {"randomisations[0].strata": ("gendre",)},
        [
            Problem(
                "randomisations[0].strata[0]",
                "There is no item or parameter gendre.",
                "Name an item with options, or a parameter with values.",
            )
        ],
    ),
    (
        {"randomisations[0].strata": ("comment",)},
        [
            Problem(
                "randomisations[0].strata[0]",
                "comment is of kind text.",
                "Name an item of which one option is chosen.",
            )
        ],
    ),
    *(
        (
            {f"pages[1].items[0].{name}": value},
            [
                Problem(
                    "randomisations[0].strata[0]",
                    "gender may be left empty.",
                    "Make it required, and not soft.",
                )
            ],
        )
        for name, value in [("required", False), ("soft", True)]
    ),
    *(
        (
            {"parameters": (Parameter("panel", "PANEL"),), path: "answered(panel)"},
            [
                Problem(
                    "randomisations[0].strata[0]",
                    "gender is not asked of everybody.",
                    "Ask it without a condition.",
                )
            ],
        )
        for path in ("pages[1].shown_if", "pages[1].items[0].shown_if")
    ),
    (
        {"randomisations[0].strata": ("noticed",)},
        [
            Problem(
                "randomisations[0].strata[0]",
                "noticed is asked too late to allocate by.",
                "Ask it on a page before the first vignette that shows these factors.",
            )
        ],
    ),
    (
        {"randomisations[0].strata": ("gender", "gender")},
        [Problem("randomisations[0].strata", "One of them is there twice.", "Name each once.")],
    ),
]

ALLOWED: list[dict[str, Any]] = [
    {"factors[0].levels[1].text.en": "You get money, and none."},
    {"randomisations[0].arms[3].weight": 1000, "randomisations[0].block_sizes": (1003,)},
    {"randomisations[0].block_sizes": (10_000,)},
    {"randomisations[0].strata": ()},
    {"randomisations[0].strata": ("education", "gender")},
]


@pytest.mark.parametrize(("values", "expected"), REFUSED)
def test_remedies_of_assignment_are_said_whole(
    values: Mapping[str, Any], expected: list[Problem]
) -> None:
    assert problems(changed(small(), values)) == expected


@pytest.mark.parametrize("values", ALLOWED)
def test_what_is_just_within_the_rules_of_assignment_is_taken(values: Mapping[str, Any]) -> None:
    assert problems(changed(small(), values)) == []


def test_study_that_varies_nothing_is_told_so() -> None:
    found = problems(changed(small(), {"factors": (), "randomisations": ()}))
    assert [problem for problem in found if problem.path == "factors"] == [
        Problem("factors", "The study varies nothing.", "Add a factor with its levels.")
    ]
