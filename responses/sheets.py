"""PURE: reads and writes the CSV files that researchers and panels send around.

Whatever a spreadsheet makes of it is read: UTF-8 or UTF-16, commas, semicolons or tabs.
"""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import StringIO

from experiments.refusals import Refused
from experiments.said import said

LARGEST_FILE = 5 * 1024 * 1024
MOST_ROWS = 50_000
# With those that are empty, and those within a cell.
MOST_LINES = 4 * MOST_ROWS
MOST_COLUMNS = 200
LONGEST_CELL = 100_000
DELIMITERS = ",;\t"
# What a spreadsheet could take for the start of a formula, and the apostrophe itself: the same
# guard as in the export.
GUARDED = tuple("=+@\t\r\n＝＋－＠'-")


@dataclass(frozen=True)
class Row:
    """One row of a file: the number of the line that it begins on, and its cells, stripped."""

    line: int
    cells: tuple[str, ...]


class UnreadableSheet(Refused):
    """A file that is no CSV that can be read; its text says why and what to do."""


def read_sheet(content: bytes) -> tuple[Row, ...]:
    """The rows of a CSV file that hold anything, the header among them; raises UnreadableSheet."""
    if len(content) > LARGEST_FILE:
        raise UnreadableSheet(
            said("The file is larger than {largest_file} MB.", largest_file=LARGEST_FILE // 1024**2)
        )
    text = _decoded(content)
    if "\0" in text:
        raise UnreadableSheet(said("This is no CSV file. Save the table as CSV, in UTF-8."))
    reader = csv.reader(StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    rows, line = [], 1
    try:
        for cells in reader:
            stripped = tuple(map(str.strip, cells))
            # Held here too: the reader's own limit is one for the whole process.
            if max(map(len, stripped), default=0) > LONGEST_CELL:
                raise csv.Error(f"a cell is longer than {LONGEST_CELL} characters")
            if any(stripped):
                rows.append(Row(line, stripped))
            _check_size(rows, reader.line_num)
            line = reader.line_num + 1
    except csv.Error as error:
        raise UnreadableSheet(
            said("Line {line_num} can't be read: {error}.", line_num=reader.line_num, error=error)
        ) from None
    if not rows:
        raise UnreadableSheet(said("The file is empty."))
    return tuple(rows)


def _check_size(rows: Sequence[Row], lines: int) -> None:
    """Gives a file up at the first row or line that is too many, or row that is too wide."""
    if len(rows) > MOST_ROWS or lines > MOST_LINES:
        raise UnreadableSheet(
            said("The file has more than {most_rows} lines. Send it in parts.", most_rows=MOST_ROWS)
        )
    if rows and len(rows[-1].cells) > MOST_COLUMNS:
        raise UnreadableSheet(
            said(
                "Line {line} has more than {most} columns. Take out those that are not needed.",
                line=rows[-1].line,
                most=MOST_COLUMNS,
            )
        )


def write_sheet(rows: Iterable[Sequence[str]]) -> bytes:
    """The rows as CSV: UTF-8 with a mark that spreadsheets know, CRLF, no cell is a formula."""
    text = StringIO(newline="")
    writer = csv.writer(text)
    for cells in rows:
        writer.writerow([guarded(cell) for cell in cells])
    return text.getvalue().encode("utf-8-sig")


def guarded(cell: str) -> str:
    """The cell with an apostrophe before what a spreadsheet could take for a formula."""
    return f"'{cell}" if cell.startswith(GUARDED) else cell


def _decoded(content: bytes) -> str:
    utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        return content.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeDecodeError:
        told = said("The file is not in UTF-8. Save the table as “CSV UTF-8” and send it again.")
        raise UnreadableSheet(told) from None


def _delimiter(text: str) -> str:
    """What separates the cells: of those that may, the one that the first line has most of."""
    first = text.lstrip().partition("\n")[0]
    return max(DELIMITERS, key=first.count)
