"""Stata's and SPSS' files: numbers with labels, and why there is none as user-missing kinds.

Both are written whole by their library, from a frame in memory: `MOST_CELLS` keeps that small.

A variable whose codes are words (`gender`: woman, man) becomes 1, 2, … in the order of its values,
labelled with what they mean; codes that are numbers stay as they are. Texts, lists and the rest
stay texts.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

import pandas
import psycopg
import pyreadstat

from experiments.said import said
from experiments.variables import Type, Variable
from responses.export.limits import TooLargeForFormatError, check_bytes, rows_of
from responses.export.options import Options
from responses.export.table import Table
from responses.pacing import fetched

# Some 700 to 1,400 MB of memory at the peak; docs/performance.md says what was measured.
MOST_CELLS = 20_000_000
FETCHED = 5000


@dataclass(frozen=True)
class Limit:
    """How long a label may be, in characters or in bytes of UTF-8."""

    longest: int
    in_bytes: bool = False


# Of a variable and of a value. Stata counts characters, SPSS bytes.
STATA_LABELS = (Limit(80), Limit(120))
SPSS_LABELS = (Limit(255, in_bytes=True), Limit(120, in_bytes=True))
_STATA_TEXT = 2_000_000_000
_SPSS_TEXT = 32_767
_NAN = float("nan")
# Where SPSS' and Stata's files say when they were made: the same rows give the same bytes.
_SPSS_MADE = (92, b"01 Jan 8000:00:00")
_STATA_MADE = (b"<timestamp>\x11", b"01 Jan 1980 00:00")

_KIND_LABELS = {
    "not_reached": {"en": "not reached", "ko": "도달하지 않음"},
    "not_shown": {"en": "not shown", "ko": "표시되지 않음"},
    "skipped": {"en": "left empty", "ko": "응답하지 않음"},
    "prefer_not_to_say": {"en": "prefer not to say", "ko": "응답 거부"},
    "dont_know": {"en": "don’t know", "ko": "모름"},
    "untouched": {"en": "slider not moved", "ko": "슬라이더를 움직이지 않음"},
    "withdrawn": {"en": "withdrew", "ko": "참여 철회"},
}


@dataclass
class Labelled:
    """A frame with the labels of its columns and values; `missing` are the codes that are none."""

    frame: pandas.DataFrame
    labels: dict[str, str | None] = field(default_factory=dict)
    # By number; Stata's kinds of missing by letter.
    values: dict[str, dict[Any, str]] = field(default_factory=dict)
    missing: dict[str, list[int]] = field(default_factory=dict)
    kinds: dict[str, int] = field(default_factory=dict)


def write_stata(
    connection: psycopg.Connection, tables: Mapping[str, Table], file: IO[bytes], options: Options
) -> Mapping[str, int]:
    """Writes the one table as .dta of version 118; kinds of missing are .a, .b and so on.

    Those of `Table.kinds` in their order, then options of the study's own that count as none.
    """
    (table,) = tables.values()
    found = labelled(connection, table, options.language, STATA_LABELS, _STATA_TEXT)
    letters: dict[str, list[str]] = {}
    for name, codes in found.missing.items():
        letter = {code: chr(ord("a") + place) for place, code in enumerate(codes)}
        column = found.frame[name]
        found.frame[name] = pandas.Series(
            [each if math.isnan(each) else letter.get(each, each) for each in column], dtype=object
        )
        found.values[name] = {
            letter.get(int(code), code): label for code, label in found.values[name].items()
        }
        letters[name] = list(letter.values())
    _write(
        file,
        lambda path: pyreadstat.write_dta(
            found.frame,
            path,
            # That is version 118. The library's 15 is 119, which Stata/MP alone reads, and of whose
            # long texts R's haven makes empty ones.
            version=14,
            column_labels=found.labels,
            variable_value_labels=found.values,
            missing_user_values=letters,
        ),
        _stata_made,
    )
    return {table.name: len(found.frame)}


def write_spss(
    connection: psycopg.Connection, tables: Mapping[str, Table], file: IO[bytes], options: Options
) -> Mapping[str, int]:
    """Writes the one table as .sav; kinds of missing are user-missing codes with labels."""
    (table,) = tables.values()
    found = labelled(connection, table, options.language, SPSS_LABELS, _SPSS_TEXT)
    ranges = {
        name: _ranges(name, codes, found.values[name]) for name, codes in found.missing.items()
    }
    measures = {each.name: _measure(each) for each in table.columns}
    _write(
        file,
        lambda path: pyreadstat.write_sav(
            found.frame,
            path,
            column_labels=found.labels,
            variable_value_labels=found.values,
            missing_ranges=ranges,
            variable_measure=measures,
            row_compress=True,
        ),
        _spss_made,
    )
    return {table.name: len(found.frame)}


def labelled(
    connection: psycopg.Connection,
    table: Table,
    language: str,
    limits: tuple[Limit, Limit],
    text: int,
) -> Labelled:
    """The table as a frame; TooLargeForFormatError for too many cells or too long a text."""
    _check(connection, table, text)
    columns: list[list[Any]] = [[] for _ in table.columns]
    codings = [_coding(each) for each in table.columns]
    for row in fetched(connection, f"labelled {table.name}", table.query, FETCHED):
        for column, coding, variable, value in zip(
            columns, codings, table.columns, row, strict=True
        ):
            column.append(_cell(value, variable, coding))
    frame = pandas.DataFrame(
        {
            each.name: pandas.Series(column, dtype=_dtype(each, coding))
            for each, coding, column in zip(table.columns, codings, columns, strict=True)
        }
    )
    found = Labelled(frame, kinds=table.kinds)
    for variable, coding in zip(table.columns, codings, strict=True):
        found.labels[variable.name] = _cut(variable.label_in(language), limits[0])
        numeric = variable.type in (Type.INTEGER, Type.NUMBER)
        if coding or (numeric and (variable.values or _has_kinds(frame, variable, table))):
            _label(found, variable, coding, language, limits[1])
    return found


def _check(connection: psycopg.Connection, table: Table, text: int) -> None:
    rows = rows_of(connection, table)
    if rows * len(table.columns) > MOST_CELLS:
        raise TooLargeForFormatError(
            said(
                "The table {table} has {rows} rows of {columns} columns, more than "
                "{most_cells} cells, and this format is made in memory. Take Parquet or CSV.",
                table=table.name,
                rows=rows,
                columns=len(table.columns),
                most_cells=MOST_CELLS,
            )
        )
    check_bytes(connection, table, text)


def _coding(variable: Variable) -> dict[str, int] | None:
    """The number of each code that is a word; None where values are numbers or texts."""
    if variable.type is not Type.CODE or not variable.values:
        return None
    return {option.code: place for place, option in enumerate(variable.values, start=1)}


def _cell(value: Any, variable: Variable, coding: dict[str, int] | None) -> Any:
    if coding is not None:
        # Codes of older versions follow those of the newest.
        return _NAN if value is None else coding.setdefault(value, len(coding) + 1)
    if variable.type in (Type.INTEGER, Type.NUMBER):
        return _NAN if value is None else value
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None)
    if variable.type in (Type.TIME, Type.DATE):
        return value
    return value or ""


def _dtype(variable: Variable, coding: Mapping[str, int] | None) -> str:
    if coding is not None or variable.type in (Type.INTEGER, Type.NUMBER):
        return "float64"
    return "datetime64[us]" if variable.type is Type.TIME else "object"


def _has_kinds(frame: pandas.DataFrame, variable: Variable, table: Table) -> bool:
    return bool(table.kinds) and bool(frame[variable.name].isin(list(table.kinds.values())).any())


def _label(
    found: Labelled,
    variable: Variable,
    coding: Mapping[str, int] | None,
    language: str,
    limit: Limit,
) -> None:
    """Labels of a variable's values, and which of them count as no answer."""
    numbers = coding or {option.code: int(option.code) for option in variable.values}
    labels: dict[Any, str] = {
        numbers[option.code]: _cut(_in(option.label, language) or option.code, limit)
        for option in variable.values
    }
    # A code of another version than the newest, which says no more what it means.
    labels |= {number: code for code, number in numbers.items() if number not in labels}
    missing = [numbers[option.code] for option in variable.values if option.missing]
    if coding is None and variable.type in (Type.INTEGER, Type.NUMBER):
        for kind, code in found.kinds.items():
            labels[code] = _in(_KIND_LABELS[kind], language)
        missing = [*found.kinds.values(), *missing]
    found.values[variable.name] = labels
    if missing:
        found.missing[variable.name] = missing


