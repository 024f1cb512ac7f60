"""Each rule about numbers, sliders and days: a change to a valid design, and the problem."""

from collections.abc import Mapping
from typing import Any

import pytest

from experiments.checks import Problem, problems
from tests.changed import changed
from tests.responses.every_kind import every_kind, kinds_design

PLACE = {item.code: f"pages[2].items[{at}]" for at, item in enumerate(every_kind().items)}
NO_WAY = "The step of mood does not lead from its minimum to its maximum."
WHOLE_STEPS = "Let a whole number of steps lie between them."
AS_A_DAY = 'Write year, month and day, as in "2026-03-31".'

# The item, what is changed of it, where the problem is, what it says and what to do.
REFUSED: list[tuple[str, dict[str, Any], str, str, str]] = [
    *(
        (
            "distance",
            {name: bound},
            f".{name}",
            f"The {name} of distance is too far from 0.",
            "Use another unit.",
        )
        for name in ("minimum", "maximum")
        for bound in (-1.1e12, 1.1e12, float("inf"))
    ),
    *(
        (
            "years",
            {"minimum": bound},
            ".minimum",
            "The minimum of years is not below its maximum.",
            "Let it be smaller.",
        )
        for bound in (120, 121)
    ),
    *(
        (
            code,
            {"decimals": decimals},
            ".decimals",
            f"{code} takes {decimals} decimals.",
            "Allow 0 to 6.",
        )
        for code in ("distance", "mood")
        for decimals in (-1, 7)
    ),
    *(
        (
            "years",
            {"minimum": low, "maximum": high, "decimals": decimals},
            ".decimals",
            f"No number of {decimals} decimals lies within the bounds of years.",
            "Allow more decimals, or widen the bounds.",
        )
        for low, high, decimals in [(0.1, 0.9, 0), (-0.9, -0.1, 0), (1.01, 1.09, 1)]
    ),
    *(
        (
            "mood",
            {name: None},
            "",
            "The slider mood lacks an end.",
            "Give it a minimum and a maximum.",
        )
        for name in ("minimum", "maximum")
    ),
    *(("mood", {"step": step}, ".step", NO_WAY, WHOLE_STEPS) for step in (0, -10, 30, 200, 0.005)),
    ("mood", {"step": None, "maximum": 99.5}, ".step", NO_WAY, WHOLE_STEPS),
    *(
        ("day", {name: text}, f".{name}", f"“{text}” is no day.", AS_A_DAY)
        for name, text in [
            ("earliest", "2026-02-30"),
            ("latest", "20261231"),
            ("earliest", "2025-1-1"),
            ("latest", "2026-13-01"),
            ("latest", "2026-W52-1"),
        ]
    ),
    (
        "day",
        {"earliest": "2027-01-01"},
        ".earliest",
        "day takes no day: its earliest is after its latest.",
        "Let it be earlier.",
    ),
]

ALLOWED: list[tuple[str, dict[str, Any]]] = [
    *(
        ("years", {"minimum": low, "maximum": high, "decimals": decimals})
        for low, high, decimals in [(0.1, 1, 0), (-0.9, 0, 0), (1.01, 1.09, 2), (0.5, 0.9, 1)]
    ),
    *(("distance", {name: b}) for name in ("minimum", "maximum") for b in (-1e12, 0, 1e12)),
    ("years", {"minimum": 119}),
    *(("distance", {"decimals": decimals}) for decimals in (0, 6)),
    *(("mood", {"step": step}) for step in (100, 50, 0.01, 12.5, None)),
    ("mood", {"minimum": 0.1, "maximum": 0.7, "step": 0.2}),
    ("day", {"earliest": "2026-12-31"}),
    ("day", {"earliest": ""}),
    ("day", {"latest": ""}),
    ("day", {"latest": "2028-02-29"}),
]


def _placed(code: str, values: Mapping[str, Any]) -> dict[str, Any]:
    return {f"{PLACE[code]}.{path}": value for path, value in values.items()}


@pytest.mark.parametrize(("code", "values", "where", "message", "remedy"), REFUSED)
def test_bounds_that_no_answer_could_keep_are_refused(
    code: str, values: Mapping[str, Any], where: str, message: str, remedy: str
) -> None:
    expected = [Problem(f"{PLACE[code]}{where}", message, remedy)]
    assert problems(changed(kinds_design(), _placed(code, values))) == expected


@pytest.mark.parametrize(("code", "values"), ALLOWED)
def test_bounds_that_an_answer_can_keep_are_taken(code: str, values: Mapping[str, Any]) -> None:
    assert problems(changed(kinds_design(), _placed(code, values))) == []
