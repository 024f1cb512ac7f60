"""Each rule about slots: a text put into a valid design, and every problem that it makes."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from experiments.checks import Problem, problems
from experiments.design import PROLIFIC, Block, Design, Parameter
from tests.changed import changed
from tests.designs import both
from tests.responses.every_kind import kinds_design

STORY = "pages[3].body"
# What a page before the vignette, and one after it, could name.
EARLY = (
    "Name prolific_study, prolific_session, gender, education, motive1, motive2, attention, "
    "or take the slot out."
)
LATE = (
    "Name reward, voice, prolific_study, prolific_session, gender, education, motive1, motive2, "
    "attention, agree1, poles1, one, or take the slot out."
)
NO_BRACES = "Write slots as {code}, and no other braces."
ALIKE = "Put it in: all languages say the same."


def _base() -> Design:
    """Pages: welcome, about, kinds (every kind of item), story, opinion, thanks."""
    return changed(kinds_design(), {"parameters": PROLIFIC})


def _in_both(path: str, message: str, remedy: str) -> list[Problem]:
    return [Problem(path, f"{message} in {language}.", remedy) for language in ("en", "ko")]


UNFILLED: list[tuple[str, str, str, str]] = [
    (
        "pages[4].body",
        "prolific_pid",
        "The slot {prolific_pid} would show who the participant is",
        LATE,
    ),
    ("pages[4].title", "rewrd", "Nothing fills the slot {rewrd}", LATE),
    ("pages[2].body", "motive", "Nothing fills the slot {motive}", EARLY),
    ("pages[2].body", "reward", "The slot {reward} comes before its factor is shown", EARLY),
    ("pages[2].items[2].text", "voice", "The slot {voice} comes before its factor is shown", EARLY),
    ("pages[2].body", "one", "The slot {one} comes before its item is answered", EARLY),
    ("pages[2].body", "noticed", "The slot {noticed} comes before its item is answered", EARLY),
    *(
        ("pages[4].body", code, f"{code} has no words for a slot", LATE)
        for code in ("order", "points", "note")
    ),
    *(
        (f"pages[2].items[{place}", "pid", "Nothing fills the slot {pid}", EARLY)
        for place in [
            "1].left",
            "1].right",
            "6].unit",
            "2].options[1].label",
            "12].text",
        ]
    ),
    ("pages[5].body", "pid", "Nothing fills the slot {pid}", LATE),
]

FILLED = [
    ("pages[0].body", "prolific_study"),
    ("pages[2].title", "gender"),
    ("pages[2].items[2].text", "prolific_session"),
    ("pages[2].items[2].options[1].label", "motive1"),
    ("pages[2].items[1].left", "education"),
    ("pages[2].items[6].unit", "attention"),
    ("pages[3].title", "reward"),
    *(
        ("pages[4].body", code)
        for code in [
            *("agree1", "poles1", "one", "some", "menu", "years", "mood"),
            *("place", "wish", "day", "voice"),
        ]
    ),
    ("pages[5].body", "comment"),
]

UNALIKE: list[tuple[dict[str, Any], list[Problem]]] = [
    (
        {f"{STORY}.ko": "{reward}"},
        [
            Problem(
                STORY,
                "The text in ko lacks the slot {voice}, which another language has.",
                ALIKE,
            )
        ],
    ),
    (
        {"pages[4].items[0].text.en": "Because you are {gender}:"},
        [
            Problem(
                "pages[4].items[0].text",
                "The text in ko lacks the slot {gender}, which another language has.",
                ALIKE,
            )
        ],
    ),
    *(
        (
            {f"{STORY}.en": f"{{reward}} {{voice}} {stray}"},
            [Problem(STORY, "The text in en has a brace that belongs to no slot.", NO_BRACES)],
        )
        for stray in ("{", "}", "{}", "{Reward}", "{1}")
    ),
    (
        {"pages[4].body": both("{gender} {1}", "{gender}")},
        [
            Problem(
                "pages[4].body", "The text in en has a brace that belongs to no slot.", NO_BRACES
            )
        ],
    ),
]

ALIKE_ENOUGH: list[dict[str, Any]] = [
    {STORY: both("{reward}{voice}", "{voice} { reward } {voice}")},
    {"pages[4].body": both("Sets are {1, 2}.", "집합은 {1, 2}.")},
    {"pages[4].body": both("Sets are {1, 2}.", "집합.")},
    {"pages[3].title": both("A story {1}", "이야기")},
]


@pytest.mark.parametrize(("path", "slot", "message", "remedy"), UNFILLED)
def test_slot_that_nothing_fills_yet_is_refused(
    path: str, slot: str, message: str, remedy: str
) -> None:
    design = changed(_base(), {path: both(f"You: {{{slot}}}", f"{{{slot}}}")})
    assert problems(design) == _in_both(path, message, remedy)


@pytest.mark.parametrize(("path", "slot"), FILLED)
def test_slot_that_something_fills_is_taken(path: str, slot: str) -> None:
    assert problems(changed(_base(), {path: both(f"You: {{{slot}}}", f"{{{slot}}}")})) == []


@pytest.mark.parametrize(("values", "expected"), UNALIKE)
def test_slots_that_languages_do_not_share_are_refused(
    values: Mapping[str, Any], expected: list[Problem]
) -> None:
    assert problems(changed(_base(), values)) == expected


@pytest.mark.parametrize("values", ALIKE_ENOUGH)
def test_slots_that_languages_share_are_taken(values: Mapping[str, Any]) -> None:
    assert problems(changed(_base(), values)) == []


def test_slot_of_an_item_of_the_same_block_is_refused() -> None:
    alone = {"pages[2].items[14].shown_if": 'one == "park"'}
    text = {"pages[2].body": both("{gender}", "{gender}"), **alone}
    block = {"blocks": (Block("mixed"),), "pages[1].block": "mixed", "pages[2].block": "mixed"}
    message = "The slot {gender} comes before its item is answered"
    remedy = "Name prolific_study, prolific_session, or take the slot out."

    assert problems(changed(_base(), text | block)) == _in_both("pages[2].body", message, remedy)
    assert problems(changed(_base(), text | block | {"pages[1].block": ""})) == []


def test_slot_where_nothing_could_be_named_says_so() -> None:
    unnamed = (Parameter("pid", "PID", identifies=True),)
    path = "pages[0].body"
    design = changed(_base(), {"parameters": unnamed, path: both("{gender}", "{gender}")})
    message = "The slot {gender} comes before its item is answered"
    assert problems(design) == _in_both(path, message, "Name none so far, or take the slot out.")


def test_slot_of_a_misspelt_factor_is_told_the_factors_that_no_vignette_shows() -> None:
    design = changed(_base(), {STORY: both("{rewart} {voise}", "{rewart} {voise}")})
    told = [each for each in problems(design) if each.path == STORY]

    assert told == [
        *(
            Problem(STORY, f"Nothing fills the slot {{{slot}}} in {language}.", LATE)
            for language in ("en", "ko")
            for slot in ("rewart", "voise")
        ),
        Problem(
            STORY,
            "The vignette shows no factor, so every participant reads the same.",
            "Write a factor's code in braces, as in {reward}, or make it a questions page.",
        ),
    ]


@pytest.mark.parametrize(("path", "named"), [("pages[4].body", True), ("pages[2].body", False)])
def test_slot_outside_a_vignette_is_told_unshown_factors_from_the_vignette_on(
    path: str, named: bool
) -> None:
    text = {STORY: both("{reward}", "{reward}"), path: both("{voise}", "{voise}")}
    told = {each.remedy for each in problems(changed(_base(), text)) if each.path == path}
    assert told == {LATE if named else EARLY}


def test_slot_of_a_vignette_is_told_a_factor_that_a_later_one_shows() -> None:
    base = _base()
    first = changed(base, {STORY: both("{reward} {voise}", "{reward} {voise}")}).pages[3]
    later = replace(base.pages[3], code="later", body=both("{voice}", "{voice}"))
    pages = (*base.pages[:3], first, later, *base.pages[4:])

    assert problems(replace(base, pages=pages)) == _in_both(
        STORY, "Nothing fills the slot {voise}", LATE
    )
