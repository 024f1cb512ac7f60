"""The CSV of an export, streamed: UTF-8, RFC 4180 with CRLF, one header row, memory flat.

docs/data-dictionary.md says how to read it back.
"""

from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import IO

import psycopg
from django.db import connection as site_connection
from psycopg import IsolationLevel

from responses.export.options import Options
from responses.export.table import Table
from responses.export.tables import PARTICIPANTS, tables
from responses.export.written import copy_statement
from responses.models import ExportRecord, Mode

CHUNK = 64 * 1024


@contextmanager
def snapshot() -> Iterator[psycopg.Connection]:
    """A connection of its own in one read-only REPEATABLE READ transaction.

    It is not the pool's: an export may take minutes, and participants' pages wait for none.
    """
    parameters = site_connection.get_connection_params()
    parameters["application_name"] = "coprod export"
    with psycopg.connect(**parameters) as connection:
        connection.isolation_level = IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        yield connection


def csv_chunks(*, export: ExportRecord) -> Iterator[bytes]:
    """The file that a recorded export asked for, in chunks of about 64 KiB.

    Arms are left out as the study's status asks for, read in the same snapshot as the rows,
    unless the record says that it unblinds. The connection is closed when the generator ends,
    fails or is closed.
    """
    with snapshot() as connection:
        found = tables(
            connection,
            study_id=export.study_id,
            mode=Mode(export.mode),
            unblind=export.unblinded,
        )
        yield from table_chunks(connection, found[PARTICIPANTS])


def table_chunks(
    connection: psycopg.Connection,
    table: Table,
    *,
    guard: bool = True,
    header: bool = True,
    delimiter: str = ",",
) -> Iterator[bytes]:
    """A table with its header row, in chunks of about 64 KiB."""
    statement = copy_statement(table, guard=guard, header=header, delimiter=delimiter)
    with connection.cursor().copy(statement) as copy:
        yield from _chunks(copy)


def write_csv(
    connection: psycopg.Connection, tables: Mapping[str, Table], file: IO[bytes], options: Options
) -> None:
    """Writes the one table as CSV."""
    _write(connection, tables, file, options, ",")


def write_tsv(
    connection: psycopg.Connection, tables: Mapping[str, Table], file: IO[bytes], options: Options
) -> None:
    """The same with tabs in the place of commas."""
    _write(connection, tables, file, options, "\t")


def _write(
    connection: psycopg.Connection,
    tables: Mapping[str, Table],
    file: IO[bytes],
    options: Options,
    delimiter: str,
) -> None:
    (table,) = tables.values()
    file.write(BOM_UTF8 if options.bom else b"")
    for chunk in table_chunks(connection, table, guard=options.guard, delimiter=delimiter):
        file.write(chunk)


def _chunks(rows: Iterable[bytes | bytearray | memoryview]) -> Iterator[bytes]:
    """Rows as COPY sends them, one a message, ended by CRLF and joined to chunks."""
    chunk = bytearray()
    for row in rows:
        chunk += row
        chunk[-1:] = b"\r\n"
        if len(chunk) >= CHUNK:
            yield bytes(chunk)
            chunk.clear()
    if chunk:
        yield bytes(chunk)
