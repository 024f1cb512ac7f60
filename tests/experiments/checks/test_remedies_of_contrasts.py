"""What every rule about contrasts says and advises, and what is just within it."""

from collections.abc import Mapping
from typing import Any

import pytest

from experiments.checks import Problem, problems
from experiments.design import Arm, Randomisation
from tests.changed import changed, drop
from tests.designs import small


def _apart(_: tuple[Randomisation, ...]) -> tuple[Randomisation, ...]:
    """One randomisation for each factor, two arms each."""
    return tuple(
        Randomisation(code, (code,), tuple(Arm((level,)) for level in levels), block_sizes=(2,))
        for code, levels in [("reward", ("none", "money")), ("voice", ("low", "high"))]
    )


REFUSED: list[tuple[dict[str, Any], list[Problem]]] = [
    (
        {"plan.contrasts": ()},
        [Problem("plan.contrasts", "The plan estimates nothing.", "Add a contrast.")],
    ),
    (
        {"plan.contrasts[0].factor": ""},
        [
            Problem(
                "plan.contrasts[0].factor",
                "The contrast money_vs_none names no factor.",
                "Give a factor (reward, voice), or an interaction of two.",
            )
        ],
    ),
    (
        {"plan.contrasts[0].level": "mony"},
        [
            Problem(
                "plan.contrasts[0].level",
                "reward has no level “mony”.",
                "Name one of: none, money.",
            )
        ],
    ),
    (
        {"plan.contrasts[0].against": "money"},
        [
            Problem(
                "plan.contrasts[0].against",
                "The contrast money_vs_none holds a level against itself.",
                "Name another level.",
            )
        ],
    ),
    (
        {"plan.contrasts[1].interaction": ("reward", "vioce")},
        [
            Problem(
                "plan.contrasts[1].interaction[1]",
                "There is no factor vioce.",
                "Name one of: reward, voice.",
            )
        ],
    ),
    (
        {"plan.contrasts[1].interaction": ("reward",)},
        [
            Problem(
                "plan.contrasts[1].interaction",
                "The interaction reward_by_voice is not of two different factors or more.",
                "Name each factor once, two at least.",
            )
        ],
    ),
    (
        {"plan.contrasts[1].factor": "reward"},
        [
            Problem(
                "plan.contrasts[1]",
                "reward_by_voice is an interaction and names a level too.",
                "Take out factor, level and against, or the interaction.",
            )
        ],
    ),
    (
        {"randomisations": _apart},
        [
            Problem(
                "plan.contrasts[1].interaction",
                "No randomisation draws reward and voice together.",
                "Put the factors into one randomisation, or take the contrast out of the plan.",
            )
        ],
    ),
    (
        {"randomisations[0].arms": drop(3), "randomisations[0].block_sizes": (3,)},
        [
            Problem(
                "plan.contrasts[0]",
                "The contrast money_vs_none needs the arm money.high.",
                "Add the arm, or take the contrast out of the plan.",
            ),
            Problem(
                "plan.contrasts[1]",
                "The contrast reward_by_voice needs the arm money.high.",
                "Add the arm, or take the contrast out of the plan.",
            ),
        ],
    ),
]

ALLOWED: list[dict[str, Any]] = [
    {"plan.contrasts": drop(0)},
    {"plan.contrasts[0].level": "none", "plan.contrasts[0].against": "money"},
    {"plan.contrasts[1].interaction": ("voice", "reward")},
    {"randomisations": _apart, "plan.contrasts": drop(1)},
]


@pytest.mark.parametrize(("values", "expected"), REFUSED)
def test_remedies_of_contrasts_are_said_whole(
    values: Mapping[str, Any], expected: list[Problem]
) -> None:
    assert problems(changed(small(), values)) == expected


@pytest.mark.parametrize("values", ALLOWED)
def test_what_is_just_within_the_rules_of_contrasts_is_taken(values: Mapping[str, Any]) -> None:
    assert problems(changed(small(), values)) == []
