"""PURE: items as a table that is pasted, so that published wording comes in without retyping.

The first line names the columns: `code`, a text for each language (`text_en`, or `en`), and what
else is known of an item. Cells are parted by tabs, as spreadsheets copy them, by semicolons or
commas.
"""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from experiments.checks.form import CODE, form_problems
from experiments.design import ON_A_SCALE, Design, Item, ItemKind, Measure, Page
from experiments.said import Said, said

MOST_ROWS = 500
# With those that are empty, and those within a cell.
MOST_LINES = 10_000
MOST_COLUMNS = 200
_YES = {"yes", "y", "true", "1", "x", "r"}
_NO = {"", "no", "n", "false", "0"}
_TEXTS = ("text", "left", "right")
_MEASURES = {
    ItemKind.LIKERT: Measure.ORDINAL,
    ItemKind.SEMANTIC_DIFFERENTIAL: Measure.ORDINAL,
    ItemKind.NUMBER: Measure.INTERVAL,
    ItemKind.SLIDER: Measure.INTERVAL,
    ItemKind.TEXT: Measure.TEXT,
}


@dataclass(frozen=True)
class Row:
    """One item of the table: its line, its code, and the fields that the table gives it."""

    line: int
    code: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Table:
    """The rows that could be read, and what is wrong, a sentence each with its line."""

    rows: tuple[Row, ...]
    faults: tuple[Said, ...]


def read_table(text: str, languages: Sequence[str]) -> Table:
    """The items of a table that was pasted; `languages` are the study's."""
    try:
        lines = list(_lines(text))
    except csv.Error as error:
        return Table((), (said("The table can't be read: {error}.", error=error),))
    if lines and len(lines[0][1]) > MOST_COLUMNS:
        told = said(
            "There are {count} columns; paste {most} at most.",
            count=len(lines[0][1]),
            most=MOST_COLUMNS,
        )
        return Table((), (told,))
    if not lines:
        return Table((), (said("There is no line with the names of the columns."),))
    columns = [_column(name, languages) for name in lines[0][1]]
    faults = _faults_of_columns(lines[0], columns, languages)
    if len(lines) - 1 > MOST_ROWS or lines[-1][0] > MOST_LINES:
        told = said(
            "There are more than {most} items, or lines without any. Paste them in parts.",
            most=MOST_ROWS,
        )
        faults.append(told)
    if faults:
        return Table((), tuple(faults))
    rows = []
    for line, cells in lines[1:]:
        values, wrong = _values(columns, cells)
        faults += [said("Line {line}: {fault}", line=line, fault=each) for each in wrong]
        rows.append(Row(line, str(values.pop("code", "")), values))
    return Table(tuple(rows), (*faults, *_bad_codes(rows)))


def _faults_of_columns(
    head: tuple[int, list[str]], columns: Sequence[tuple[str, str] | None], languages: Sequence[str]
) -> list[Said]:
    """What is wrong with the line that names the columns."""
    line, names = head
    faults = [
        said(
            "Line {line}: there is no column {name}; there are {known}.",
            line=line,
            name=name.strip(),
            known=_known(languages),
        )
        for name, column in zip(names, columns, strict=True)
        if name.strip() and column is None
    ]
    if ("code", "") not in columns:
        faults.append(said("Line {line}: the column code is missing.", line=line))
    return faults


def put_items(
    design: Design, page: str, rows: Sequence[Row], scale: str = ""
) -> tuple[Design, tuple[Said, ...]]:
    """The design with the items on that page, and what is in the way, a sentence each.

    An item that the page has already gets the fields of its row and keeps the others; one that is
    new comes last, on `scale` if its row names none.
    """
    place = next(at for at, each in enumerate(design.pages) if each.code == page)
    taken = {
        item.code: each.code for each in design.pages if each.code != page for item in each.items
    }
    faults = [
        said(
            "Line {line}: {code} is asked on the page {page} already.",
            line=row.line,
            code=row.code,
            page=taken[row.code],
        )
        for row in rows
        if row.code in taken
    ]
    filled = _filled(design.pages[place], rows, scale)
    after = replace(design, pages=(*design.pages[:place], filled, *design.pages[place + 1 :]))
    known = form_problems(design)
    faults += [
        said("{path}: {fault} — {remedy}", path=each.path, fault=each.message, remedy=each.remedy)
        for each in form_problems(after)
        if each not in known
    ]
    return after, tuple(faults)


