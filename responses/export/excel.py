"""Excel: a sheet with the rows, and one that says what the columns are; in constant memory."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import IO, Any

import psycopg
import xlsxwriter
from psycopg.sql import SQL, Composed, Identifier

from experiments.said import said
from experiments.variables import Type, Variable
from responses.export.limits import UNITS, TooLargeForFormatError, longest_text, rows_of
from responses.export.options import Options
from responses.export.table import Table
from responses.export.written import guarded
from responses.pacing import fetched

MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384
MOST_CHARACTERS = 32_767
FETCHED = 2000
# Excel's calendar is wrong until March of this year; its numbers are exact up to that one.
EARLY = 1900
EXACT = 2**53
# Instead of the moment when it is made: the same rows give the same bytes.
CREATED = datetime(1980, 1, 1)
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": True,
}
_FORMATS = {Type.TIME: "yyyy-mm-dd hh:mm:ss.000", Type.DATE: "yyyy-mm-dd"}


def write_excel(
    connection: psycopg.Connection, tables: Mapping[str, Table], file: IO[bytes], options: Options
) -> Mapping[str, int]:
    """Writes the one table and its variables; TooLargeForFormatError if Excel can't hold it."""
    (table,) = tables.values()
    _check(connection, table)
    book = xlsxwriter.Workbook(file, _OPTIONS)
    book.set_properties({"created": CREATED})
    formats = {type_: book.add_format({"num_format": how}) for type_, how in _FORMATS.items()}
    sheet = book.add_worksheet(table.name)
    sheet.freeze_panes(1, 1)
    bold = book.add_format({"bold": True})
    for column, variable in enumerate(table.columns):
        sheet.write_string(0, column, variable.name, bold)
        if variable.type in formats:
            sheet.set_column(column, column, 20)
    row = 0
    statement = _statement(table, options.guard)
    found = fetched(connection, f"excel {table.name}", statement, FETCHED)
    for row, values in enumerate(found, start=1):
        for column, (value, variable) in enumerate(zip(values, table.columns, strict=True)):
            _write(sheet, row, column, value, formats.get(variable.type))
    _variables(book.add_worksheet("variables"), table, options.language, bold)
    book.close()
    return {table.name: row}


def _check(connection: psycopg.Connection, table: Table) -> None:
    columns = len(table.columns)
    if columns > MOST_COLUMNS:
        raise TooLargeForFormatError(
            said(
                "The table {table} has {columns} columns, and a sheet {most_columns} at most. "
                "Take CSV or Parquet.",
                table=table.name,
                columns=columns,
                most_columns=MOST_COLUMNS,
            )
        )
    if (rows := rows_of(connection, table)) >= MOST_ROWS:
        raise TooLargeForFormatError(
            said(
                "The table {table} has {rows} rows, and a sheet {most_rows} at most with its "
                "header. Take CSV or Parquet.",
                table=table.name,
                rows=rows,
                most_rows=MOST_ROWS,
            )
        )
    if (longest := longest_text(connection, table, UNITS)) >= MOST_CHARACTERS:
        raise TooLargeForFormatError(
            said(
                "A text in {table} has {longest} characters, and a cell {most_characters} at "
                "most. Take CSV or Parquet.",
                table=table.name,
                longest=longest,
                most_characters=MOST_CHARACTERS,
            )
        )


def _statement(table: Table, guard: bool) -> Composed:
    columns = [guarded(each) if guard else _value(each) for each in table.columns]
    return SQL("SELECT {} FROM ({}) q").format(SQL(", ").join(columns), table.query)


def _value(variable: Variable) -> Composed:
    return SQL("q.{}").format(Identifier(variable.name))


def _write(sheet: Any, row: int, column: int, value: Any, how: Any) -> None:
    if value is None:
        return
    if isinstance(value, str):
        sheet.write_string(row, column, _shown(value))
    elif how is not None:
        # Excel knows no time zones; times are UTC.
        moment = value.astimezone(UTC).replace(tzinfo=None) if hasattr(value, "hour") else value
        if value.year <= EARLY:
            sheet.write_string(row, column, value.isoformat())
        else:
            sheet.write_datetime(row, column, moment, how)
    elif abs(value) > EXACT:
        sheet.write_string(row, column, str(value))
    else:
        sheet.write_number(row, column, value)


def _shown(text: str) -> str:
    """The text with Excel's own line breaks, and without the two characters that XML can't hold."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd")


def _variables(sheet: Any, table: Table, language: str, bold: Any) -> None:
    sheet.freeze_panes(1, 1)
    for column, name in enumerate(("name", "label", "type", "role", "code", "means", "missing")):
        sheet.write_string(0, column, name, bold)
    for row, told in enumerate(_told(table, language), start=1):
        for column, text in enumerate(told):
            if text:
                sheet.write_string(row, column, text[:MOST_CHARACTERS])


def _told(table: Table, language: str) -> Iterator[tuple[str, ...]]:
    """A line for each variable, and one for each of its codes."""
    for variable in table.columns:
        label = variable.label_in(language)
        yield variable.name, label, str(variable.type), str(variable.role), "", "", ""
        for option in variable.values:
            means = option.label.get(language) or next(iter(option.label.values()), "")
            yield variable.name, "", "", "", option.code, means, str(option.missing)
