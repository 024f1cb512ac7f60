"""What every rule about texts says and advises, and what is just within it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from experiments.checks import Problem, problems
from tests.changed import changed, drop, without
from tests.designs import both, small

REFUSED: list[tuple[dict[str, Any], list[Problem]]] = [
    (
        {"languages": ()},
        [Problem("languages", "The study has no language.", "List one, as in [en].")],
    ),
    (
        {"pages[2].body": both("A park", "공원")},
        [
            Problem(
                "pages[2].body",
                "The vignette shows no factor, so every participant reads the same.",
                "Write a factor's code in braces, as in {reward}, or make it a questions page.",
            ),
            Problem(
                "factors[0]",
                "No vignette shows the factor reward.",
                "Put the slot {reward} into the body of a vignette page.",
            ),
            Problem(
                "factors[1]",
                "No vignette shows the factor voice.",
                "Put the slot {voice} into the body of a vignette page.",
            ),
            Problem(
                "pages[3].items[2]",
                "The manipulation check noticed comes before reward is shown.",
                "Ask it on the vignette's page or later.",
            ),
        ],
    ),
    (
        {"title": without("ko")},
        [Problem("title", "There is no text in ko.", "Add `ko: …` to it.")],
    ),
    (
        {"title.ko": " \n"},
        [Problem("title", "The text in ko is blank.", "Write it.")],
    ),
    (
        {"title.de": "Ein Park"},
        [
            Problem(
                "title",
                "There is a text in de, which is no language of the study.",
                "Take it out, or add de to languages.",
            )
        ],
    ),
    (
        {"title.en": "A\ue000csrf\ue001 park"},
        [
            Problem(
                "title",
                "The text in en has a character that can't be shown, U+E000, after “A”.",
                "Take it out: delete what stands there and type it anew.",
            )
        ],
    ),
    (
        {"factors[0].label": both("Reward {voice}", "보상")},
        [
            Problem(
                "factors[0].label",
                "The slot {voice} in en would be shown as it stands.",
                "Use slots in what a page or an item says.",
            )
        ],
    ),
    (
        {"pages[2].body": both("A park {voice}", "공원 {voice}")},
        [
            Problem(
                "factors[0]",
                "No vignette shows the factor reward.",
                "Put the slot {reward} into the body of a vignette page.",
            ),
            Problem(
                "pages[3].items[2]",
                "The manipulation check noticed comes before reward is shown.",
                "Ask it on the vignette's page or later.",
            ),
        ],
    ),
]

ALLOWED: list[dict[str, Any]] = [
    {"title.ko": "."},
    {"factors[0].levels[0].text.ko": " "},
    {"question": {}},
    {"debriefing": both("What it was about.", "연구 설명.")},
    {"title.en": "{A park}"},
    {"pages[2].body": both("{reward} {voice}", "{voice} {reward}")},
]


@pytest.mark.parametrize(("values", "expected"), REFUSED)
def test_remedies_of_texts_are_said_whole(
    values: Mapping[str, Any], expected: list[Problem]
) -> None:
    assert problems(changed(small(), values)) == expected


@pytest.mark.parametrize("values", ALLOWED)
def test_what_is_just_within_the_rules_of_texts_is_taken(values: Mapping[str, Any]) -> None:
    assert problems(changed(small(), values)) == []


@pytest.mark.parametrize(
    ("values", "remedy"),
    [
        (
            {"factors": drop(0)},
            "Write a factor's code in braces, as in {voice}, or make it a questions page.",
        ),
        (
            {"factors": ()},
            "Add a factor and write its code in braces, or make it a questions page.",
        ),
    ],
)
def test_vignette_that_shows_no_factor_is_told_one_that_the_study_has(
    values: Mapping[str, Any], remedy: str
) -> None:
    design = changed(small(), {"pages[2].body": both("A park", "공원"), **values})
    told = [each.remedy for each in problems(design) if each.message.startswith("The vignette")]
    assert told == [remedy]


def test_vignette_that_shows_no_factor_is_told_first_one_that_none_shows() -> None:
    design = small()
    plain = replace(design.pages[2], code="plain", body=both("A park", "공원"))
    shows = replace(design.pages[2], body=both("{reward}", "{reward}"))
    design = replace(design, pages=(*design.pages[:2], plain, shows, *design.pages[3:]))

    assert [each.remedy for each in problems(design) if each.path == "pages[2].body"] == [
        "Write a factor's code in braces, as in {voice}, or make it a questions page."
    ]
