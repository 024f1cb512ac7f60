"""What keeps no design from launch, and is said all the same."""

from typing import Any

import pytest

from experiments.checks.warnings import warnings
from experiments.design import Access, Design, Ending, Outcome, Role
from tests.changed import changed, drop
from tests.designs import both, small


def calm() -> Design:
    """A design of which nothing is to be said."""
    checks = {"pages[3].items[3].role": Role.MANIPULATION_CHECK}
    return changed(
        small(),
        checks
        | {
            "pages[3].items[3].checks_factor": "voice",
            "scales[1].source": "Made up for tests.",
            "debriefing": both("It was made up.", "지어낸 이야기입니다."),
            "plan.outcome_sd": 1.2,
        },
    )


def test_design_of_which_nothing_is_to_be_said() -> None:
    assert warnings(calm()) == []


@pytest.mark.parametrize(
    ("values", "path", "message"),
    [
        ({"question": {}}, "question", "The study does not say what it asks."),
        (
            {"plan.smallest_effect": None},
            "plan.smallest_effect",
            "The plan has no smallest effect of interest.",
        ),
        (
            {"plan.outcome_sd": None},
            "plan.outcome_sd",
            "The plan counts on no standard deviation of the outcome.",
        ),
        (
            {"plan.post_treatment_exclusions": ("noticed",)},
            "plan.post_treatment_exclusions",
            "Checks after the treatment exclude: the arms that are left may not be alike.",
        ),
        (
            {"pages[3].items[2].checks_factor": ""},
            "factors[0]",
            "No item asks whether reward was noticed.",
        ),
        ({"pages[1].items": drop(4)}, "pages", "No item checks attention."),
        (
            {"factors[1].levels[1].text.en": "Residents decided. " * 8},
            "factors[1].levels",
            "In en its levels say from 3 to 16 words.",
        ),
        ({"scales[1].source": " "}, "scales[1].source", "Nothing says where will comes from."),
        ({"debriefing": {}}, "debriefing", "There is no debriefing."),
        (
            {"pages[0].body": both("Do you take part now?", "Do you take part now?")},
            "pages[0].body",
            "The text in ko is the one in en.",
        ),
        (
            {"access": Access.PANEL},
            "endings",
            "The panel's people are not sent back when they are: completed.",
        ),
        (
            {
                "access": Access.PANEL,
                "pages[1].screen_out_if": 'gender == "man"',
                "endings": (Ending(Outcome.COMPLETED, redirect="https://panel.example/"),),
            },
            "endings",
            "The panel's people are not sent back when they are: screened_out.",
        ),
        (
            {"release_free_text": True},
            "release_free_text",
            "What participants write is published in replication bundles.",
        ),
    ],
)
def test_what_is_worth_a_second_thought_is_said_once(
    values: dict[str, Any], path: str, message: str
) -> None:
    found = [(each.path, each.message) for each in warnings(changed(calm(), values))]
    assert found == [(path, message)]


def test_no_level_that_says_nothing_counts_as_short() -> None:
    silent = changed(calm(), {"factors[1].levels[0].text": both("", "")})
    assert warnings(silent) == []
