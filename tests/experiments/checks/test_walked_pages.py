"""Each rule about the walk through the pages: blocks, ways back, times, screening, addresses."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from experiments.checks import Problem, problems
from experiments.design import Block, Design, Item, Page, PageKind
from experiments.variables import count_variables
from tests.changed import changed
from tests.designs import both, small
from tests.responses.ways import screened

MOVE = "Screening and consent come first and end last; make this one questions."
NEIGHBOURS = "Put them next to each other."
MINIMUM = "Give 30 seconds more than its minimum."


def _base() -> Design:
    """Pages: screen, welcome, about, more, story, opinion, last, thanks."""
    more, last = (
        Page(code, PageKind.QUESTIONS, both("More", "더"), both("Hello.", "안녕."))
        for code in ("more", "last")
    )
    return changed(screened(), {"pages": lambda p: (*p[:3], more, *p[3:5], last, p[5])})


def _swapped(one: int, other: int) -> dict[str, Any]:
    def swap(pages: tuple[Page, ...]) -> tuple[Page, ...]:
        found = list(pages)
        found[one], found[other] = pages[other], pages[one]
        return tuple(found)

    return {"pages": swap}


def _blocks(*places: int) -> dict[str, Any]:
    inside = {f"pages[{place}].block": "mixed" for place in places}
    return {"blocks": (Block("mixed"),), **inside}


def _is_silent(kind: PageKind) -> str:
    return f"A page of kind {kind} takes the time that it takes."


REFUSED: list[tuple[dict[str, Any], list[Problem]]] = [
    (
        _swapped(6, 7),
        [
            Problem("pages", "The last page is not the end.", "Finish with a page of kind end."),
            Problem("pages[6].kind", "A page of kind end stands in the middle.", MOVE),
        ],
    ),
    (
        _swapped(0, 3),
        [
            Problem(
                "pages",
                "The first page does not ask for consent.",
                "Begin with kind consent, or screening before it.",
            ),
            Problem("pages[1].kind", "A page of kind consent stands in the middle.", MOVE),
            Problem("pages[3].kind", "A page of kind screening stands in the middle.", MOVE),
        ],
    ),
    (
        _swapped(0, 1),
        [Problem("pages[1].kind", "A page of kind screening stands in the middle.", MOVE)],
    ),
    (
        {"pages[0].items": (), "pages[0].screen_out_if": ""},
        [Problem("pages[0]", "screen screens nobody.", "Give it items.")],
    ),
    (
        {"pages[3].body": {}},
        [Problem("pages[3]", "The page more is empty.", "Give it a body or items.")],
    ),
    *(
        (
            {"pages[3].code": code},
            [Problem("pages[3].code", f"{code} is an address of its own.", "Rename the page.")],
        )
        for code in ("resume", "withdraw", "image", "draft")
    ),
    *(
        (
            {f"pages[{place}].items": (replace(screened().pages[0].items[0], code="x"),)},
            [
                Problem(
                    f"pages[{place}].items",
                    f"A page of kind {kind} asks nothing.",
                    "Move its items to a page of kind questions.",
                )
            ],
        )
        for place, kind in [(1, "consent"), (7, "end")]
    ),
    (
        {"blocks": (Block("mixed"),)},
        [Problem("blocks[0]", "No page is in the block mixed.", "Put pages in, or drop it.")],
    ),
    *(
        (
            _blocks(*places),
            [Problem("blocks[0]", "The pages of the block mixed are not neighbours.", NEIGHBOURS)],
        )
        for places in [(2, 5), (2, 3, 6), (3, 5, 6)]
    ),
    (
        {"pages[3].block": "mixed"},
        [Problem("pages[3].block", "There is no block mixed.", "Known are: none so far.")],
    ),
    (
        {**_blocks(2), "pages[3].block": "mxied"},
        [Problem("pages[3].block", "There is no block mxied.", "Known are: mixed.")],
    ),
    *(
        (
            _blocks(place),
            [
                Problem(
                    f"pages[{place}].block",
                    f"A page of kind {kind} has its own place.",
                    "Take it out of the block.",
                )
            ],
        )
        for place, kind in [(0, "screening"), (1, "consent"), (4, "vignette"), (7, "end")]
    ),
    *(
        (
            {f"pages[{place}].back": True},
            [Problem(f"pages[{place}].back", f"Nobody can go back from {why}.", "Take it out.")],
        )
        for place, why in [
            (0, "screen: screening answers are final"),
            (1, "welcome: consent has its own place"),
            (2, "about: there is nothing to go back to"),
            (4, "story: who has read it could change what they answered before it"),
            (7, "thanks: the answers are sent"),
        ]
    ),
    *(
        (
            {f"pages[{place}].{name}": 60},
            [Problem(f"pages[{place}]", _is_silent(kind), "Take out its seconds.")],
        )
        for place, kind in [
            (0, PageKind.SCREENING),
            (1, PageKind.CONSENT),
            (7, PageKind.END),
        ]
        for name in ("min_seconds", "max_seconds")
    ),
    *(
        (
            {f"pages[3].{name}": 86_401},
            [Problem("pages[3]", "more counts more than a day.", "Give fewer seconds.")],
        )
        for name in ("min_seconds", "max_seconds")
    ),
    *(
        (
            {"pages[3].min_seconds": least, "pages[3].max_seconds": most},
            [
                Problem(
                    "pages[3].max_seconds", "more is sent before anybody can be warned.", MINIMUM
                )
            ],
        )
        for least, most in [(0, 1), (0, 29), (10, 39), (60, 60)]
    ),
]

ALLOWED: list[dict[str, Any]] = [
    {},
    {"pages": lambda pages: pages[1:]},
    {"pages[3].code": "drafts"},
    _blocks(2, 3),
    _blocks(3),
    _blocks(5, 6),
    *({f"pages[{place}].back": True} for place in (3, 5, 6)),
    {"pages[3].min_seconds": 86_400},
    {"pages[3].max_seconds": 86_400},
    {"pages[4].min_seconds": 20},
    {"pages[3].max_seconds": 30},
    {"pages[3].min_seconds": 10, "pages[3].max_seconds": 40},
]


@pytest.mark.parametrize(("values", "expected"), REFUSED)
def test_pages_that_can_not_be_walked_are_refused(
    values: Mapping[str, Any], expected: list[Problem]
) -> None:
    assert problems(changed(_base(), values)) == expected


@pytest.mark.parametrize("values", ALLOWED)
def test_pages_that_can_be_walked_are_taken(values: Mapping[str, Any]) -> None:
    assert problems(changed(_base(), values)) == []


def test_first_page_after_consent_has_nothing_to_go_back_to() -> None:
    design = changed(_base(), {"pages": lambda pages: pages[1:], "pages[1].back": True})
    message = "Nobody can go back from about: there is nothing to go back to."
    assert problems(design) == [Problem("pages[1].back", message, "Take it out.")]


def test_first_page_of_all_has_nothing_to_go_back_to() -> None:
    design = changed(_base(), {"pages": lambda pages: pages[2:], "pages[0].back": True})
    message = "Nobody can go back from about: there is nothing to go back to."
    assert Problem("pages[0].back", message, "Take it out.") in problems(design)


def _comments(count: int) -> tuple[Item, ...]:
    comment = small().pages[3].items[3]
    return tuple(replace(comment, code=f"c{number}") for number in range(count))


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (900, []),
        (
            901,
            [
                Problem(
                    "pages[3].items",
                    "The page more asks 901 items.",
                    "Ask 900 at most on one page.",
                )
            ],
        ),
    ],
)
def test_page_can_ask_so_many_items_and_no_more(count: int, expected: list[Problem]) -> None:
    assert problems(changed(_base(), {"pages[3].items": _comments(count)})) == expected


@pytest.mark.parametrize(
    ("beyond", "expected"),
    [
        (0, []),
        (
            1,
            [
                Problem(
                    "pages",
                    "The data set would have 1501 variables.",
                    "Ask less: 1500 variables at most.",
                )
            ],
        ),
    ],
)
def test_data_set_can_have_so_many_variables_and_no_more(
    beyond: int, expected: list[Problem]
) -> None:
    asked = _comments(1500 - count_variables(_base()) + beyond)
    values = {"pages[3].items": asked[:800], "pages[6].items": asked[800:]}
    assert problems(changed(_base(), values)) == expected
