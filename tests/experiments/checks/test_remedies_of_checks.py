"""What every rule about items with a right answer says and advises, and what is just within."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from experiments.checks import Problem, problems
from experiments.design import ItemKind, Missing, Option, Role
from tests.changed import changed
from tests.designs import both
from tests.responses.ways import checked

ABOUT = "pages[1].items"
# A comprehension check.
CHECK = f"{ABOUT}[5]"
UNSURE = Option("-9", both("Don’t know", "모름"), Missing.DONT_KNOW)


REFUSED: list[tuple[dict[str, Any], list[Problem]]] = [
    (
        {f"{ABOUT}[0].expected": "man"},
        [
            Problem(
                "pages[1].items[0].expected",
                "gender expects an answer, but is no attention check.",
                "Give it `role: attention_check`.",
            )
        ],
    ),
    (
        {f"{ABOUT}[2].role": Role.ATTENTION_CHECK, f"{ABOUT}[2].expected": "1"},
        [
            Problem(
                "pages[1].items[2].kind",
                "The attention check motive1 is of kind likert.",
                "Make it single, so that no scale counts it.",
            )
        ],
    ),
    (
        {f"{ABOUT}[4].expected": "3"},
        [
            Problem(
                "pages[1].items[4].expected",
                "The attention check attention expects no option of its own.",
                "Name one of: 1, 2.",
            )
        ],
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
            Problem(
                "pages[3].items[4]",
                "The attention check attention comes after the vignette, which may sway it.",
                "Ask it on an earlier page.",
            ),
            Problem(
                "plan.exclusions[0]",
                "attention is asked after the treatment, which may decide who fails.",
                "Ask it before, drop the rule, or name it in post_treatment_exclusions.",
            ),
        ],
    ),
    (
        {"pages[3].items[2].role": Role.NONE},
        [
            Problem(
                "pages[3].items[2].checks_factor",
                "noticed checks a factor, but is no manipulation check.",
                "Give it `role: manipulation_check`.",
            )
        ],
    ),
    (
        {
            "pages[3].items[2].kind": ItemKind.TEXT,
            "pages[3].items[2].options": (),
        },
        [
            Problem(
                "pages[3].items[2].kind",
                "The manipulation check noticed is of kind text.",
                "Make it single, with the levels' codes as options.",
            )
        ],
    ),
    (
        {"pages[3].items[2].checks_factor": ""},
        [
            Problem(
                "pages[3].items[2].checks_factor",
                "The manipulation check noticed names no factor.",
                "Name one of: reward, voice.",
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
        [
            Problem(
                "pages[1].items[6]",
                "The manipulation check noticed comes before reward is shown.",
                "Ask it on the vignette's page or later.",
            )
        ],
    ),
    (
        {"pages[3].items[2].options[1].code": "mony"},
        [
            Problem(
                "pages[3].items[2].options",
                "The manipulation check noticed has no answer for money.",
                "Give one option for each level of reward, with the level's code.",
            )
        ],
    ),
    *(
        (
            {f"{CHECK}.tries": tries},
            [
                Problem(
                    f"{CHECK}.tries",
                    f"The comprehension check understood gives {tries} tries.",
                    "Give 1 to 20.",
                )
            ],
        )
        for tries in (0, 21)
    ),
    *(
        (
            {f"{CHECK}.{name}": value},
            [
                Problem(
                    f"{CHECK}.{name}",
                    "The comprehension check understood may be left open.",
                    "Let it be required, and not soft.",
                )
            ],
        )
        for name, value in [("required", False), ("soft", True)]
    ),
    (
        {f"{ABOUT}[0].tries": 2},
        [
            Problem(
                f"{ABOUT}[0].tries",
                "gender has tries, but is no comprehension check.",
                "Give it `role: comprehension_check`.",
            )
        ],
    ),
    (
        {f"{ABOUT}[4].role": Role.MOCK_VIGNETTE_CHECK, f"{ABOUT}[4].expected": "3"}
        | {"plan.exclusions": ()},
        [
            Problem(
                f"{ABOUT}[4].expected",
                "The mock vignette check attention expects no option of its own.",
                "Name one of: 1, 2.",
            )
        ],
    ),
]

ALLOWED: list[dict[str, Any]] = [
    *({f"{CHECK}.tries": tries} for tries in (1, 20)),
    {f"{ABOUT}[4].expected": "1"},
    {f"{ABOUT}[4].kind": ItemKind.DROPDOWN},
    {"pages[3].items[2].kind": ItemKind.DROPDOWN},
    {"pages[3].items[2].role": Role.NONE, "pages[3].items[2].checks_factor": ""},
]


@pytest.mark.parametrize(("values", "expected"), REFUSED)
def test_remedies_of_checks_are_said_whole(
    values: Mapping[str, Any], expected: list[Problem]
) -> None:
    assert problems(changed(checked(), values)) == expected


@pytest.mark.parametrize("values", ALLOWED)
def test_what_is_just_within_the_rules_of_checks_is_taken(values: Mapping[str, Any]) -> None:
    assert problems(changed(checked(), values)) == []
