"""What every rule about stored designs says and advises, and what is just within it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from experiments.checks import Problem, problems
from experiments.design import Arm, Ending, Outcome, Parameter
from tests.changed import add, changed
from tests.designs import small

BACK = Ending(Outcome.COMPLETED, redirect="https://x.example/")


REFUSED: list[tuple[dict[str, Any], list[Problem]]] = [
    (
        {"format": 2},
        [
            Problem(
                "format",
                "The format is 2, and this version reads format 1.",
                "Write `format: 1` if the file follows it, or use the version that wrote it.",
            )
        ],
    ),
    (
        {"study": "Park!"},
        [
            Problem(
                "study",
                "“Park!” is no code.",
                "Begin with a lower-case letter, then letters a–z, digits or _, 32 at most.",
            )
        ],
    ),
    (
        {"pages[1].items[0].options[0].code": "Wo man"},
        [
            Problem(
                "pages[1].items[0].options[0].code",
                "“Wo man” is no option code.",
                'Write a whole number in quotes, as in "1", or a lower-case word.',
            )
        ],
    ),
    (
        {"languages": ("en", "ko", "Ko")},
        [Problem("languages[2]", "“Ko” is no language tag.", "Write one such as en or ko.")],
    ),
    (
        {"languages": ("en", "ko", "en")},
        [Problem("languages[2]", "en is there twice.", "Take one out.")],
    ),
    (
        {"scales[0].options[1].code": "1"},
        [
            Problem(
                "scales[0].options[1].code",
                "1 is twice among the options at scales[0].options.",
                "Rename one of them.",
            )
        ],
    ),
    (
        {"randomisations[0].arms": add(Arm(("none", "low")))},
        [
            Problem(
                "randomisations[0].arms[4]",
                "The arm none.low is there twice.",
                "Take one out; a larger weight gives an arm more participants.",
            ),
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
        {"pages[3].items[3].code": "arm"},
        [
            Problem(
                "pages[3].items[3].code",
                "arm is reserved: every data set has a variable of that name.",
                "Rename it.",
            )
        ],
    ),
    (
        {"pages[3].items[3].code": "voice"},
        [
            Problem(
                "pages[3].items[3].code",
                "voice names this item and the factor at factors[1].code.",
                "Rename one: factors, scales, subscales, items, parameters and blocks share one "
                "list of names.",
            )
        ],
    ),
    (
        {"plan.outcome": "x" * 33},
        [
            Problem(
                "plan.outcome",
                "“xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…” is no code.",
                "Name it by its code.",
            ),
            Problem(
                "plan.outcome",
                "The outcome xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx is no scale and no item.",
                "Name an item, or a scale or subscale: motive, care, will.",
            ),
        ],
    ),
    (
        {"endings": (BACK, replace(BACK, redirect=""))},
        [Problem("endings[1].outcome", "There are two endings for completed.", "Take one out.")],
    ),
    *(
        (
            {f"pages[3].items[3].{name}": 32_768},
            [
                Problem(f"pages[3].items[3].{name}", "32768 is too many.", "Give fewer."),
                *others,
            ],
        )
        for name, others in [
            ("decimals", []),
            (
                "tries",
                [
                    Problem(
                        "pages[3].items[3].tries",
                        "comment has tries, but is no comprehension check.",
                        "Give it `role: comprehension_check`.",
                    )
                ],
            ),
        ]
    ),
    (
        {"parameters": (Parameter("panel", "P" * 65),)},
        [
            Problem(
                "parameters[0].name",
                "“PPPPPPPPPPPPPPPPPPPP…” has more than 64 characters.",
                "Shorten it.",
            )
        ],
    ),
    (
        {"endings": (replace(BACK, redirect=f"https://x.example/{'y' * 483}"),)},
        [
            Problem(
                "endings[0].redirect",
                "“https://x.example/yy…” has more than 500 characters.",
                "Shorten it.",
            )
        ],
    ),
    *(
        (
            {f"pages[3].items[3].{name}": "2026-03-31T"},
            [
                Problem(
                    f"pages[3].items[3].{name}",
                    "“2026-03-31T…” has more than 10 characters.",
                    "Shorten it.",
                )
            ],
        )
        for name in ("earliest", "latest")
    ),
]

ALLOWED: list[dict[str, Any]] = [
    {"study": "p" + 31 * "_"},
    {"languages": ("en", "ko")},
    {"scales[1].options[0].code": "-1"},
    {"pages[1].items[0].options[0].code": "w_1"},
    {"pages[3].items[3].decimals": 32_767},
    {"parameters": (Parameter("panel", "P" * 64),)},
    {"endings": (BACK, Ending(Outcome.REFUSED))},
    {"endings": (replace(BACK, redirect=f"https://x.example/{'y' * 482}"),)},
    {"pages[3].items[3].earliest": "2026-03-31"},
]


@pytest.mark.parametrize(("values", "expected"), REFUSED)
def test_remedies_of_form_are_said_whole(
    values: Mapping[str, Any], expected: list[Problem]
) -> None:
    assert problems(changed(small(), values)) == expected


@pytest.mark.parametrize("values", ALLOWED)
def test_what_is_just_within_the_rules_of_form_is_taken(values: Mapping[str, Any]) -> None:
    assert problems(changed(small(), values)) == []
