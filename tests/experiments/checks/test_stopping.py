"""Every rule about spending alpha, ending early and sizing anew: what it says and what it takes."""

from collections.abc import Mapping
from typing import Any

import pytest

from experiments.checks import Problem, problems
from experiments.design import Direction, Monitoring, Spending
from tests.changed import changed
from tests.designs import small

NAN = float("nan")
GAMMA = "Give one from -20 to 20: -4 spends late, 1 early."
RHO = "Give one above 0 and up to 20: 3 spends late, 1 evenly."
ANYTIME = "Leave it out, or monitor by group_sequential."
# A size fixed anew at 12 of 40 completes; four arms.
ANEW: dict[str, Any] = {
    "plan.replan_at": 0.3,
    "plan.outcome_sd": 1.2,
    "plan.most_participants": 60,
}

REFUSED: list[tuple[dict[str, Any], list[tuple[str, str, str]]]] = [
    (
        {"plan.spending_parameter": -4.0},
        [
            (
                "spending_parameter",
                "The spending function obrien_fleming has no parameter.",
                "Leave it out, or spend by hwang_shih_decani or power.",
            )
        ],
    ),
    *(
        (
            {"plan.spending": spending, "plan.spending_parameter": number},
            [("spending_parameter", f"The spending function {spending} has {said}.", remedy)],
        )
        for spending, number, said, remedy in [
            (Spending.HWANG_SHIH_DECANI, None, "no parameter", GAMMA),
            (Spending.HWANG_SHIH_DECANI, -20.1, "the parameter -20.1", GAMMA),
            (Spending.HWANG_SHIH_DECANI, 20.1, "the parameter 20.1", GAMMA),
            (Spending.HWANG_SHIH_DECANI, NAN, "the parameter nan", GAMMA),
            (Spending.POWER, None, "no parameter", RHO),
            (Spending.POWER, 0.0, "the parameter 0", RHO),
            (Spending.POWER, 20.1, "the parameter 20.1", RHO),
        ]
    ),
    *(
        (
            {"plan.futility": power},
            [
                (
                    "futility",
                    f"The conditional power for futility is {said}.",
                    "Give one above 0 and up to 0.5, such as 0.1.",
                )
            ],
        )
        for power, said in [(0.0, "0"), (0.51, "0.51"), (NAN, "nan")]
    ),
    (
        {"plan.futility": 0.1, "plan.smallest_effect": None},
        [
            (
                "futility",
                "Futility is judged by the smallest effect, and the plan has none.",
                "Give a smallest_effect, or leave futility out.",
            )
        ],
    ),
    (
        {"plan.futility": 0.1, "plan.monitoring": Monitoring.ANYTIME},
        [
            (
                "futility",
                "Futility is judged by bounds of looks to come, which anytime monitoring has not.",
                ANYTIME,
            )
        ],
    ),
    (
        {"plan.futility": 0.1, "plan.looks": (1.0,)},
        [
            (
                "futility",
                "The plan has one look, the last: there is nothing left to be futile.",
                "Add a look before it, or leave futility out.",
            )
        ],
    ),
    *(
        (
            {"plan.harm_level": level},
            [
                (
                    "harm_level",
                    f"The p for harm is {said}.",
                    "Give one above 0 and up to 0.1, such as 0.01.",
                )
            ],
        )
        for level, said in [(0.0, "0"), (0.11, "0.11"), (NAN, "nan")]
    ),
    (
        {"plan.harm_direction": Direction.HIGHER},
        [
            (
                "harm_direction",
                "The plan says where harm lies, but not at which p it ends the study.",
                "Give a harm_level, such as 0.01, or leave harm_direction out.",
            )
        ],
    ),
    *(
        (
            ANEW | {"plan.replan_at": share},
            [
                (
                    "replan_at",
                    f"The sample size is fixed anew at {said}, which is not before the first look.",
                    "Give a share above 0 and below the first of the looks.",
                )
            ],
        )
        for share, said in [(0.0, "0"), (0.5, "0.5"), (NAN, "nan")]
    ),
    (
        ANEW | {"plan.outcome_sd": None},
        [
            (
                "replan_at",
                "The size follows from the SD that was counted on, and the plan has none.",
                "Give an outcome_sd, or leave replan_at out.",
            )
        ],
    ),
    (
        ANEW | {"plan.most_participants": None},
        [
            (
                "replan_at",
                "The size may grow, and the plan does not say how far.",
                "Give most_participants, or leave replan_at out.",
            )
        ],
    ),
    (
        ANEW | {"plan.monitoring": Monitoring.ANYTIME},
        [
            (
                "replan_at",
                "Anytime monitoring takes the size as it comes; it has none to fix anew.",
                ANYTIME,
            )
        ],
    ),
    (
        ANEW | {"plan.replan_at": 0.15},
        [
            (
                "replan_at",
                "At 0.15 there are too few completes for 4 arms.",
                "Give a later share: 8 completes at least, two in each arm.",
            )
        ],
    ),
    (
        {"plan.most_participants": 60},
        [
            (
                "most_participants",
                "The sample size has an upper limit, but is never fixed anew.",
                "Give replan_at, or leave most_participants out.",
            )
        ],
    ),
    *(
        (
            ANEW | {"plan.most_participants": most},
            [
                (
                    "most_participants",
                    f"At most {most} participants are no more than planned, or too many.",
                    "Give a number above the sample size, 40, up to 10000000.",
                )
            ],
        )
        for most in (40, 10_000_001)
    ),
]

ALLOWED: list[dict[str, Any]] = [
    {"plan.spending": Spending.POCOCK},
    *(
        {"plan.spending": Spending.HWANG_SHIH_DECANI, "plan.spending_parameter": number}
        for number in (-20.0, 0.0, 20.0)
    ),
    *(
        {"plan.spending": Spending.POWER, "plan.spending_parameter": number}
        for number in (0.01, 20.0)
    ),
    {"plan.futility": 0.5},
    {"plan.futility": 0.001},
    {"plan.harm_level": 0.1, "plan.harm_direction": Direction.HIGHER},
    {"plan.harm_level": 0.01, "plan.monitoring": Monitoring.ANYTIME},
    {"plan.monitoring": Monitoring.ANYTIME},
    ANEW,
    ANEW | {"plan.replan_at": 0.2, "plan.most_participants": 41},
    ANEW | {"plan.replan_at": 0.49, "plan.most_participants": 10_000_000},
    ANEW | {"plan.looks": (1.0,), "plan.replan_at": 0.99},
]


@pytest.mark.parametrize(("values", "expected"), REFUSED)
def test_problems_of_stopping_are_said_whole(
    values: Mapping[str, Any], expected: list[tuple[str, str, str]]
) -> None:
    told = [Problem(f"plan.{name}", message, remedy) for name, message, remedy in expected]
    assert problems(changed(small(), values)) == told


@pytest.mark.parametrize("values", ALLOWED)
def test_what_is_just_within_the_rules_of_stopping_is_taken(values: Mapping[str, Any]) -> None:
    assert problems(changed(small(), values)) == []
