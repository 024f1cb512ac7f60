"""CSV files as people send them, and as they go back."""

import csv
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responses.sheets import (
    LONGEST_CELL,
    MOST_ROWS,
    Row,
    UnreadableSheet,
    read_sheet,
    write_sheet,
)

TABLE = (Row(1, ("name", "code")), Row(2, ("Ann, 안", "A;1")), Row(4, ("two\nlines", "")))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_table_is_read_whatever_a_spreadsheet_made_of_it(encoding: str, end: str) -> None:
    lines = ["name,code", '"Ann, 안",A;1', " , ", '"two\nlines",']
    assert read_sheet(end.join(lines).encode(encoding)) == TABLE


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiter_is_the_one_of_the_first_line(delimiter: str) -> None:
    text = f"a{delimiter}b\n1{delimiter}2\n"
    assert read_sheet(text.encode()) == (Row(1, ("a", "b")), Row(2, ("1", "2")))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "The file is empty."),
        (b"\n , \n\n", "The file is empty."),
        (b"a,b\n\xff\xfe", "The file is not in UTF-8."),
        (b"PK\x03\x04\x00\x00", "This is no CSV file."),
        (b'a,b\n"1,2\n', "Line 2 can't be read"),
        (b"a\n" * (MOST_ROWS + 1), "more than 50000 lines"),
        (b"x" * (5 * 1024 * 1024 + 1), "larger than 5 MB"),
        (b"a\n" + b"x" * 200_000, "Line 2 can't be read"),
    ],
)
def test_what_is_no_table_is_refused_in_words(content: bytes, told: str) -> None:
    with pytest.raises(UnreadableSheet, match=told):
        read_sheet(content)


def test_limit_of_a_cell_is_held_whatever_the_process_allows_elsewhere() -> None:
    before = csv.field_size_limit(1 << 30)
    try:
        with pytest.raises(UnreadableSheet, match="Line 2 can't be read: a cell is longer"):
            read_sheet(b"a\n" + b"x" * (LONGEST_CELL + 1))
        assert read_sheet(b"a\n" + b"x" * LONGEST_CELL)[1].line == 2
    finally:
        csv.field_size_limit(before)


def test_table_is_written_so_that_no_cell_is_a_formula() -> None:
    cells = ["=1+1", "+82 10", "-x", "@me", "'quoted", "＝1", "plain", "a=b", ""]
    assert write_sheet([cells]) == (
        "\ufeff'=1+1,'+82 10,'-x,'@me,''quoted,'＝1,plain,a=b,\r\n".encode()
    )


@given(st.lists(st.tuples(*[st.text("aé안,;\"'=", min_size=1)] * 2)))
def test_what_is_written_is_read_back(table: list[tuple[str, str]]) -> None:
    """Taking one apostrophe away from every cell that begins with one gives back what it was."""
    _, *rows = read_sheet(write_sheet([("first", "second"), *table]))
    assert [tuple(cell.removeprefix("'") for cell in row.cells) for row in rows] == table


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    with suppress(UnreadableSheet):
        assert all(any(row.cells) for row in read_sheet(content))
