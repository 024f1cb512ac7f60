"""Texts and files made to cost much are given up early, and say what to do.

Each is bounded by what it is counted in, not by a clock: events read, characters, memory.
"""

import tracemalloc

import pytest

from experiments.fileparser import DEEPEST, MOST_EVENTS
from experiments.itemtable import MOST_ROWS, read_table
from experiments.logic import ConditionError, decide
from experiments.logic import parse as parse_condition
from experiments.studyfile import LARGEST_FILE, parse
from rehearsal.truth_file import LARGEST_TRUTH, parse_truth
from responses.sheets import LARGEST_FILE as LARGEST_SHEET
from responses.sheets import UnreadableSheet, read_sheet
from tests.designs import small

MEMORY = 50 * 1024**2
LAUGHS = "a: &a [x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(20)
)
MANY = "The file has more than 10000 values, or 45000 words or lines."
TAGS = "The file has more than 100 tags (! or %), or one over 64 letters."
LONG_TRUTH = "The truth is larger than 256 KB."
DEEP = "It is nested too deeply."
BOMBS = {
    "a billion laughs": (LAUGHS, (2, "Anchors and aliases are not read.")),
    "an alias of itself": ("a: &a [*a]\n", (1, "Anchors and aliases are not read.")),
    "merged keys": ("a: &a {b: 1}\nc: {<<: *a}\n", (2, "Anchors and aliases are not read.")),
    "lists in lists": ("[" * 20_000, (1, DEEP)),
    "maps in maps": ("{a: " * 20_000, (1, DEEP)),
    "dashes": ("- " * 20_000, (1, DEEP)),
    "values": ("- a\n" * 100_000, (1, MANY)),
    "values in few words": ("- \n" * 44_000, (MOST_EVENTS - 2, MANY)),
    "lines": ("\n" * 45_001, (1, MANY)),
    "lines of other kinds": ("study: a" + "\x85" * 22_501 + "\u2028" * 22_500, (1, MANY)),
    "a tag": ("study: park\ntitle: !" + "a" * 900_000, (2, TAGS)),
    "tags": ("- !a b\n" * 101, (101, TAGS)),
    "what a tag stands for": ("%TAG ! " + "a" * 900_000 + "\n---\n- !a b\n", (1, TAGS)),
    "words": ("study: " + "a " * 45_000, (1, MANY)),
    "bytes": ("#" * (LARGEST_FILE + 1), (1, "The file is larger than 1 MB.")),
    "a quote": ('"' + "a" * 900_000, (1, "This is not YAML: found unexpected end of stream.")),
}


# Read under tracemalloc, which takes ten times as long.
LONG = ("values in few words", "a quote")


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=[pytest.mark.slow] if name in LONG else []) for name in BOMBS],
)
def test_study_and_truth_files_are_given_up_early(name: str) -> None:
    text, (line, message) = BOMBS[name]
    tracemalloc.start()
    try:
        found = parse(text).problems
        truths = parse_truth(text, small()).problems
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert [(each.line, str(each.message)) for each in found] == [(line, message)]
    told = (1, LONG_TRUTH) if len(text) > LARGEST_TRUTH else (line, message)
    assert [(each.line, str(each.message)) for each in truths] == [told]
    assert found[0].remedy
    assert peak < MEMORY


def test_tags_make_no_objects() -> None:
    text = "study: !!python/object/apply:os.system ['echo harm']\n"
    told = [str(each.message) for each in parse(text).problems if each.path == "study"]
    assert told == ["study is a list or has keys."]


def test_study_file_may_be_as_deep_as_any_study() -> None:
    nested = "[" * (DEEPEST - 1) + "]" * (DEEPEST - 1)
    told = [str(each.message) for each in parse(f"study: {nested}\n").problems]
    assert DEEP not in told


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("(" * 51 + "a == 1" + ")" * 51, "The condition is nested too deeply."),
        ("not " * 200 + "a == 1", "The condition is nested too deeply."),
        ("a == 1 or " * 200, "The condition has 2000 characters."),
        ("(" * 999, "The condition is nested too deeply."),
    ],
)
def test_condition_is_bounded_in_size_and_depth(text: str, message: str) -> None:
    with pytest.raises(ConditionError) as error:
        parse_condition(text)
    assert str(error.value.message) == message
    assert error.value.remedy


def test_longest_condition_is_decided_in_as_many_steps_as_it_has_parts() -> None:
    text = " or ".join(["a==1"] * 124)
    assert 980 < len(text) <= 1000
    assert decide(parse_condition(text), {"a": "2"}) is False
    assert decide(parse_condition("not " * 49 + "a == 1"), {"a": "1"}) is False


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"a" * (LARGEST_SHEET + 1), "larger than 5 MB"),
        (b"a\n" * 50_001, "more than 50000 lines"),
        (b"\n" * LARGEST_SHEET, "more than 50000 lines"),
        (b'code\n"' + b"a" * 200_000 + b'"', "can't be read"),
        (b"code\n" + b'"a' * 3, "can't be read"),
        (b"\xff\xfe" + b"a\0" * 10, ""),
        (b"," * 2_000_000, "The file is empty"),
        (b"a," * 2_000_000, "Line 1 has more than 200 columns"),
    ],
)
def test_sheets_are_bounded_in_bytes_rows_columns_and_cells(content: bytes, said: str) -> None:
    if not said:
        assert len(read_sheet(content)) == 1
        return
    with pytest.raises(UnreadableSheet, match=said):
        read_sheet(content)


def test_pasted_tables_are_bounded_in_rows_and_columns() -> None:
    rows = "code\ten\n" + "".join(f"i{n}\tWhy?\n" for n in range(MOST_ROWS + 1))
    wide = "\t".join(["code"] + [f"c{n}" for n in range(5000)])
    many = f"There are more than {MOST_ROWS} items, or lines without any. Paste them in parts."
    for text in (rows, rows * 100, "code\ten\n" + "\n" * 20_000 + "i1\tWhy?"):
        assert [str(each) for each in read_table(text, ["en"]).faults] == [many]
    assert [str(each) for each in read_table(wide, ["en"]).faults] == [
        "There are 5001 columns; paste 200 at most."
    ]


def test_pasted_cell_that_csv_can_not_hold_is_told() -> None:
    (fault,) = read_table("code,en\na," + '"' + "x" * 150_000 + '"', ["en"]).faults
    assert str(fault) == "The table can't be read: field larger than field limit (131072)."