def _filled(page: Page, rows: Sequence[Row], scale: str) -> Page:
    items = {item.code: item for item in page.items}
    for row in rows:
        items[row.code] = _item(items.get(row.code), row, scale)
    return replace(page, items=tuple(items.values()))


def _item(before: Item | None, row: Row, scale: str) -> Item:
    values = dict(row.values)
    if before is None:
        values.setdefault("scale", scale)
        kind = values.setdefault("kind", ItemKind.LIKERT if values["scale"] else ItemKind.TEXT)
        values.setdefault("measure", _MEASURES.get(kind, Measure.NOMINAL))
        if kind not in ON_A_SCALE:
            values["scale"] = values["subscale"] = ""
        return Item(code=row.code, **({"text": {}} | values))
    for name in _TEXTS:
        if name in values:
            values[name] = {**getattr(before, name), **values[name]}
    return replace(before, **values)


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that hold anything, with the line at which each begins, the first being 1.

    What goes past a bound is given up with the first row beyond it.
    """
    text = text.removeprefix("\ufeff")
    head = text.lstrip().split("\n", 1)[0]
    delimiter = next((mark for mark in "\t;" if mark in head), ",")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=False)
    begins, rows = 1, 0
    for cells in reader:
        if any(cell.strip() for cell in cells) or begins > MOST_LINES:
            rows += 1
            yield begins, cells
        if rows > MOST_ROWS + 1 or begins > MOST_LINES:
            return
        begins = reader.line_num + 1


def _column(name: str, languages: Sequence[str]) -> tuple[str, str] | None:
    """The field that a column fills, and in which language; None if there is no such field."""
    name = name.strip()
    if name in languages:
        return "text", name
    field, _, language = name.replace(".", "_", 1).replace(":", "_", 1).partition("_")
    if field in _TEXTS:
        language = language or languages[0]
        return (field, language) if language in languages else None
    return (name, "") if name in _READ else None


def _known(languages: Sequence[str]) -> str:
    return ", ".join([*_READ, *(f"{text}_{each}" for text in _TEXTS for each in languages)])


def _values(
    columns: Sequence[tuple[str, str] | None], cells: Sequence[str]
) -> tuple[dict[str, Any], list[Said]]:
    """The fields of one row, and what can't be read in it; an empty cell gives no field."""
    values: dict[str, Any] = {}
    wrong = []
    if len(cells) > len(columns):
        wrong.append(
            said(
                "there are {cells} cells and {columns} columns: quote a cell.",
                cells=len(cells),
                columns=len(columns),
            )
        )
    for column, cell in zip(columns, map(str.strip, cells), strict=False):
        if column is None or not cell:
            continue
        name, language = column
        if language:
            values.setdefault(name, {})[language] = cell.replace("\r\n", "\n")
            continue
        try:
            values[name] = _READ[name](cell)
        except ValueError:
            wrong.append(_cant_be(name, cell))
    return values, wrong


def _truth(cell: str) -> bool:
    if cell.lower() not in _YES | _NO:
        raise ValueError(cell)
    return cell.lower() in _YES


_READ: Mapping[str, Callable[[str], Any]] = {
    "code": str,
    "kind": ItemKind,
    "scale": str,
    "subscale": str,
    "reverse": _truth,
    "required": _truth,
    "measure": Measure,
    "source": str,
}


def _cant_be(name: str, cell: str) -> Said:
    read = _READ[name]
    if isinstance(read, type) and issubclass(read, StrEnum):
        return said(
            "{name} can't be “{cell}”, but one of: {known}.",
            name=name,
            cell=cell,
            known=", ".join(read),
        )
    return said("{name} can't be “{cell}”, but yes or no.", name=name, cell=cell)


def _bad_codes(rows: Sequence[Row]) -> Iterator[Said]:
    seen: set[str] = set()
    for row in rows:
        if not CODE.fullmatch(row.code):
            yield said(
                "Line {line}: {code} is no code: a lower-case letter, then letters, digits, _.",
                line=row.line,
                code=row.code or said("nothing"),
            )
        elif row.code in seen:
            yield said("Line {line}: {code} is there twice.", line=row.line, code=row.code)
        seen.add(row.code)
