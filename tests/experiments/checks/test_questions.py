"""Each rule about scales and items: a change to a valid design and every problem it makes."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from experiments.checks import problems
from experiments.design import ItemKind, Measure, Missing, Option, Role, Scale, Subscale
from tests.changed import add, changed
from tests.designs import agreement, both, small

ABOUT = "pages[1].items"

CASES: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
    (
        {"scales[1].options": agreement(1)},
        [("scales[1].options", "There are no two options that count as answers.")],
    ),
    (
        {"scales[1].options[0].code": "never"},
        [
            (
                "scales[1].options[0].code",
                "never is no number, and a scale or ordinal item is analysed as numbers.",
            )
        ],
    ),
    (
        {"scales[1].options[6].missing": Missing.DONT_KNOW},
        [("scales[1].options[6].code", "7 counts as no answer, but stands among numbers as one.")],
    ),
    (
        {"scales[1].options": add(Option("-9", both("Don’t know", "모름"), Missing.DONT_KNOW))},
        [],
    ),
    (
        {"scales[1].options": add(Option("07", both("Again", "다시")))},
        [("scales[1].options[7].code", "07 and 7 are the same number.")],
    ),
    (
        {f"{ABOUT}[1].options[0].code": "0", f"{ABOUT}[1].options[2].code": "-0"},
        [("pages[1].items[1].options[2].code", "-0 and 0 are the same number.")],
    ),
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
            ("scales[2]", "No item belongs to the scale idle."),
            ("scales[2].subscales[0]", "No item belongs to the subscale part."),
        ],
    ),
    (
        {f"{ABOUT}[0].options": ()},
        [("pages[1].items[0].options", "There are no two options that count as answers.")],
    ),
    (
        {f"{ABOUT}[1].options[0].code": "school"},
        [
            (
                "pages[1].items[1].options[0].code",
                "school is no number, and a scale or ordinal item is analysed as numbers.",
            )
        ],
    ),
    (
        {f"{ABOUT}[1].options[2].code": "9"},
        [
            (
                "pages[1].items[1].options[2].code",
                "9 counts as no answer, but stands among numbers as one.",
            )
        ],
    ),
    (
        {f"{ABOUT}[2].options": agreement(2)},
        [
            (
                "pages[1].items[2].options",
                "motive1 lists options, but an item of kind likert uses its scale's.",
            )
        ],
    ),
    (
        {"pages[3].items[3].options": agreement(2)},
        [
            (
                f"pages[3].items[3].options[{index}]",
                f"{code} is no kind of missing, and comment is not chosen from.",
            )
            for index, code in enumerate("12")
        ],
    ),
    (
        {"pages[3].items[3].max_length": 0},
        [("pages[3].items[3].max_length", "comment takes 0 characters.")],
    ),
    (
        {f"{ABOUT}[0].measure": Measure.TEXT},
        [("pages[1].items[0].measure", "gender is of kind single, which is not measured as text.")],
    ),
    (
        {f"{ABOUT}[0].scale": "motive"},
        [("pages[1].items[0].scale", "gender has a scale, but is of kind single.")],
    ),
    (
        {"pages[3].items[3].reverse": True},
        [("pages[3].items[3].reverse", "comment has a reverse, but is of kind text.")],
    ),
    (
        {"pages[3].items[0].scale": ""},
        [("pages[3].items[0].scale", "will1 has no scale.")],
    ),
    (
        {"pages[3].items[0].scale": "wlil"},
        [("pages[3].items[0].scale", "There is no scale wlil.")],
    ),
    (
        {"pages[3].items[0].subscale": "care"},
        [
            ("pages[3].items[0].subscale", "will has no subscale care."),
            (
                "plan.associations[1]",
                "care is asked after the treatment, which may have changed it.",
            ),
        ],
    ),
    (
        {f"{ABOUT}[4].expected": "3"},
        [
            (
                "pages[1].items[4].expected",
                "The attention check attention expects no option of its own.",
            )
        ],
    ),
    (
        {f"{ABOUT}[4].expected": ""},
        [
            (
                "pages[1].items[4].expected",
                "The attention check attention expects no option of its own.",
            )
        ],
    ),
    (
        {f"{ABOUT}[0].expected": "man"},
        [("pages[1].items[0].expected", "gender expects an answer, but is no attention check.")],
    ),
    (
        {
            "pages": lambda p: (
                p[0],
                replace(p[1], items=p[1].items[:4]),
                p[2],
                replace(p[3], items=(*p[3].items, p[1].items[4])),
                p[4],
            )
        },
        [
            (
                "pages[3].items[4]",
                "The attention check attention comes after the vignette, which may sway it.",
            ),
            (
                "plan.exclusions[0]",
                "attention is asked after the treatment, which may decide who fails.",
            ),
        ],
    ),
    (
        {f"{ABOUT}[2].role": Role.ATTENTION_CHECK, f"{ABOUT}[2].expected": "1"},
        [("pages[1].items[2].kind", "The attention check motive1 is of kind likert.")],
    ),
    (
        {"pages[3].items[2].checks_factor": ""},
        [("pages[3].items[2].checks_factor", "The manipulation check noticed names no factor.")],
    ),
    (
        {"pages[3].items[2].options[1].code": "mony"},
        [
            (
                "pages[3].items[2].options",
                "The manipulation check noticed has no answer for money.",
            )
        ],
    ),
    (
        {"pages[3].items[2].options": lambda o: (*o, replace(o[0], code="unsure"))},
        [],
    ),
    (
        {
            "pages[3].items[2].options[0].missing": Missing.DONT_KNOW,
            "pages[3].items[2].options[1].missing": Missing.PREFER_NOT_TO_SAY,
            "pages[3].items[2].options": lambda o: (
                *o,
                Option("a", o[0].label),
                Option("b", o[0].label),
            ),
        },
        [
            (
                "pages[3].items[2].options",
                "The manipulation check noticed has no answer for none, money.",
            )
        ],
    ),
    (
        {
            "pages[3].items[2].kind": ItemKind.TEXT,
            "pages[3].items[2].options": (),
        },
        [("pages[3].items[2].kind", "The manipulation check noticed is of kind text.")],
    ),
    (
        {
            "pages[3].items[1].role": Role.MANIPULATION_CHECK,
            "pages[3].items[1].checks_factor": "voice",
        },
        [("pages[3].items[1].kind", "The manipulation check will2 is of kind likert.")],
    ),
    (
        {"pages[3].items[2].role": Role.NONE},
        [
            (
                "pages[3].items[2].checks_factor",
                "noticed checks a factor, but is no manipulation check.",
            )
        ],
    ),
    (
        {
            "pages": lambda p: (
                p[0],
                replace(p[1], items=(*p[1].items, p[3].items[2])),
                p[2],
                replace(p[3], items=(*p[3].items[:2], p[3].items[3])),
                p[4],
            )
        },
        [("pages[1].items[5]", "The manipulation check noticed comes before reward is shown.")],
    ),
]


@pytest.mark.parametrize(("values", "expected"), CASES)
def test_problems_of_questions_are_found_and_nothing_else(
    values: Mapping[str, Any], expected: list[tuple[str, str]]
) -> None:
    found = problems(changed(small(), values))

    assert [(problem.path, problem.message) for problem in found] == expected
    assert all(problem.remedy.endswith((".", "`", "?")) for problem in found)
