from typing import Any

import pytest

from experiments.answers import Answer
from experiments.design import Item, ItemKind
from responses.questionnaire.reading import Fault, read
from tests.responses.questionnaire.asking import BESIDE, DONT_KNOW, NONE, PLACES, asking, item, page

DK = {"missing": "dont_know"}
UNTOUCHED = {"missing": "untouched"}


def said(asked: Item, fields: dict[str, Any], language: str = "en") -> Answer | Fault:
    """What is read from fields; those named like parts of the item are written `.part`."""
    sent = {
        asked.code + name: (value,) if isinstance(value, str) else value
        for name, value in fields.items()
    }
    return read(asking(page(asked)), asked, sent, language)


def one(value: str) -> dict[str, str]:
    """The item's one field."""
    return {"": value}


ONE_OF = [ItemKind.SINGLE, ItemKind.DROPDOWN]
ON_SCALE = [ItemKind.LIKERT, ItemKind.SEMANTIC_DIFFERENTIAL]


@pytest.mark.parametrize("kind", ONE_OF)
@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (one("pool"), "pool"),
        ({}, None),
        (one(""), None),
        (one(" "), None),
        (one("-9"), DK),
        (one("sea"), Fault.NOT_AN_OPTION),
        (one("POOL"), Fault.NOT_AN_OPTION),
        (one("\0"), Fault.NOT_AN_OPTION),
        (one("q"), Fault.NOT_AN_OPTION),
        ({"": ("park", "pool")}, "pool"),
        ({".missing": "-9"}, None),
    ],
)
def test_single_choice(kind: ItemKind, fields: dict[str, Any], expected: object) -> None:
    assert said(item(kind, options=(*PLACES, DONT_KNOW)), fields) == expected


@pytest.mark.parametrize("kind", ON_SCALE)
@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (one("5"), "5"),
        (one("-9"), DK),
        ({}, None),
        (one("6"), Fault.NOT_AN_OPTION),
        (one("05"), Fault.NOT_AN_OPTION),
        (one("５"), Fault.NOT_AN_OPTION),
    ],
)
def test_scale(kind: ItemKind, fields: dict[str, Any], expected: object) -> None:
    assert said(item(kind), fields) == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        # In the design's order, whatever was ticked first.
        ({"": ("hall", "park")}, ["park", "hall"]),
        ({"": ("park", "park")}, ["park"]),
        (one("none"), ["none"]),
        (one("-9"), DK),
        ({}, None),
        (one(""), None),
        ({"": ("park", "none")}, Fault.EXCLUSIVE),
        ({"": ("park", "-9")}, Fault.EXCLUSIVE),
        ({"": ("none", "-9")}, Fault.EXCLUSIVE),
        ({"": ("park", "sea")}, Fault.NOT_AN_OPTION),
        (one("park,hall"), Fault.NOT_AN_OPTION),
    ],
)
def test_multiple_choice(fields: dict[str, Any], expected: object) -> None:
    asked = item(ItemKind.MULTIPLE, options=(*PLACES, NONE, DONT_KNOW))
    assert said(asked, fields) == expected


@pytest.mark.parametrize("kind", [ItemKind.TEXT, ItemKind.SHORT_TEXT])
@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (one("So."), "So."),
        (one("  kept as typed "), "  kept as typed "),
        (one("<b>&{reward}**"), "<b>&{reward}**"),
        (one("=1+1"), "=1+1"),
        (one("x" * 20), "x" * 20),
        (one("🌳" * 20), "🌳" * 20),
        (one("x" * 21), Fault.TOO_LONG),
        (one("a\0b"), Fault.UNREADABLE),
        (one(" \t"), None),
        (one("\r\n"), None),
        ({}, None),
        ({".missing": "-9"}, DK),
        ({"": "", ".missing": "-9"}, DK),
        ({"": "So.", ".missing": "-9"}, Fault.BOTH),
        ({"": "x" * 21, ".missing": "-9"}, Fault.BOTH),
        ({".missing": "-7"}, Fault.NOT_AN_OPTION),
        ({".missing": ("-9", "-8")}, Fault.BOTH),
        ({".missing": ("-9", "-9")}, DK),
    ],
)
def test_text(kind: ItemKind, fields: dict[str, Any], expected: object) -> None:
    assert said(item(kind, max_length=20, options=BESIDE), fields) == expected


def test_lines_are_kept_in_long_texts_only() -> None:
    assert said(item(ItemKind.TEXT), one("a\r\nb\rc\n")) == "a\nb\nc\n"
    assert said(item(ItemKind.SHORT_TEXT), one("a\r\nb")) is Fault.UNREADABLE


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (one("0"), "0"),
        (one("10"), "10"),
        (one(" 7.5 "), "7.5"),
        (one("７.５"), "7.5"),
        (one("7.50"), "7.5"),
        (one("7.25"), Fault.TOO_MANY_DECIMALS),
        (one("-0.1"), Fault.TOO_SMALL),
        (one("10.1"), Fault.TOO_LARGE),
        (one("9" * 28), Fault.TOO_LARGE),
        (one("9" * 29), Fault.NOT_A_NUMBER),
        (one("ten"), Fault.NOT_A_NUMBER),
        (one("\0"), Fault.NOT_A_NUMBER),
        (one(""), None),
        ({}, None),
        ({"": "", ".missing": "-9"}, DK),
        ({"": "3", ".missing": "-9"}, Fault.BOTH),
        ({"": "ten", ".missing": "-9"}, Fault.BOTH),
    ],
)
def test_number(fields: dict[str, Any], expected: object) -> None:
    asked = item(ItemKind.NUMBER, minimum=0.0, maximum=10.0, decimals=1, options=BESIDE)
    assert said(asked, fields) == expected


