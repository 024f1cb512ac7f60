"""Items that are pasted as a table: columns, cells, what they become, what is wrong."""

from dataclasses import replace

import pytest

from experiments.checks import problems
from experiments.design import Item, ItemKind, Measure
from experiments.itemtable import put_items, read_table
from tests.changed import changed
from tests.designs import both, likert, small

LANGUAGES = ("en", "ko")


def test_spreadsheet_cells_become_items_of_the_chosen_scale() -> None:
    table = read_table(
        "code\ttext_en\ttext_ko\tsubscale\treverse\n"
        "care3\tI care.\t나는 아낀다.\tcare\t\n"
        "\n"
        'care4\t"I do ""not""\ncare."\t나는 안 아낀다.\tcare\tyes\n',
        LANGUAGES,
    )
    assert table.faults == ()
    assert [row.line for row in table.rows] == [2, 4]
    after, faults = put_items(small(), "about", table.rows, "motive")
    three = likert("care3", "motive", subscale="care")
    four = likert("care4", "motive", subscale="care", reverse=True)
    expected = (
        replace(three, text=both("I care.", "나는 아낀다.")),
        replace(four, text=both('I do "not"\ncare.', "나는 안 아낀다.")),
    )
    items = (*small().pages[1].items, *expected)
    assert (faults, after) == ((), changed(small(), {"pages[1].items": items}))
    assert problems(after) == []


def test_item_that_is_there_keeps_what_its_row_does_not_say() -> None:
    table = read_table("code;en;source\nmotive2;Published words; Kim et al. \n", LANGUAGES)
    after, faults = put_items(small(), "about", table.rows)
    before = small().item("motive2")
    text = {"en": "Published words", "ko": before.text["ko"]}
    assert faults == ()
    assert after.item("motive2") == replace(before, text=text, source="Kim et al.")
    assert [item.code for item in after.items()] == [item.code for item in small().items()]


def test_item_without_a_scale_is_of_the_kind_that_its_row_names() -> None:
    table = read_table("code,kind,text\nage,number,How old are you?\nwhy,,Why?", LANGUAGES)
    after, _ = put_items(small(), "opinion", table.rows)
    assert after.pages[3].items[-2:] == (
        Item("age", ItemKind.NUMBER, {"en": "How old are you?"}, measure=Measure.INTERVAL),
        Item("why", ItemKind.TEXT, {"en": "Why?"}, measure=Measure.TEXT),
    )


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("  \n", ("There is no line with the names of the columns.",)),
        ("text_en\nHello", ("Line 1: the column code is missing.",)),
        (
            "code,text_de\na,b",
            (
                "Line 1: there is no column text_de; there are code, kind, scale, subscale, "
                "reverse, required, measure, source, text_en, text_ko, left_en, left_ko, "
                "right_en, right_ko.",
            ),
        ),
        (
            "code,en,reverse\nA,b,\nb,c,maybe\nb,c,no",
            (
                "Line 3: reverse can't be “maybe”, but yes or no.",
                "Line 2: A is no code: a lower-case letter, then letters, digits, _.",
                "Line 4: b is there twice.",
            ),
        ),
        (
            "code,measure\na,metric",
            ("Line 2: measure can't be “metric”, but one of: nominal, ordinal, interval, text.",),
        ),
        ("code,en\na,b,c", ("Line 2: there are 3 cells and 2 columns: quote a cell.",)),
    ],
)
def test_what_cant_be_read_is_told_by_line(text: str, faults: tuple[str, ...]) -> None:
    assert read_table(text, LANGUAGES).faults == faults


def test_code_of_another_page_is_in_the_way() -> None:
    table = read_table("code,en\nwill1,Words", LANGUAGES)
    _, faults = put_items(small(), "about", table.rows)
    assert faults[0] == "Line 2: will1 is asked on the page opinion already."


def test_pasting_as_many_as_nobody_reads_is_refused() -> None:
    text = "code,en\n" + "".join(f"a{n},b\n" for n in range(501))
    assert read_table(text, LANGUAGES).faults == (
        "There are more than 500 items, or lines without any. Paste them in parts.",
    )
