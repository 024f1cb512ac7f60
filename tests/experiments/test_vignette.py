"""Slots, and the text of an arm."""

import pytest

from experiments.vignette import render, slots, stray_braces, vignette_text
from tests.changed import changed
from tests.designs import small


def test_slots_are_the_codes_in_braces() -> None:
    assert slots("A {reward}, {voice} and { reward }.") == {"reward", "voice"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A {reward}.", False),
        ("No slot.", False),
        ("A {reward.", True),
        ("A reward}.", True),
        ("An {} empty one.", True),
        ("A {Reward}.", True),
        ("{{reward}}", True),
        ("{보상}", True),
    ],
)
def test_stray_braces_are_those_of_no_slot(text: str, expected: bool) -> None:
    assert stray_braces(text) is expected


def test_render_fills_slots_once() -> None:
    assert render("{reward} and {voice}", {"reward": "{voice}", "voice": "a vote"}) == (
        "{voice} and a vote"
    )


def test_render_refuses_a_slot_without_filling() -> None:
    with pytest.raises(KeyError):
        render("{reward}", {})


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "A park.\n\nYou get money.\n\nThe office decided."),
        ("ko", "공원.\n\n보상: money.\n\n구청이 정했습니다."),
    ],
)
def test_vignette_text_says_what_the_levels_say(language: str, expected: str) -> None:
    design = small()

    said = vignette_text(
        design, design.page("story"), {"reward": "money", "voice": "low"}, language
    )

    assert said == expected


def test_vignette_text_of_an_empty_level_is_empty_there() -> None:
    design = changed(small(), {"factors[0].levels[0].text.en": ""})

    said = vignette_text(design, design.page("story"), {"reward": "none", "voice": "low"}, "en")

    assert said == "A park.\n\n\n\nThe office decided."


def test_vignette_text_of_a_page_without_slots_is_its_body() -> None:
    design = small()

    assert vignette_text(design, design.page("about"), {}, "ko") == "안녕."
