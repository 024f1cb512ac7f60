from array import array
from typing import Any

from responses.coded import ABSENT, FEW, NOTHING, Coded, CodedSteps, Listed

ROWS: list[dict[str, Any]] = [
    {"a": "1", "b": ["x", "y"]},
    {},
    {"a": None, "c": {"missing": "refused"}},
    {"a": "1", "b": []},
    {"c": 1},
    {"c": True},
    {"c": 1.0},
    {"c": "1"},
]


def test_coded_rows_read_as_they_were_given() -> None:
    rows = Coded(ROWS)
    assert [*rows] == ROWS
    assert rows[-1] == {"c": "1"}
    assert rows[1:4] == ROWS[1:4]
    # What is equal in Python is not the same answer.
    assert [repr(row) for row in rows[4:]] == [
        "{'c': 1}",
        "{'c': True}",
        "{'c': 1.0}",
        "{'c': '1'}",
    ]


def test_coded_rows_keep_each_different_value_once() -> None:
    column = Coded([{"a": text} for text in "abcab"]).columns["a"]
    assert column.values == ["a", "b", "c"]
    assert column.codes(7)[0].tolist() == [0, 1, 2, 0, 1, FEW, FEW]


def test_codes_take_one_byte_until_there_are_too_many_values_for_it() -> None:
    given: list[dict[str, Any]] = [{"a": f"{at}"} if at % 50 else {} for at in range(300)]
    together, one_by_one = Coded(), Coded()
    for rows, widths in ((255, "B"), (300, "H")):
        start = len(together)
        values = [row.get("a", NOTHING) for row in given[start:rows]]
        together.extend({"a": values}, len(values))
        for at in range(start, rows):
            one_by_one.put(at, given[at])
        for kept in (together, one_by_one):
            places, absent = kept.columns["a"].codes(rows)
            assert (places.typecode, absent) == (widths, {"B": FEW, "H": ABSENT}[widths])
            assert [*kept] == given[:rows]


def test_coded_rows_keep_more_values_than_there_are_codes() -> None:
    given: list[dict[str, Any]] = [{"a": f"{at % 66_000}"} for at in range(70_000)]
    given[5] = {}
    rows = Coded([*given, {}])
    assert [*rows] == [*given, {}]
    codes, absent = rows.columns["a"].codes(len(rows))
    assert (codes[5], codes[-1]) == (absent, absent)
    assert rows.columns["a"].values[codes[69_999]] == "3999"


def test_coded_steps_read_as_they_were_given() -> None:
    given: list[dict[str, dict[str, Any]]] = [
        {"main": {"arm": "none", "levels": {"reward": "none"}}},
        {},
        {
            "main": {"arm": "money", "levels": {"reward": "money"}, "cluster": "c"},
            "late": {"arm": "b"},
        },
    ]
    rows = CodedSteps(given)
    assert [*rows] == given
    assert rows[1:] == given[1:]


def test_whole_numbers_beyond_the_codes_take_four_or_eight_bytes_each() -> None:
    given: list[dict[str, Any]] = [{"a": at} if at % 9 else {} for at in range(80_000)]
    rows = Coded()
    for start in range(0, len(given), 8_000):
        values = [row.get("a", NOTHING) for row in given[start : start + 8_000]]
        rows.extend({"a": values}, len(values))
    widths = [rows.columns["a"].values.typecode]
    assert [*rows] == given
    rows.extend({"a": [2**40]}, 1)
    widths.append(rows.columns["a"].values.typecode)
    assert (widths, rows[-1]) == (["i", "q"], {"a": 2**40})
    rows.extend({"a": [1.5, 2**70, NOTHING]}, 3)
    assert [*rows] == [*given, {"a": 2**40}, {"a": 1.5}, {"a": 2**70}, {}]


def test_listed_values_read_as_a_sequence() -> None:
    found = Listed(["en", "ko"], array("B", [1, 0, 1]))
    assert ([*found], [*found[1:]], len(found)) == (["ko", "en", "ko"], ["en", "ko"], 3)


def test_steps_that_are_extended_are_those_that_are_put_row_by_row() -> None:
    given: list[dict[str, dict[str, Any]]] = [{"main": {"arm": "a"}}, {}, {"late": {"arm": "b"}}]
    rows = CodedSteps()
    for row in given:
        steps = {code: {"arm": [held["arm"]]} for code, held in row.items()}
        rows.extend(steps, 1)
    assert [*rows] == given
