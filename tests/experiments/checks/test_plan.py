"""Each rule about the plan: a change to a valid design and every problem it makes."""

from collections.abc import Mapping
from typing import Any

import pytest

from experiments.checks import problems
from experiments.design import Arm, Exclusion, Randomisation, Role
from tests.changed import changed, drop
from tests.designs import small


def _apart(randomisations: tuple[Randomisation, ...]) -> tuple[Randomisation, ...]:
    """One randomisation for each factor, two arms each."""
    return tuple(
        Randomisation(code, (code,), tuple(Arm((level,)) for level in levels), block_sizes=(2,))
        for code, levels in [("reward", ("none", "money")), ("voice", ("low", "high"))]
    )


# `noticed` as a plain question with two answers.
NO_CHECK: dict[str, Any] = {
    "pages[3].items[2].role": Role.NONE,
    "pages[3].items[2].checks_factor": "",
}
CASES: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
    (
        {"plan.outcome": ""},
        [("plan.outcome", "The plan has no outcome.")],
    ),
    (
        {"plan.outcome": "xyz"},
        [("plan.outcome", "The outcome xyz is no scale and no item.")],
    ),
    (
        {"plan.outcome": "gender"},
        [("plan.outcome", "The outcome gender is asked before the vignette was shown.")],
    ),
    (
        {"plan.outcome": "will1"},
        [],
    ),
    (
        {"plan.outcome": "comment"},
        [("plan.outcome", "The outcome comment is no number and no one choice.")],
    ),
    (
        {"plan.outcome": "noticed"},
        [("plan.outcome", "The outcome noticed is there to check: manipulation check.")],
    ),
    (
        {"plan.outcome": "noticed"} | NO_CHECK,
        [],
    ),
    (
        {"plan.outcome": "motive"},
        [("plan.outcome", "The outcome motive is asked before the vignette was shown.")],
    ),
    (
        {"plan.outcome": "care"},
        [("plan.outcome", "The outcome care is asked before the vignette was shown.")],
    ),
    (
        {"plan.sample_size": 7},
        [("plan.sample_size", "7 completes are too few for 4 arms.")],
    ),
    (
        {"plan.sample_size": 8, "plan.looks": (1.0,)},
        [],
    ),
    (
        {"plan.sample_size": 15},
        [],
    ),
    (
        {"plan.sample_size": 14},
        [("plan.looks", "The first look has 7 completes, too few for 4 arms.")],
    ),
    (
        {"plan.looks": (0.51, 0.52, 1.0)},
        [("plan.looks", "Two looks have the same 21 completes.")],
    ),
    (
        {"plan.sample_size": 100, "plan.looks": (0.29, 0.3, 1.0)},
        [],
    ),
    (
        {"plan.sample_size": 1000, "plan.looks": (0.5, 0.509, 1.0)},
        [("plan.looks", "A look comes before 0.05, or less than 0.01 after another.")],
    ),
    (
        {"plan.sample_size": 1000, "plan.looks": (0.049, 1.0)},
        [("plan.looks", "A look comes before 0.05, or less than 0.01 after another.")],
    ),
    (
        {"plan.sample_size": 1000, "plan.looks": (0.05, 1.0)},
        [],
    ),
    (
        {"plan.looks": (float("nan"), 1.0)},
        [("plan.looks", "The looks do not rise from above 0 to 1.")],
    ),
    (
        {"plan.looks": ()},
        [("plan.looks", "The looks do not rise from above 0 to 1.")],
    ),
    (
        {"plan.looks": (0.5, 0.5, 1.0)},
        [("plan.looks", "The looks do not rise from above 0 to 1.")],
    ),
    (
        {"plan.looks": (0.5,)},
        [("plan.looks", "The looks do not rise from above 0 to 1.")],
    ),
    (
        {"plan.looks": (0.0, 1.0)},
        [("plan.looks", "The looks do not rise from above 0 to 1.")],
    ),
    (
        {"plan.alpha": 0.5},
        [("plan.alpha", "Alpha is 0.5.")],
    ),
    (
        {"plan.alpha": 0.00009},
        [("plan.alpha", "Alpha is 9e-05.")],
    ),
    (
        {"plan.alpha": 0.0001},
        [],
    ),
    (
        {"plan.smallest_effect": 0.0},
        [("plan.smallest_effect", "The smallest effect is 0.0.")],
    ),
    (
        {"plan.smallest_effect": float("inf")},
        [("plan.smallest_effect", "The smallest effect is inf.")],
    ),
    (
        {"plan.smallest_effect": None},
        [],
    ),
    (
        {"plan.contrasts": ()},
        [("plan.contrasts", "The plan estimates nothing.")],
    ),
    (
        {"plan.contrasts[0].factor": ""},
        [("plan.contrasts[0].factor", "The contrast money_vs_none names no factor.")],
    ),
    (
        {"plan.contrasts[0].factor": "rewrad"},
        [("plan.contrasts[0].factor", "There is no factor rewrad.")],
    ),
    (
        {"plan.contrasts[0].level": "mony"},
        [("plan.contrasts[0].level", "reward has no level “mony”.")],
    ),
    (
        {"plan.contrasts[0].against": "money"},
        [("plan.contrasts[0].against", "The contrast money_vs_none holds a level against itself.")],
    ),
    (
        {"plan.contrasts[1].interaction": ("reward", "vioce")},
        [("plan.contrasts[1].interaction[1]", "There is no factor vioce.")],
    ),
    (
        {"plan.contrasts[1].interaction": ("reward",)},
        [
            (
                "plan.contrasts[1].interaction",
                "The interaction reward_by_voice is not of two different factors or more.",
            )
        ],
    ),
    (
        {"randomisations": _apart},
        [
            (
                "plan.contrasts[1].interaction",
                "No randomisation draws reward and voice together.",
            )
        ],
    ),
    (
        {"randomisations[0].arms": drop(2), "randomisations[0].block_sizes": (3,)},
        [
            ("plan.contrasts[0]", "The contrast money_vs_none needs the arm money.low."),
            ("plan.contrasts[1]", "The contrast reward_by_voice needs the arm money.low."),
        ],
    ),
    (
        {"plan.contrasts[1].factor": "reward"},
        [("plan.contrasts[1]", "reward_by_voice is an interaction and names a level too.")],
    ),
    (
        {"plan.covariates": ("motive", "age")},
        [("plan.covariates[1]", "The plan names age, which is no variable.")],
    ),
    (
        {"plan.covariates": ("comment",)},
        [
            ("plan.covariates[0]", "comment is no number and no one choice."),
            (
                "plan.covariates[0]",
                "comment is asked after the treatment, which may have changed it.",
            ),
        ],
    ),
    (
        {"plan.associations": ("will",)},
        [("plan.associations[0]", "will is asked after the treatment, which may have changed it.")],
    ),
    (
        {"plan.covariates": ("noticed",)},
        [
            (
                "plan.covariates[0]",
                "noticed is asked after the treatment, which may have changed it.",
            )
        ],
    ),
    (
        {"plan.covariates": ("care", "care")},
        [("plan.covariates", "A variable is there twice.")],
    ),
    (
        {"plan.covariates": ("motive", "education", "care")},
        [
            (
                "plan.covariates[2]",
                "motive contains care: adjusting for both counts the same answers twice.",
            )
        ],
    ),
    (
        {"plan.covariates": ("motive1", "care")},
        [
            (
                "plan.covariates[1]",
                "care contains motive1: adjusting for both counts the same answers twice.",
            )
        ],
    ),
    (
        {"plan.covariates": ("motive1", "motive2")},
        [],
    ),
    (
        {"pages[1].items": drop(4)},
        [("plan.exclusions[0]", "Nobody can fail an attention check: the study has none.")],
    ),
    (
        {"plan.exclusions": (Exclusion.FAILED_ATTENTION,) * 2},
        [("plan.exclusions", "An exclusion is there twice.")],
    ),
]


@pytest.mark.parametrize(("values", "expected"), CASES)
def test_problems_of_plan_are_found_and_nothing_else(
    values: Mapping[str, Any], expected: list[tuple[str, str]]
) -> None:
    found = problems(changed(small(), values))

    assert [(problem.path, problem.message) for problem in found] == expected
    assert all(problem.remedy.endswith((".", "`", "?")) for problem in found)
