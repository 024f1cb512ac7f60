"""Each rule about the pages: a change to a valid design and every problem it makes."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from experiments.checks import problems
from experiments.design import Item, Page, PageKind
from tests.changed import changed, drop
from tests.designs import both, small

GENDER = small().pages[1].items[0]


def _comments(count: int, name: str = "c") -> tuple[Item, ...]:
    comment = small().pages[3].items[3]
    return tuple(replace(comment, code=f"{name}{number}") for number in range(count))


CASES: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
    (
        {"pages": drop(0)},
        [("pages", "The first page does not ask for consent.")],
    ),
    (
        {"pages": drop(4)},
        [("pages", "The last page is not the end.")],
    ),
    (
        {"pages": ()},
        [
            ("factors[0]", "No vignette shows the factor reward."),
            ("factors[1]", "No vignette shows the factor voice."),
            ("randomisations[0].strata[0]", "There is no item or parameter gender."),
            ("pages", "The first page does not ask for consent."),
            ("pages", "The last page is not the end."),
            ("scales[0]", "No item belongs to the scale motive."),
            ("scales[0].subscales[0]", "No item belongs to the subscale care."),
            ("scales[1]", "No item belongs to the scale will."),
            ("plan.covariates[1]", "The plan names education, which is no variable."),
            ("plan.exclusions[0]", "Nobody can fail an attention check: the study has none."),
        ],
    ),
    (
        {
            "pages[1].kind": PageKind.CONSENT,
            "pages[1].items": (),
            "randomisations[0].strata": (),
            "plan.covariates": (),
            "plan.associations": (),
            "plan.exclusions": (),
            "scales": lambda s: s[1:],
        },
        [("pages[1].kind", "A page of kind consent stands in the middle.")],
    ),
    (
        {"pages[1].code": "resume"},
        [("pages[1].code", "resume is an address of its own.")],
    ),
    (
        {"pages[3].code": "done"},
        [],
    ),
    (
        {"pages[3].items": lambda items: (*items, *_comments(897))},
        [("pages[3].items", "The page opinion asks 901 items.")],
    ),
    (
        {"pages[3].items": lambda items: (*items, *_comments(896))},
        [],
    ),
    (
        {
            "pages[1].items": lambda items: (*items, *_comments(700, "a")),
            "pages[3].items": lambda items: (*items, *_comments(751, "b")),
        },
        [("pages", "The data set would have 1502 variables.")],
    ),
    (
        {"pages[4].items": (replace(GENDER, code="sex"),)},
        [("pages[4].items", "A page of kind end asks nothing.")],
    ),
    (
        {
            "pages": lambda p: (
                *p[:4],
                Page("blank", PageKind.QUESTIONS, both("Blank", "빈"), {}),
                p[4],
            )
        },
        [("pages[4]", "The page blank is empty.")],
    ),
]


@pytest.mark.parametrize(("values", "expected"), CASES)
def test_problems_of_pages_are_found_and_nothing_else(
    values: Mapping[str, Any], expected: list[tuple[str, str]]
) -> None:
    found = problems(changed(small(), values))

    assert [(problem.path, problem.message) for problem in found] == expected
    assert all(problem.remedy.endswith((".", "`", "?")) for problem in found)
