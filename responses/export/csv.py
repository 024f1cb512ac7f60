"""The CSV of an export, streamed: UTF-8, RFC 4180 with CRLF, one header row, memory flat.

docs/data-dictionary.md says how to read it back.
"""

from codecs import BOM_UTF8
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from typing import IO, Any

import psycopg
from django.db import connection as site_connection
from psycopg import IsolationLevel

from responses.export.options import Options
from responses.export.table import Table
from responses.export.written import copy_statement
from responses.pacing import Pace, Paced, begin_stream, taken
from responses.replica import replica_connection

CHUNK = 64 * 1024
NAME = "coprod export"


@contextmanager
def snapshot(pace: Pace | None = None) -> Iterator[Paced]:
    """A connection of its own in one read-only REPEATABLE READ transaction.

    It is not the pool's: an export may take minutes, and participants' pages wait for none. With
    a pace Postgres is asked at that, and has one process for it at a time; a replica, if there is
    one, is asked at its own.
    """
    with _opened(pace) as connection:
        connection.isolation_level = IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        if connection.pace is not None:
            connection.execute("SET LOCAL max_parallel_workers_per_gather = 0")
        yield connection


def _opened(pace: Pace | None) -> Paced:
    if (found := replica_connection(Paced, NAME)) is not None:
        other, replayed = found
        other.replayed = replayed
        other.autocommit = False
        return other
    parameters = site_connection.get_connection_params() | {"application_name": NAME}
    own = Paced.connect(**parameters)
    own.pace = pace
    return own


def table_chunks(
    connection: psycopg.Connection,
    table: Table,
    *,
    guard: bool = True,
    header: bool = True,
    delimiter: str = ",",
) -> Generator[bytes, None, int]:
    """A table with its header row, in chunks of about 64 KiB; how many rows it had in the end."""
    statement = copy_statement(table, guard=guard, header=header, delimiter=delimiter)
    cursor = connection.cursor()
    begin_stream(connection)
    with cursor.copy(statement) as copy:
        for chunk in _chunks(copy):
            yield chunk
            taken(connection, len(chunk))
    return cursor.rowcount


def write_table(connection: psycopg.Connection, table: Table, file: IO[bytes], **how: Any) -> int:
    """Writes the chunks of a table, and says how many rows it had."""
    # Closed at once if the file fails: a connection can't be given back in the middle of a COPY.
    with closing(table_chunks(connection, table, **how)) as chunks:
        while True:
            try:
                file.write(next(chunks))
            except StopIteration as end:
                return int(end.value)


def write_csv(
    connection: psycopg.Connection, tables: Mapping[str, Table], file: IO[bytes], options: Options
) -> Mapping[str, int]:
    """Writes the one table as CSV."""
    return _write(connection, tables, file, options, ",")


def write_tsv(
    connection: psycopg.Connection, tables: Mapping[str, Table], file: IO[bytes], options: Options
) -> Mapping[str, int]:
    """The same with tabs in the place of commas."""
    return _write(connection, tables, file, options, "\t")


def _write(
    connection: psycopg.Connection,
    tables: Mapping[str, Table],
    file: IO[bytes],
    options: Options,
    delimiter: str,
) -> Mapping[str, int]:
    (table,) = tables.values()
    file.write(BOM_UTF8 if options.bom else b"")
    rows = write_table(connection, table, file, guard=options.guard, delimiter=delimiter)
    return {table.name: rows}


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
