from typing import Any

import pytest

from experiments.design import Item, ItemKind, Parameter
from experiments.logic import NoValue, Value
from responses.questionnaire import Facts
from responses.questionnaire.facts import value_of
from responses.questionnaire.knowledge import known
from tests.changed import changed
from tests.responses.questionnaire.asking import BESIDE, DONT_KNOW, PLACES, asking, item, page

DK = {"missing": "dont_know"}
CHOICE = item(ItemKind.SINGLE, options=(*PLACES, DONT_KNOW))
SEVERAL = item(ItemKind.MULTIPLE, options=(*PLACES, DONT_KNOW))
NUMBER = item(ItemKind.NUMBER, options=BESIDE)


@pytest.mark.parametrize(
    ("asked", "answer", "expected"),
    [
        (CHOICE, "park", "park"),
        (CHOICE, None, None),
        (CHOICE, DK, NoValue("-9")),
        (item(ItemKind.LIKERT), "4", "4"),
        (item(ItemKind.LIKERT), DK, NoValue("-9")),
        (SEVERAL, ["park", "hall"], ("park", "hall")),
        (SEVERAL, DK, (NoValue("-9"),)),
        (SEVERAL, None, None),
        (NUMBER, "3.5", "3.5"),
        (NUMBER, DK, None),
        (item(ItemKind.SLIDER), {"missing": "untouched"}, None),
        (item(ItemKind.TEXT), "So.", "So."),
        (item(ItemKind.ALLOCATION), {"park": 100}, None),
    ],
)
def test_value_of_an_answer(asked: Item, answer: Any, expected: Value) -> None:
    found = value_of(asking(page(asked)), asked, answer)
    assert (found, type(found)) == (expected, type(expected))


@pytest.mark.parametrize(
    ("asked", "answer", "language", "expected"),
    [
        (CHOICE, "park", "en", "The park"),
        (CHOICE, "park", "ko", "공원"),
        (CHOICE, "gone", "en", ""),
        (CHOICE, DK, "en", ""),
        (CHOICE, None, "en", ""),
        (item(ItemKind.LIKERT), "4", "en", "Agree 4"),
        (SEVERAL, ["park", "hall"], "en", "The park, The hall"),
        (SEVERAL, None, "en", ""),
        (item(ItemKind.RANKING), ["hall", "park", "pool"], "ko", "회관, 공원, 수영장"),
        (item(ItemKind.ALLOCATION), {"park": 100}, "en", ""),
        (NUMBER, "1234.5", "en", "1,234.5"),
        (NUMBER, "1234.5", "de", "1.234,5"),
        (NUMBER, DK, "en", ""),
        (item(ItemKind.SLIDER), {"missing": "untouched"}, "en", ""),
        (item(ItemKind.SLIDER), "0.25", "de", "0,25"),
        (item(ItemKind.DATE), "2026-03-01", "en", "March 1, 2026"),
        (item(ItemKind.DATE), "2026-03-01", "ko", "2026년 3월 1일"),
        # As typed: it is escaped where it is shown.
        (item(ItemKind.TEXT), "<b>**{gender}**", "en", "<b>**{gender}**"),
        (item(ItemKind.SHORT_TEXT), "1234.5", "de", "1234.5"),
    ],
)
def test_slot_of_an_item_says_its_answer(
    asked: Item, answer: Any, language: str, expected: str
) -> None:
    facts = Facts(answers={"q": answer})
    assert facts.filling(asking(page(asked)), "q", language) == expected


def test_slots_of_factors_and_parameters() -> None:
    design = changed(asking(), {"parameters": (Parameter("town", "TOWN"),)})
    facts = Facts(levels={"reward": "money"}, parameters={"town": "Seoul"})
    names = ("reward", "voice", "town", "gender", "nothing")
    assert [facts.filling(design, name, "ko") for name in names] == [
        *("보상: money.", "", "Seoul", "", "")
    ]


def test_known_is_of_parameters_levels_and_answers_what_conditions_ask_for() -> None:
    asked = page(
        item(ItemKind.SINGLE, "one", shown_if='gender == "woman"'),
        item(ItemKind.SINGLE, "two", shown_if='one == "park"'),
        item(ItemKind.SINGLE, "three", shown_if='reward == "money"'),
        shown_if='town == "seoul"',
    )
    design = changed(asking(asked), {"parameters": (Parameter("town", "TOWN"),)})
    everything = {"gender": "woman", "one": "park", "two": "pool", "three": "hall"}

    def found(facts: Facts) -> tuple[object, object]:
        result = known(design, facts)
        return result.values, result.hidden

    in_seoul = {"town": "seoul"}
    assert found(Facts(everything, {"reward": "money"}, in_seoul)) == (
        {"town": "seoul", "reward": "money", "gender": "woman", "one": "park"},
        frozenset(),
    )
    # One answer hides what waits for it, and what waits for that.
    assert found(Facts({**everything, "gender": "man"}, {"reward": "none"}, in_seoul)) == (
        {"town": "seoul", "reward": "none", "gender": "man", "one": None, "two": None}
        | {"three": None},
        {"one", "two", "three"},
    )
    # A parameter that the link did not bring is known not to be there.
    assert found(Facts(everything)) == (
        {"town": None, "gender": "woman", "one": None, "two": None, "three": None},
        {"one", "two", "three"},
    )
    # What is asked further on, and levels that are not drawn yet, are open.
    assert found(Facts({"gender": "woman"}, {}, in_seoul)) == (
        {"town": "seoul", "gender": "woman"},
        frozenset(),
    )
