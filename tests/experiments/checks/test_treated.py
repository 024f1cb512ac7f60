"""Conditions that would let the treatment decide who stays in, or of whom the outcome is asked."""

from collections.abc import Mapping
from typing import Any

import pytest

from experiments.checks import problems
from experiments.checks.problem import Problem
from tests.changed import changed
from tests.designs import small

SCREEN, SHOWN, ITEM = "pages[3].screen_out_if", "pages[3].shown_if", "pages[3].items[0].shown_if"
BY_ARM = Problem(
    SCREEN,
    "This would screen out by arm: it names reward.",
    "Leave the factors out: arms could not be compared any more.",
)
LATE = "Screen before the treatment, or name it in the plan's post_treatment_exclusions."
OF_EVERYBODY = "Ask the outcome of everybody, in every arm."


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({SCREEN: 'reward == "money"'}, [BY_ARM]),
        (
            {SCREEN: 'noticed == "money" or gender == "man"'},
            [
                Problem(
                    SCREEN,
                    "noticed is asked after the treatment, which may decide who is out.",
                    LATE,
                )
            ],
        ),
        (
            {
                SCREEN: 'noticed == "money"',
                "plan.post_treatment_exclusions": ("noticed",),
            },
            [],
        ),
        ({SCREEN: 'gender == "man"'}, []),
        ({"pages[1].screen_out_if": 'education == "1"'}, []),
        (
            {SHOWN: 'reward == "money"'},
            [
                Problem(
                    SHOWN,
                    "Whether the outcome will1, will2 is asked would rest on reward.",
                    OF_EVERYBODY,
                )
            ],
        ),
        (
            {"pages[3].items[1].shown_if": 'will1 == "7"'},
            [
                Problem(
                    "pages[3].items[1].shown_if",
                    "Whether the outcome will2 is asked would rest on will1.",
                    OF_EVERYBODY,
                )
            ],
        ),
        ({ITEM: 'gender == "man"'}, []),
        ({"pages[3].items[3].shown_if": 'reward == "money"'}, []),
    ],
)
def test_what_the_treatment_may_not_decide_is_refused(
    values: Mapping[str, Any], expected: list[Problem]
) -> None:
    found = problems(changed(small(), values))
    assert [each for each in found if not each.path.startswith("plan.outcome")] == expected
