"""SQLite: all tables in one file, with what their columns are; for any program that reads SQL."""

import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

import psycopg

from experiments.variables import Type, Variable
from experiments.variables.tables import KEYS, PARTICIPANTS
from responses.export.options import Options
from responses.export.table import Table
from responses.pacing import fetched

FETCHED = 2000
TYPES: Mapping[Type, str] = {Type.INTEGER: "INTEGER", Type.NUMBER: "REAL"}
_DESCRIBED = """
CREATE TABLE variables (
    "table" TEXT NOT NULL, name TEXT NOT NULL, place INTEGER NOT NULL, type TEXT NOT NULL,
    role TEXT NOT NULL, PRIMARY KEY ("table", name)
);
CREATE TABLE variable_labels (
    "table" TEXT NOT NULL, name TEXT NOT NULL, language TEXT NOT NULL, label TEXT NOT NULL,
    PRIMARY KEY ("table", name, language),
    FOREIGN KEY ("table", name) REFERENCES variables ("table", name)
);
CREATE TABLE value_labels (
    "table" TEXT NOT NULL, name TEXT NOT NULL, code TEXT NOT NULL, language TEXT NOT NULL,
    label TEXT NOT NULL, missing TEXT NOT NULL, PRIMARY KEY ("table", name, code, language),
    FOREIGN KEY ("table", name) REFERENCES variables ("table", name)
);
"""


def write_sqlite(
    connection: psycopg.Connection, tables: Mapping[str, Table], file: IO[bytes], options: Options
) -> Mapping[str, int]:
    """Writes the tables, and of each column its labels in all languages."""
    with TemporaryDirectory(prefix="coprod-export-") as folder:
        path = Path(folder) / "export.sqlite"
        made = sqlite3.connect(path)
        try:
            # Nothing reads it before it is whole, and one that is not is thrown away.
            made.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _DESCRIBED)
            rows = {}
            for table in tables.values():
                rows[table.name] = _copy(connection, made, table)
                _describe(made, table)
            made.commit()
        finally:
            made.close()
        with path.open("rb") as whole:
            shutil.copyfileobj(whole, file)
    return rows


def _copy(connection: psycopg.Connection, made: sqlite3.Connection, table: Table) -> int:
    places = ", ".join("?" * len(table.columns))
    # The names are those of our own variables: lower-case ASCII.
    made.execute(f'CREATE TABLE "{table.name}" ({", ".join(_parts(table))})')
    found = fetched(connection, f"sqlite {table.name}", table.query, FETCHED)
    rows = (tuple(map(_plain, row)) for row in found)
    written = made.executemany(f'INSERT INTO "{table.name}" VALUES ({places})', rows)  # noqa: S608 - a name of our own table
    return max(written.rowcount, 0)


def _parts(table: Table) -> Iterator[str]:
    """The columns, the key, and whose rows they are.

    A key's column may be NULL, as `revision` is where it could tell an arm: SQLite takes such rows
    for different ones.
    """
    yield from map(_column, table.columns)
    key = KEYS[table.name]
    yield f"PRIMARY KEY ({', '.join(key)})"
    if table.name != PARTICIPANTS:
        yield f"FOREIGN KEY (participant) REFERENCES {PARTICIPANTS} (participant)"


def _column(variable: Variable) -> str:
    must = " NOT NULL" if variable.name == "participant" else ""
    return f'"{variable.name}" {TYPES.get(variable.type, "TEXT")}{must}'


def _plain(value: Any) -> Any:
    """As text what SQLite has no type for: moments in UTC, days in ISO 8601."""
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"
    return value.isoformat() if hasattr(value, "isoformat") else value


def _describe(made: sqlite3.Connection, table: Table) -> None:
    made.executemany(
        "INSERT INTO variables VALUES (?, ?, ?, ?, ?)",
        (
            (table.name, each.name, place, str(each.type), str(each.role))
            for place, each in enumerate(table.columns, start=1)
        ),
    )
    made.executemany(
        "INSERT INTO variable_labels VALUES (?, ?, ?, ?)",
        (
            (table.name, each.name, language, label)
            for each in table.columns
            for language, label in sorted(each.label.items())
        ),
    )
    made.executemany("INSERT INTO value_labels VALUES (?, ?, ?, ?, ?, ?)", _values(table))


def _values(table: Table) -> Iterator[tuple[str, ...]]:
    for each in table.columns:
        for option in each.values:
            # A code that has no label, such as a language's, is there under its own name.
            labels = option.label or {"": option.code}
            for language, label in sorted(labels.items()):
                yield table.name, each.name, option.code, language, label, str(option.missing)
