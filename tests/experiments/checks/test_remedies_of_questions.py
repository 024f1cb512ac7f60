"""What every rule about scales and items says and advises, and what is just within it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from experiments.checks import Problem, problems
from experiments.design import Missing, Option, Order, Scale, Subscale
from tests.changed import add, changed
from tests.designs import agreement, both
from tests.responses.ways import checked

ABOUT = "pages[1].items"
# A comprehension check.
CHECK = f"{ABOUT}[5]"
UNSURE = Option("-9", both("Don’t know", "모름"), Missing.DONT_KNOW)


REFUSED: list[tuple[dict[str, Any], list[Problem]]] = [
    (
        {
            "scales": add(
                Scale(
                    "idle",
                    both("Idle", "빈"),
                    agreement(2),
                    (Subscale("part", both("Part", "부분")),),
                )
            )
        },
        [
            Problem("scales[2]", "No item belongs to the scale idle.", "Add items or drop it."),
            Problem(
                "scales[2].subscales[0]",
                "No item belongs to the subscale part.",
                "Add items or drop it.",
            ),
        ],
    ),
    (
        {"scales[1].options": agreement(1)},
        [
            Problem(
                "scales[1].options",
                "There are no two options that count as answers.",
                "Add options to choose from.",
            )
        ],
    ),
    (
        {"scales[1].options[0].code": "never"},
        [
            Problem(
                "scales[1].options[0].code",
                "never is no number, and a scale or ordinal item is analysed as numbers.",
                'Use whole numbers as codes, as in "1".',
            )
        ],
    ),
    (
        {"scales[1].options[6].missing": Missing.DONT_KNOW},
        [
            Problem(
                "scales[1].options[6].code",
                "7 counts as no answer, but stands among numbers as one.",
                'Give it a negative number as code, as in "-9".',
            )
        ],
    ),
    (
        {"scales[1].options": add(Option("07", both("Again", "다시")))},
        [
            Problem(
                "scales[1].options[7].code",
                "07 and 7 are the same number.",
                "Give each option a number of its own.",
            )
        ],
    ),
    (
        {f"{ABOUT}[0].scale": "motive"},
        [
            Problem(
                "pages[1].items[0].scale",
                "gender has a scale, but is of kind single.",
                "Make it likert, or take that out.",
            )
        ],
    ),
    (
        {"pages[3].items[0].scale": ""},
        [Problem("pages[3].items[0].scale", "will1 has no scale.", "Name one of: motive, will.")],
    ),
    (
        {"pages[3].items[0].subscale": "care"},
        [
            Problem(
                "pages[3].items[0].subscale",
                "will has no subscale care.",
                "Name one of: none so far.",
            ),
            Problem(
                "plan.associations[1]",
                "care is asked after the treatment, which may have changed it.",
                "Ask it before the first vignette, or take it out.",
            ),
        ],
    ),
    (
        {"scales[1].options": lambda options: (*options, UNSURE, replace(UNSURE, code="-8"))},
        [
            Problem(
                "scales[1].options",
                "will has two options with the same kind of missing.",
                "Keep one of them: data tell them by that kind.",
            )
        ],
    ),
    (
        {"scales[1].option_order": Order.RANDOM},
        [
            Problem(
                "scales[1].option_order",
                "The options of will are ranked, and would come in any order.",
                "Use fixed or flipped.",
            )
        ],
    ),
    (
        {"scales[1].options[6].exclusive": True},
        [
            Problem(
                "scales[1].options[6].exclusive",
                "7 is exclusive, but a scale takes one answer.",
                "Take that out.",
            )
        ],
    ),
    *(
        (
            {f"{ABOUT}[1].{name}": value},
            [
                Problem(
                    f"{ABOUT}[1].{name}",
                    f"education has a {name}, but is of kind dropdown.",
                    "Make it likert, or take that out.",
                )
            ],
        )
        for name, value in [("subscale", "care"), ("reverse", True)]
    ),
]

ALLOWED: list[dict[str, Any]] = [
    {},
    {"scales[1].options": lambda options: (*options, UNSURE)},
    {
        "scales[1].options": lambda options: (
            *options,
            UNSURE,
            Option("-8", UNSURE.label, Missing.PREFER_NOT_TO_SAY),
        )
    },
    {"scales[1].option_order": Order.FLIPPED},
    {"scales[1].item_order": Order.RANDOM},
    {f"{ABOUT}[2].subscale": ""},
]


@pytest.mark.parametrize(("values", "expected"), REFUSED)
def test_remedies_of_questions_are_said_whole(
    values: Mapping[str, Any], expected: list[Problem]
) -> None:
    assert problems(changed(checked(), values)) == expected


@pytest.mark.parametrize("values", ALLOWED)
def test_what_is_just_within_the_rules_of_questions_is_taken(values: Mapping[str, Any]) -> None:
    assert problems(changed(checked(), values)) == []
