"""Each rule about texts and slots: a change to a valid design and every problem it makes."""

from collections.abc import Mapping
from typing import Any

import pytest

from experiments.checks import problems
from tests.changed import changed, without
from tests.designs import both, small

CASES: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
    (
        {"languages": ()},
        [("languages", "The study has no language.")],
    ),
    (
        {"title": without("ko")},
        [("title", "There is no text in ko.")],
    ),
    (
        {"title.ko": " \n"},
        [("title", "The text in ko is blank.")],
    ),
    (
        {"title.de": "Ein Park"},
        [("title", "There is a text in de, which is no language of the study.")],
    ),
    (
        {"question": {}},
        [],
    ),
    (
        {"question": without("en")},
        [("question", "There is no text in en.")],
    ),
    (
        {"scales[1].options[6].label": without("ko")},
        [("scales[1].options[6].label", "There is no text in ko.")],
    ),
    (
        {"pages[1].body": {}},
        [],
    ),
    (
        {"pages[2].body": {}},
        [
            ("pages[2].body", "There is no text in en."),
            ("pages[2].body", "There is no text in ko."),
            ("factors[0]", "No vignette shows the factor reward."),
            ("factors[1]", "No vignette shows the factor voice."),
            ("pages[3].items[2]", "The manipulation check noticed comes before reward is shown."),
        ],
    ),
    (
        {"pages[0].body": {}},
        [
            ("pages[0].body", "There is no text in en."),
            ("pages[0].body", "There is no text in ko."),
        ],
    ),
    (
        {"factors[0].levels[0].text.ko": ""},
        [],
    ),
    (
        {"factors[0].levels[0].text": without("ko")},
        [("factors[0].levels[0].text", "There is no text in ko.")],
    ),
    (
        {"pages[2].body.ko": "공원. {reward} {voice} {rewrd}"},
        [
            ("pages[2].body", "Nothing fills the slot {rewrd} in ko."),
            ("pages[2].body", "The text in en lacks the slot {rewrd}, which another language has."),
        ],
    ),
    (
        {"pages[2].body.ko": "공원. {reward}"},
        [("pages[2].body", "The text in ko lacks the slot {voice}, which another language has.")],
    ),
    (
        {"pages[2].body.en": "{reward} {voice"},
        [
            ("pages[2].body", "The text in en has a brace that belongs to no slot."),
            ("pages[2].body", "The text in en lacks the slot {voice}, which another language has."),
        ],
    ),
    (
        {"pages[2].body": both("A park {voice}", "공원 {voice}")},
        [
            ("factors[0]", "No vignette shows the factor reward."),
            ("pages[3].items[2]", "The manipulation check noticed comes before reward is shown."),
        ],
    ),
    (
        {"pages[2].body": both("A park", "공원")},
        [
            ("pages[2].body", "The vignette shows no factor, so every participant reads the same."),
            ("factors[0]", "No vignette shows the factor reward."),
            ("factors[1]", "No vignette shows the factor voice."),
            ("pages[3].items[2]", "The manipulation check noticed comes before reward is shown."),
        ],
    ),
    (
        {"pages[3].body": both("Think of {reward}.", "{reward}?")},
        [],
    ),
    (
        {"factors[0].label": both("Reward {voice}", "보상")},
        [("factors[0].label", "The slot {voice} in en would be shown as it stands.")],
    ),
    (
        {"pages[2].title.en": "A {reward}"},
        [("pages[2].title", "The text in ko lacks the slot {reward}, which another language has.")],
    ),
    (
        {"title.en": "A\ue000csrf\ue001 park"},
        [("title", "The text in en has a character that can't be shown, U+E000, after “A”.")],
    ),
    (
        {"pages[3].items[3].text.ko": "\0무엇"},
        [
            (
                "pages[3].items[3].text",
                "The text in ko has a character that can't be shown, U+0000, at its start.",
            )
        ],
    ),
    *(
        (
            {"pages[1].body.en": f"One.{character}Two."},
            [
                (
                    "pages[1].body",
                    "The text in en has a character that can't be shown, "
                    f"U+{ord(character):04X}, after “One.”.",
                )
            ],
        )
        for character in "\x08\x0b\x1b\r\x7f\x85\uf8ff"
    ),
    (
        {"pages[1].body.en": "One,\ttwo.\nThree.\r\nFour: 🌳"},
        [],
    ),
    (
        {"pages[0].body.en": "Sets are written {1, 2}."},
        [],
    ),
]


@pytest.mark.parametrize(("values", "expected"), CASES)
def test_problems_of_texts_are_found_and_nothing_else(
    values: Mapping[str, Any], expected: list[tuple[str, str]]
) -> None:
    found = problems(changed(small(), values))

    assert [(problem.path, problem.message) for problem in found] == expected
    assert all(problem.remedy.endswith((".", "`", "?")) for problem in found)
