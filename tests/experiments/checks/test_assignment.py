"""Each rule about factors and arms: a change to a valid design and every problem it makes."""

from collections.abc import Mapping
from typing import Any

import pytest

from experiments.cells import every_cell
from experiments.checks import problems
from experiments.design import Arm, Factor, Level, Method, Randomisation
from tests.changed import add, changed, drop
from tests.designs import both, small

CASES: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
    (
        {"factors": (), "randomisations": ()},
        [
            ("pages[2].body", "Nothing fills the slot {reward} in en."),
            ("pages[2].body", "Nothing fills the slot {voice} in en."),
            ("pages[2].body", "Nothing fills the slot {reward} in ko."),
            ("pages[2].body", "Nothing fills the slot {voice} in ko."),
            (
                "pages[2].body",
                "The vignette shows no factor, so every participant reads the same.",
            ),
            ("factors", "The study varies nothing."),
            ("pages[3].items[2].checks_factor", "The manipulation check noticed names no factor."),
            ("plan.contrasts[0].factor", "There is no factor reward."),
            ("plan.contrasts[1].interaction[0]", "There is no factor reward."),
            ("plan.contrasts[1].interaction[1]", "There is no factor voice."),
        ],
    ),
    (
        {"factors[1].levels": drop(1)},
        [
            ("factors[1].levels", "voice has no two levels."),
            ("randomisations[0].arms[1].levels", "voice has no level high."),
            ("randomisations[0].arms[3].levels", "voice has no level high."),
        ],
    ),
    (
        {
            "randomisations[0].factors": ("reward",),
            "randomisations[0].arms": (Arm(("none",)), Arm(("money",))),
        },
        [("factors[1]", "No randomisation assigns the factor voice.")],
    ),
    (
        {
            "randomisations": add(
                Randomisation("more", ("voice",), (Arm(("low",)), Arm(("high",))), block_sizes=(2,))
            )
        },
        [("factors[1]", "voice is assigned more than once: by main, more.")],
    ),
    (
        {"factors[1].levels[1].text.en": "The office decided. "},
        [("factors[1].levels[1].text", "high and low read the same in en.")],
    ),
    (
        {"randomisations[0].factors": ("reward", "vioce")},
        [
            ("factors[1]", "No randomisation assigns the factor voice."),
            ("randomisations[0].factors[1]", "There is no factor vioce."),
        ],
    ),
    (
        {"randomisations": add(Randomisation("more", (), (), block_sizes=(2,)))},
        [
            ("randomisations[1].factors", "It assigns no factor."),
            ("randomisations[1].arms", "There are no two arms."),
        ],
    ),
    (
        {"randomisations[0].arms[3].levels": ("money", "hihg")},
        [
            ("randomisations[0].arms[3].levels", "voice has no level hihg."),
            ("plan.contrasts[0]", "The contrast money_vs_none needs the arm money.high."),
            ("plan.contrasts[1]", "The contrast reward_by_voice needs the arm money.high."),
        ],
    ),
    (
        {"randomisations[0].arms[3].levels": ("money",)},
        [
            ("randomisations[0].arms[3].levels", "The arm money has 1 levels for 2 factors."),
            ("plan.contrasts[0]", "The contrast money_vs_none needs the arm money.high."),
            ("plan.contrasts[1]", "The contrast reward_by_voice needs the arm money.high."),
        ],
    ),
    (
        {"randomisations[0].arms[3].weight": 0},
        [("randomisations[0].arms[3].weight", "The arm money.high has no weight.")],
    ),
    (
        {"randomisations[0].arms[3].weight": 1001},
        [
            ("randomisations[0].arms[3].weight", "The arm money.high has the weight 1001."),
            (
                "randomisations[0].block_sizes[0]",
                "A block of 4 can't hold the arms by their weights (1004 a round).",
            ),
            (
                "randomisations[0].block_sizes[1]",
                "A block of 8 can't hold the arms by their weights (1004 a round).",
            ),
        ],
    ),
    (
        {"randomisations[0].arms[3].weight": 2},
        [
            (
                "randomisations[0].block_sizes[0]",
                "A block of 4 can't hold the arms by their weights (5 a round).",
            ),
            (
                "randomisations[0].block_sizes[1]",
                "A block of 8 can't hold the arms by their weights (5 a round).",
            ),
        ],
    ),
    (
        {"randomisations[0].arms[3].weight": 2, "randomisations[0].block_sizes": (5, 10)},
        [],
    ),
    (
        {
            "randomisations[0].arms": tuple(
                Arm((r, v), 2) for r in ("none", "money") for v in ("low", "high")
            )
        },
        [],
    ),
    (
        {"randomisations[0].arms": ()},
        [("randomisations[0].arms", "There are no two arms.")],
    ),
    (
        {"randomisations[0].arms": drop(3), "randomisations[0].block_sizes": (3,)},
        [
            ("plan.contrasts[0]", "The contrast money_vs_none needs the arm money.high."),
            ("plan.contrasts[1]", "The contrast reward_by_voice needs the arm money.high."),
        ],
    ),
    (
        {
            "randomisations[0].arms": lambda a: (a[0], a[2]),
            "randomisations[0].block_sizes": (2,),
            "plan.contrasts": drop(1),
        },
        [
            ("randomisations[0].arms", "No arm has the level high of voice."),
            ("plan.contrasts[0]", "The contrast money_vs_none needs the arm none.high."),
            ("plan.contrasts[0]", "The contrast money_vs_none needs the arm money.high."),
        ],
    ),
    (
        {"randomisations[0].method": Method.SIMPLE},
        [("randomisations[0].block_sizes", "The method simple draws no blocks.")],
    ),
    ({"randomisations[0].method": Method.SIMPLE, "randomisations[0].block_sizes": ()}, []),
    (
        {"randomisations[0].method": Method.COMPLETE, "randomisations[0].block_sizes": ()},
        [("randomisations[0].arms", "A round would hold one participant an arm.")],
    ),
    (
        {
            "randomisations[0].method": Method.COMPLETE,
            "randomisations[0].block_sizes": (),
            "randomisations[0].arms[0].weight": 2000,
        },
        [],
    ),
    (
        {
            "randomisations[0].method": Method.COMPLETE,
            "randomisations[0].block_sizes": (),
            **{f"randomisations[0].arms[{at}].weight": 9000 for at in range(3)},
            "randomisations[0].arms[3].weight": 10_001,
        },
        [
            (
                "randomisations[0].arms[3].weight",
                "The arm money.high has the weight 10001.",
            ),
            ("randomisations[0].arms", "A round of 37001 participants is longer than 20000."),
        ],
    ),
    (
        {"randomisations[0].block_sizes": ()},
        [("randomisations[0].block_sizes", "There is no block size.")],
    ),
    (
        {"randomisations[0].block_sizes": (0, 4, 6)},
        [
            (
                "randomisations[0].block_sizes[0]",
                "A block of 0 can't hold the arms by their weights (4 a round).",
            ),
            (
                "randomisations[0].block_sizes[2]",
                "A block of 6 can't hold the arms by their weights (4 a round).",
            ),
        ],
    ),
    (
        {"randomisations[0].block_sizes": (4, 4)},
        [("randomisations[0].block_sizes", "A block size is there twice.")],
    ),
    (
        {"randomisations[0].block_sizes": (10004,)},
        [("randomisations[0].block_sizes[0]", "A block of 10004 is longer than 10000.")],
    ),
    (
        {"randomisations[0].strata": ("gendre",)},
        [("randomisations[0].strata[0]", "There is no item or parameter gendre.")],
    ),
    (
        {"randomisations[0].strata": ("comment",)},
        [("randomisations[0].strata[0]", "comment is of kind text.")],
    ),
    (
        {"pages[1].items[0].required": False},
        [("randomisations[0].strata[0]", "gender may be left empty.")],
    ),
    (
        {"randomisations[0].strata": ("noticed",)},
        [("randomisations[0].strata[0]", "noticed is asked too late to allocate by.")],
    ),
    (
        {"randomisations[0].strata": ("gender", "gender")},
        [("randomisations[0].strata", "One of them is there twice.")],
    ),
]