def test_number_without_decimals_is_whole_and_without_bounds_free() -> None:
    asked = item(ItemKind.NUMBER)
    assert said(asked, one("1.5")) is Fault.NOT_WHOLE
    assert said(asked, one("1.0")) == "1"
    assert said(asked, one("-" + "9" * 27)) == "-" + "9" * 27
    assert said(asked, one("100")) == "100"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (one("1"), "1"),
        (one("1.5"), "1.5"),
        (one("3"), "3"),
        (one("0.5"), UNTOUCHED),
        (one(""), UNTOUCHED),
        ({}, UNTOUCHED),
        (one("0"), Fault.TOO_SMALL),
        (one("3.5"), Fault.TOO_LARGE),
        (one("1.2"), Fault.OFF_STEP),
        (one("x"), Fault.NOT_A_NUMBER),
        ({"": "0.5", ".missing": "-9"}, DK),
        ({"": "2", ".missing": "-9"}, Fault.BOTH),
    ],
)
def test_slider(fields: dict[str, Any], expected: object) -> None:
    asked = item(ItemKind.SLIDER, minimum=1.0, maximum=3.0, step=0.5, options=BESIDE)
    # A browser sends a slider with a point in any language.
    assert [said(asked, fields, language) for language in ("en", "de")] == [expected] * 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-01", "2026-03-01"),
        ("2026-3-1", "2026-03-01"),
        ("2026. 3. 1.", "2026-03-01"),
        ("2026/3/1", "2026-03-01"),
        ("2026년 3월 1일", "2026-03-01"),
        ("２０２６-03-01", "2026-03-01"),
        ("2026-01-01", "2026-01-01"),
        ("2026-12-31", "2026-12-31"),
        ("2025-12-31", Fault.TOO_EARLY),
        ("2027-01-01", Fault.TOO_LATE),
        ("2026-02-29", Fault.NOT_A_DATE),
        ("2026-13-01", Fault.NOT_A_DATE),
        ("0000-00-00", Fault.NOT_A_DATE),
        ("01.03.2026", Fault.NOT_A_DATE),
        ("3/1/2026", Fault.NOT_A_DATE),
        ("2026-03-01T00:00", Fault.NOT_A_DATE),
        ("yesterday", Fault.NOT_A_DATE),
        (" ", None),
        ("", None),
    ],
)
def test_date(text: str, expected: object) -> None:
    asked = item(ItemKind.DATE, earliest="2026-01-01", latest="2026-12-31")
    assert said(asked, one(text)) == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({".park": "2", ".pool": "3", ".hall": "1"}, ["hall", "park", "pool"]),
        ({".park": " 2 ", ".pool": "3", ".hall": "1"}, ["hall", "park", "pool"]),
        ({}, None),
        ({".park": "", ".pool": "", ".hall": ""}, None),
        ({".park": "1", ".pool": "2"}, Fault.RANK_MISSING),
        ({".park": "1", ".pool": "1", ".hall": "2"}, Fault.RANK_TWICE),
        ({".park": "1", ".pool": "1"}, Fault.RANK_TWICE),
        ({".park": "1", ".pool": "2", ".hall": "4"}, Fault.NOT_AN_OPTION),
        ({".park": "0", ".pool": "1", ".hall": "2"}, Fault.NOT_AN_OPTION),
        ({".park": "best"}, Fault.NOT_AN_OPTION),
        ({".sea": "1"}, None),
        ({".missing": "-9"}, DK),
        # A ranking that was begun is no value yet.
        ({".park": "1", ".missing": "-9"}, DK),
        ({".park": "2", ".pool": "3", ".hall": "1", ".missing": "-9"}, Fault.BOTH),
    ],
)
def test_ranking(fields: dict[str, Any], expected: object) -> None:
    assert said(item(ItemKind.RANKING, options=(*PLACES, *BESIDE)), fields) == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({".park": "60", ".pool": "40", ".hall": "0"}, {"park": 60, "pool": 40, "hall": 0}),
        ({".park": "100"}, {"park": 100, "pool": 0, "hall": 0}),
        ({".park": "１００"}, {"park": 100, "pool": 0, "hall": 0}),
        ({}, None),
        ({".park": "", ".pool": " "}, None),
        ({".park": "60", ".pool": "41"}, Fault.WRONG_TOTAL),
        ({".park": "0", ".pool": "0", ".hall": "0"}, Fault.WRONG_TOTAL),
        ({".park": "120", ".pool": "-20"}, Fault.NOT_WHOLE),
        ({".park": "99.5", ".pool": "0.5"}, Fault.NOT_WHOLE),
        ({".park": "all"}, Fault.NOT_WHOLE),
        ({".park": "1" * 10}, Fault.NOT_WHOLE),
        ({".park": "²"}, Fault.WRONG_TOTAL),
        ({".missing": "-9"}, DK),
        ({".park": "100", ".missing": "-9"}, Fault.BOTH),
    ],
)
def test_allocation(fields: dict[str, Any], expected: object) -> None:
    assert said(item(ItemKind.ALLOCATION, options=(*PLACES, *BESIDE)), fields) == expected


def test_statement_says_nothing() -> None:
    assert said(item(ItemKind.STATEMENT), one("anything")) is None
