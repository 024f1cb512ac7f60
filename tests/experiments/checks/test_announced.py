"""Every rule about the announced tests: what it says, and what is just within it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from experiments.checks import Problem, problems
from experiments.design import (
    Design,
    Equivalence,
    Estimator,
    Family,
    Monitoring,
    Multiplicity,
    Parameter,
    StandardErrors,
)
from tests.changed import changed
from tests.decks import deck_design
from tests.designs import small

NAN = float("nan")
FIRST, SECOND = "plan.contrasts[0].family", "plan.contrasts[1].family"
LIN: dict[str, Any] = {"plan.estimator": Estimator.LIN}
TWO_TESTS: dict[str, Any] = {"plan.equivalence": Equivalence.TWO_ONE_SIDED}
INTERVAL: dict[str, Any] = {"plan.equivalence": Equivalence.REPEATED_INTERVAL}
NO_TWO_LEVELS = (
    "It is asked of primary contrasts of two levels, and there is none.",
    "Leave it out, or make such a contrast primary.",
)

REFUSED: list[tuple[dict[str, Any], list[tuple[str, str, str]]]] = [
    *(
        (
            {"plan.outcome_sd": sd},
            [
                (
                    "outcome_sd",
                    f"The standard deviation counted on is {said}.",
                    "Give one above 0 in points of the outcome, or leave it out.",
                )
            ],
        )
        for sd, said in [(0.0, "0"), (float("inf"), "inf"), (NAN, "nan")]
    ),
    (
        {"plan.outcome_sd": 3.1},
        [
            (
                "outcome_sd",
                "will reaches over 6 points: its SD is 3 at most.",
                "Give the SD in points of the outcome.",
            )
        ],
    ),
    (
        {"plan.smallest_effect": 6.0},
        [
            (
                "smallest_effect",
                "will reaches over 6 points: none can differ by more.",
                "Give the effect in points of the outcome.",
            )
        ],
    ),
    (
        LIN | {"plan.covariates": ()},
        [
            (
                "estimator",
                "The test is adjusted for covariates, and the plan has none.",
                "Name covariates, or choose the estimator difference.",
            )
        ],
    ),
    (
        LIN | {"plan.sample_size": 30},
        [
            (
                "estimator",
                "The first look has 15 completes, too few to adjust 4 arms for 2 covariates.",
                "Look at 16 or more, name fewer covariates, or choose difference.",
            )
        ],
    ),
    *(
        (
            {"plan.equivalence_alpha": alpha},
            [
                (
                    "equivalence_alpha",
                    f"Alpha for equivalence is {said}.",
                    "Give one of 0.0001 or more, and below 0.5.",
                )
            ],
        )
        for alpha, said in [(0.00009, "9e-05"), (0.5, "0.5"), (NAN, "nan")]
    ),
    (
        TWO_TESTS | {"plan.smallest_effect": None},
        [
            (
                "equivalence",
                "Equivalence is held against the smallest effect, and the plan has none.",
                "Give a smallest_effect, or leave equivalence out.",
            )
        ],
    ),
    (
        TWO_TESTS | {"plan.monitoring": Monitoring.ANYTIME},
        [
            (
                "equivalence",
                "Two one-sided tests hold at one planned end, which anytime monitoring has not.",
                "Choose repeated_interval.",
            )
        ],
    ),
    (
        {FIRST: Family.SECONDARY, SECOND: Family.EXPLORATORY},
        [
            (
                "contrasts",
                "No contrast is primary: nothing would be tested.",
                "Make the one that answers the question primary.",
            )
        ],
    ),
    (
        INTERVAL | {"plan.futility": 0.1, "plan.harm_level": 0.01, FIRST: Family.SECONDARY},
        [(name, *NO_TWO_LEVELS) for name in ("equivalence", "futility", "harm_level")],
    ),
]

ALLOWED: list[dict[str, Any]] = [
    {"plan.outcome_sd": 3.0},
    {"plan.smallest_effect": 5.9},
    LIN | {"plan.sample_size": 31},
    {"plan.equivalence_alpha": 0.0001},
    {"plan.equivalence_alpha": 0.4999},
    TWO_TESTS | {"plan.equivalence_multiplicity": Multiplicity.HOLM},
    INTERVAL | {"plan.monitoring": Monitoring.ANYTIME},
    INTERVAL | {SECOND: Family.EXPLORATORY},
    {FIRST: Family.SECONDARY},
    {"plan.multiplicity": Multiplicity.NONE},
    {"plan.standard_errors": StandardErrors.HC3},
]


def clustered() -> Design:
    """Schools that share an arm."""
    school = Parameter("school", "school", required=True, values=("a", "b", "c"))
    steps = (replace(small().randomisations[0], cluster="school", strata=()),)
    return replace(small(), parameters=(school,), randomisations=steps)


@pytest.mark.parametrize(("values", "expected"), REFUSED)
def test_problems_of_announced_tests_are_said_whole(
    values: Mapping[str, Any], expected: list[tuple[str, str, str]]
) -> None:
    told = [Problem(f"plan.{name}", message, remedy) for name, message, remedy in expected]
    assert problems(changed(small(), values)) == told


@pytest.mark.parametrize("values", ALLOWED)
def test_what_is_just_within_the_rules_of_announced_tests_is_taken(
    values: Mapping[str, Any],
) -> None:
    assert problems(changed(small(), values)) == []


@pytest.mark.parametrize(
    ("design", "said"),
    [
        (clustered(), "main assigns clusters, whose errors are CR2 and never HC3."),
        (deck_design(), "deck deals several vignettes, whose errors are CR2 and never HC3."),
    ],
)
def test_rows_in_clusters_have_no_hc3(design: Design, said: str) -> None:
    assert problems(design) == []
    path, remedy = "plan.standard_errors", "Choose hc2, or leave it out."
    hc3 = changed(design, {path: StandardErrors.HC3})
    assert problems(hc3) == [Problem(path, said, remedy)]