@pytest.mark.parametrize(("values", "expected"), CASES)
def test_problems_of_assignment_are_found_and_nothing_else(
    values: Mapping[str, Any], expected: list[tuple[str, str]]
) -> None:
    found = problems(changed(small(), values))

    assert [(problem.path, problem.message) for problem in found] == expected
    assert all(problem.remedy.endswith((".", "`", "?")) for problem in found)


def test_problems_of_more_cells_than_any_study_fills_are_one_line_each() -> None:
    many = tuple(
        Level(
            f"l{number}", both(f"L{number}", f"수준 {number}"), both(f"T{number}", f"글 {number}")
        )
        for number in range(1000)
    )
    arms = (Arm(("l0", "low")), Arm(("l1", "high")))
    values = {"factors[0].levels": many, "randomisations[0].arms": arms}

    found = problems(changed(small(), values))

    assert ("randomisations[0].factors", "Its factors make 2000 cells.") in [
        (problem.path, problem.message) for problem in found
    ]
    assert not [problem for problem in found if "needs the arm" in problem.message]


def test_problems_of_an_arm_with_too_long_a_name_are_found() -> None:
    codes = [f"{letter}{'x' * 31}" for letter in "abcdefg"]
    factors = tuple(
        Factor(code, both(code, code), tuple(Level(f"{c}{'y' * 31}", {}, {}) for c in "kl"))
        for code in codes
    )
    cells = every_cell(factors, codes)
    values = {
        "factors": factors,
        "randomisations": (Randomisation("main", tuple(codes), cells, block_sizes=(128,)),),
    }

    found = problems(changed(small(), values))

    assert "The arm's name is longer than 200 characters." in [p.message for p in found]
