"""JSON Lines: one participant a line, with the pages that they sent and the timings inside.

A line is an object by the names of the variables. Numbers are numbers, lists are arrays, what is
not there is null; `submissions` and `paradata` are arrays of objects in the order in which they
came.
"""

from collections.abc import Iterator, Mapping
from typing import IO

import psycopg
from psycopg.sql import SQL, Composed, Identifier

from experiments.variables import Type, Variable
from responses.export.options import Options
from responses.export.table import Table
from responses.export.written import TIME
from responses.pacing import fetched

NESTED = ("submissions", "paradata")
# What each nested row says of its participant, whose line it stands in.
_OF_THE_LINE = ("participant", "design_version")
_FETCHED = 2000
_ROWS = SQL(
    "SELECT q.participant::text, (SELECT row_to_json(r)::text FROM (SELECT {columns}) r)"
    " FROM ({query}) q"
)

# A participant's reference and a row of theirs.
_Row = tuple[str, str]


def write_jsonlines(
    connection: psycopg.Connection, tables: Mapping[str, Table], file: IO[bytes], options: Options
) -> Mapping[str, int]:
    """Writes the participants with their submissions and paradata; UTF-8, lines that end in LF."""
    inner = [_Grouped(_rows(connection, tables[name], _OF_THE_LINE)) for name in NESTED]
    people = 0
    for reference, line in _rows(connection, tables["participants"], ()):
        people += 1
        parts = [line.removesuffix("}")]
        for name, rows in zip(NESTED, inner, strict=True):
            parts.append(f',"{name}":[{",".join(rows.of(reference))}]')
        file.write(("".join(parts) + "}\n").encode())
    return {"participants": people} | {
        name: rows.taken for name, rows in zip(NESTED, inner, strict=True)
    }


class _Grouped:
    """Rows by participant, who come in the order in which they are asked for."""

    def __init__(self, rows: Iterator[_Row]) -> None:
        self._rows = rows
        self._next = next(rows, None)
        self.taken = 0

    def of(self, reference: str) -> Iterator[str]:
        """The rows of a participant."""
        while self._next is not None and self._next[0] == reference:
            self.taken += 1
            yield self._next[1]
            self._next = next(self._rows, None)


def _rows(connection: psycopg.Connection, table: Table, without: tuple[str, ...]) -> Iterator[_Row]:
    """The rows as JSON objects, by a cursor of the server: a few of them at a time."""
    columns = [
        SQL("{} AS {}").format(_value(each), Identifier(each.name))
        for each in table.columns
        if each.name not in without
    ]
    query = _ROWS.format(columns=SQL(", ").join(columns), query=table.text or table.query)
    yield from fetched(connection, f"export {table.name}", query, _FETCHED)


def _value(variable: Variable) -> Composed:
    value = SQL("q.{}").format(Identifier(variable.name))
    match variable.type:
        case Type.TIME:
            return TIME.format(value=value)
        case Type.INTEGER | Type.NUMBER:
            return SQL("{}::double precision").format(value)
        case Type.LIST:
            return SQL("string_to_array({}, ' ')").format(value)
        case Type.JSON:
            return SQL("{}::json").format(value)
        case _:
            return value
