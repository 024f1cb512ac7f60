"""What every rule about the plan says and advises, and what is just within it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from experiments.checks import Problem, problems
from experiments.design import Exclusion, Role
from tests.changed import add, changed, drop
from tests.designs import small
from tests.responses.ways import yes_or_no

# A comprehension check on the page after the vignette.
UNDERSTOOD: dict[str, Any] = {
    "pages[3].items": add(
        replace(
            yes_or_no("understood", "Was it the office?", "구청이 정했습니까?"),
            role=Role.COMPREHENSION_CHECK,
            expected="yes",
            tries=2,
        )
    )
}


REFUSED: list[tuple[dict[str, Any], list[Problem]]] = [
    (
        {"plan.outcome": ""},
        [
            Problem(
                "plan.outcome",
                "The plan has no outcome.",
                "Name an item, or a scale or subscale: motive, care, will.",
            )
        ],
    ),
    (
        {"plan.outcome": "motive"},
        [
            Problem(
                "plan.outcome",
                "The outcome motive is asked before the vignette was shown.",
                "Ask all of its items on the vignette's page or later.",
            )
        ],
    ),
    (
        {"plan.sample_size": 7},
        [
            Problem(
                "plan.sample_size",
                "7 completes are too few for 4 arms.",
                "Plan 8 at least, two in each arm, and 10000000 at most.",
            )
        ],
    ),
    (
        {"plan.looks": (float("nan"), 1.0)},
        [
            Problem(
                "plan.looks",
                "The looks do not rise from above 0 to 1.",
                "Give fractions of the sample size, the last one 1, as in [0.5, 0.75, 1.0].",
            )
        ],
    ),
    (
        {"plan.sample_size": 1000, "plan.looks": (0.5, 0.509, 1.0)},
        [
            Problem(
                "plan.looks",
                "A look comes before 0.05, or less than 0.01 after another.",
                "Plan fewer looks: so early or so close together they have no alpha to spend.",
            )
        ],
    ),
    (
        {"plan.sample_size": 14},
        [
            Problem(
                "plan.looks",
                "The first look has 7 completes, too few for 4 arms.",
                "Look later: at 8 or more, two in each arm.",
            )
        ],
    ),
    (
        {"plan.looks": (0.51, 0.52, 1.0)},
        [
            Problem(
                "plan.looks",
                "Two looks have the same 21 completes.",
                "Take one out, or plan a larger sample.",
            )
        ],
    ),
    (
        {"plan.alpha": 0.5},
        [Problem("plan.alpha", "Alpha is 0.5.", "Give one of 0.0001 or more, and below 0.5.")],
    ),
    (
        {"plan.smallest_effect": 0.0},
        [
            Problem(
                "plan.smallest_effect",
                "The smallest effect is 0.0.",
                "Give a size above 0 in points of the outcome, or leave it out.",
            )
        ],
    ),
    (
        {"plan.covariates": ("motive", "age")},
        [
            Problem(
                "plan.covariates[1]",
                "The plan names age, which is no variable.",
                "Name a scale, a subscale or an item.",
            )
        ],
    ),
    (
        {"plan.covariates": ("comment",)},
        [
            Problem(
                "plan.covariates[0]",
                "comment is no number and no one choice.",
                "Name an item with one answer, a number, or a scale.",
            ),
            Problem(
                "plan.covariates[0]",
                "comment is asked after the treatment, which may have changed it.",
                "Ask it before the first vignette, or take it out.",
            ),
        ],
    ),
    (
        {"plan.associations": ("will",)},
        [
            Problem(
                "plan.associations[0]",
                "will is asked after the treatment, which may have changed it.",
                "Ask it before the first vignette, or take it out.",
            )
        ],
    ),
    (
        {"plan.covariates": ("care", "care")},
        [Problem("plan.covariates", "A variable is there twice.", "Name each once.")],
    ),
    (
        {"plan.covariates": ("motive", "education", "care")},
        [
            Problem(
                "plan.covariates[2]",
                "motive contains care: adjusting for both counts the same answers twice.",
                "Take out motive or care.",
            )
        ],
    ),
    (
        {"pages[1].items": drop(4)},
        [
            Problem(
                "plan.exclusions[0]",
                "Nobody can fail an attention check: the study has none.",
                "Add an item of role attention_check, or drop the rule.",
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
        {"plan.exclusions": (Exclusion.FAILED_ATTENTION,) * 2},
        [Problem("plan.exclusions", "An exclusion is there twice.", "Name each once.")],
    ),
    (
        {"plan.sample_size": 10_000_001},
        [
            Problem(
                "plan.sample_size",
                "10000001 completes are too many for 4 arms.",
                "Plan 8 at least, two in each arm, and 10000000 at most.",
            )
        ],
    ),
    (
        {"plan.post_treatment_exclusions": ("attention",)},
        [
            Problem(
                "plan.post_treatment_exclusions[0]",
                "attention is no check after the treatment that an exclusion counts.",
                "Name one of: none so far, or take it out.",
            )
        ],
    ),
    (
        {"plan.exclusions": (), "plan.post_treatment_exclusions": ("understood",)} | UNDERSTOOD,
        [
            Problem(
                "plan.post_treatment_exclusions[0]",
                "understood is no check after the treatment that an exclusion counts.",
                "Name one of: none so far, or take it out.",
            )
        ],
    ),
    (
        {"plan.exclusions": (Exclusion.FAILED_COMPREHENSION,)} | UNDERSTOOD,
        [
            Problem(
                "plan.exclusions[0]",
                "understood is asked after the treatment, which may decide who fails.",
                "Ask it before, drop the rule, or name it in post_treatment_exclusions.",
            )
        ],
    ),
    *(
        (
            {"plan.exclusions": (rule,)},
            [
                Problem(
                    "plan.exclusions[0]",
                    f"Nobody can fail a {role.replace('_', ' ')}: the study has none.",
                    f"Add an item of role {role}, or drop the rule.",
                )
            ],
        )
        for rule, role in [
            (Exclusion.FAILED_MOCK_VIGNETTE, "mock_vignette_check"),
            (Exclusion.FAILED_COMPREHENSION, "comprehension_check"),
        ]
    ),
]

ALLOWED: list[dict[str, Any]] = [
    {"plan.outcome": "will"},
    {"plan.sample_size": 10_000_000},
    {"plan.alpha": 0.4999},
    {"plan.smallest_effect": 0.001},
    {"plan.covariates": ("gender", "motive1"), "plan.associations": ("motive1", "care")},
    {"plan.exclusions": ()},
    {"plan.exclusions": (), "plan.post_treatment_exclusions": ()} | UNDERSTOOD,
    {
        "plan.exclusions": (Exclusion.FAILED_COMPREHENSION,),
        "plan.post_treatment_exclusions": ("understood",),
    }
    | UNDERSTOOD,
]


@pytest.mark.parametrize(("values", "expected"), REFUSED)
def test_remedies_of_plan_are_said_whole(
    values: Mapping[str, Any], expected: list[Problem]
) -> None:
    assert problems(changed(small(), values)) == expected


@pytest.mark.parametrize("values", ALLOWED)
def test_what_is_just_within_the_rules_of_plan_is_taken(values: Mapping[str, Any]) -> None:
    assert problems(changed(small(), values)) == []