def _in(label: Mapping[str, str], language: str) -> str:
    return label.get(language) or next(filter(None, label.values()), "")


def _cut(text: str, limit: Limit) -> str:
    """The text on one line, cut with an ellipsis where it is too long."""
    line = " ".join(text.split())
    if limit.in_bytes:
        whole = line.encode()
        short = whole[: limit.longest - len("…".encode())].decode(errors="ignore")
        return line if len(whole) <= limit.longest else short.rstrip() + "…"
    return line if len(line) <= limit.longest else line[: limit.longest - 1].rstrip() + "…"


def _ranges(name: str, codes: Sequence[int], values: Mapping[Any, str]) -> list[Any]:
    """SPSS takes three codes, or a range and a code; TooLargeForFormatError if that won't do."""
    if len(codes) <= 3:
        return list(codes)
    # The kinds are far below the study's own codes, of which all but the last go with them.
    ordered = sorted(codes)
    valid = set(values) - set(codes)
    for last in (ordered[-1:], []):
        inside = ordered[: len(ordered) - len(last)]
        if not any(inside[0] <= each <= inside[-1] for each in valid):
            return [{"lo": inside[0], "hi": inside[-1]}, *last]
    raise TooLargeForFormatError(
        said(
            "{name} has more codes that count as no answer than SPSS can tell apart from "
            "its values. Take Stata, Parquet or CSV.",
            name=name,
        )
    )


def _measure(variable: Variable) -> str:
    if variable.type in (Type.INTEGER, Type.NUMBER):
        return "ordinal" if variable.values else "scale"
    return "scale" if variable.type in (Type.TIME, Type.DATE) else "nominal"


def _write(file: IO[bytes], write: Any, mended: Any) -> None:
    with TemporaryDirectory(prefix="coprod-export-") as folder:
        path = Path(folder) / "export"
        write(str(path))
        file.write(mended(path.read_bytes()))


def _stata_made(content: bytes) -> bytes:
    before, when = _STATA_MADE
    at = content.index(before) + len(before)
    return content[:at] + when + content[at + len(when) :]


def _spss_made(content: bytes) -> bytes:
    at, when = _SPSS_MADE
    return content[:at] + when + content[at + len(when) :]
