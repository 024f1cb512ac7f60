"""Names of variables that are made of two codes: none is there twice, none is too long."""

from collections.abc import Mapping
from typing import Any

import pytest

from experiments.checks import problems
from experiments.checks.problem import Problem
from experiments.design import Block
from tests.changed import changed
from tests.responses.every_kind import kinds_design

TWICE = "Rename one of the codes that it is made of."
LONG = "a" * 30


def twice(name: str) -> Problem:
    return Problem("pages", f"The data set would have two variables of the name {name}.", TWICE)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, []),
        (
            {"pages[2].items[2].code": "some_park", "pages[2].items[14].shown_if": ""},
            [twice("some_park")],
        ),
        (
            {"pages[2].items[2].code": "views_order", "pages[2].items[14].shown_if": ""}
            | {"blocks": (Block("views"),), "pages[2].block": "views"},
            [twice("views_order")],
        ),
        (
            {"scales[2].code": "some_park", "pages[2].items[0].scale": "some_park"},
            [twice("some_park")],
        ),
        (
            {"pages[2].items[3].code": LONG},
            [
                Problem(
                    "pages",
                    f"The variable {LONG}_{end} has {31 + len(end)} characters.",
                    "Shorten the codes: 32 at most.",
                )
                for end in ("park", "library", "pool", "none", "order")
            ],
        ),
    ],
)
def test_made_names_are_unique_and_short(
    values: Mapping[str, Any], expected: list[Problem]
) -> None:
    assert problems(changed(kinds_design(), values)) == expected
