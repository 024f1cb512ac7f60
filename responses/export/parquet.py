"""Parquet: columns of their own types, in row groups of one size, with labels in the schema.

The database writes CSV, which a thread of its own takes from it (`ahead`) and Arrow reads on one
more, a megabyte at a time: that stays in the processor's cache, and threads that share a block cost
more than they save where Postgres wants a core too.
"""

import json
import os
from collections.abc import Iterator, Mapping
from functools import partial
from typing import IO, Any

# Arrow's allocator reads these once, when Arrow is loaded. By itself it keeps what was freed for a
# second, two megabytes at a time, while the next column asks for pieces of another size.
os.environ.setdefault("MIMALLOC_PURGE_DELAY", "0")
os.environ.setdefault("MIMALLOC_ARENA_EAGER_COMMIT", "0")

import psycopg
import pyarrow
from psycopg.sql import SQL, Composed, Identifier
from pyarrow import csv, parquet

from experiments.variables import Type, Variable
from responses.export.ahead import read_ahead
from responses.export.options import Options
from responses.export.table import Table
from responses.pacing import begin_stream, taken

# What a group has at most: rows, and values of all columns. It is in memory until it is written,
# and a study of many items has many columns.
ROWS, VALUES = 64 * 1024, 2_000_000
# Where the schema keeps what is known of a column.
METADATA = b"coprod"

TYPES: Mapping[Type, pyarrow.DataType] = {
    Type.INTEGER: pyarrow.int64(),
    Type.NUMBER: pyarrow.float64(),
    Type.TIME: pyarrow.timestamp("us", "UTC"),
    Type.DATE: pyarrow.date32(),
}
# Without a zone, which Postgres writes faster and Arrow reads as UTC.
_UTC = SQL("q.{} AT TIME ZONE 'UTC'")
_COPY = SQL("COPY (SELECT {columns} FROM ({rows}) q) TO STDOUT WITH (FORMAT csv, ENCODING 'UTF8')")


def write_parquet(
    connection: psycopg.Connection, tables: Mapping[str, Table], file: IO[bytes], options: Options
) -> Mapping[str, int]:
    """Writes the one table."""
    (table,) = tables.values()
    schema = schema_of(table)
    group = min(ROWS, VALUES // len(schema))
    total = 0
    with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        waiting: list[pyarrow.RecordBatch] = []
        rows = 0
        for batch in _batches(connection, table, schema):
            waiting.append(batch)
            rows += len(batch)
            total += len(batch)
            if rows >= group:
                left = _written(writer, pyarrow.Table.from_batches(waiting, schema), group)
                waiting, rows = left.to_batches(), len(left)
        # Also where there are none: a file without rows has its columns.
        writer.write_table(pyarrow.Table.from_batches(waiting, schema))
    return {table.name: total}


def schema_of(table: Table) -> pyarrow.Schema:
    """The table's columns, each with what is known of it as JSON under `METADATA`."""
    return pyarrow.schema(
        [
            pyarrow.field(
                column.name,
                TYPES.get(column.type, pyarrow.string()),
                metadata={METADATA: json.dumps(about(column), ensure_ascii=False)},
            )
            for column in table.columns
        ]
    )


def about(variable: Variable) -> dict[str, Any]:
    """What is known of a variable beside its name: labels, type, role, values."""
    return {
        "label": dict(variable.label),
        "type": str(variable.type),
        "role": str(variable.role),
        "values": [
            {"code": each.code, "label": dict(each.label), "missing": str(each.missing)}
            for each in variable.values
        ],
    }


def _batches(
    connection: psycopg.Connection, table: Table, schema: pyarrow.Schema
) -> Iterator[pyarrow.RecordBatch]:
    convert = csv.ConvertOptions(
        column_types={field.name: _read_as(field.type) for field in schema},
        # An empty text is in quotes, nothing is not.
        null_values=[""],
        strings_can_be_null=True,
        quoted_strings_can_be_null=False,
    )
    tell = partial(taken, connection)
    begin_stream(connection)
    with connection.cursor().copy(_statement(table)) as copy, read_ahead(copy, tell) as chunks:
        for chunk in chunks:
            # All of it is one block, and ends with a row: nobody has to look for the end of a row
            # among texts that have line breaks of their own.
            read = csv.ReadOptions(
                column_names=schema.names,
                block_size=len(chunk) + 1,
                encoding="utf8",
                use_threads=False,
            )
            rows = csv.read_csv(pyarrow.BufferReader(chunk), read, convert_options=convert)
            yield from rows.cast(schema).to_batches()


def _read_as(type_: pyarrow.DataType) -> pyarrow.DataType:
    return pyarrow.timestamp("us") if pyarrow.types.is_timestamp(type_) else type_


def _written(writer: parquet.ParquetWriter, rows: pyarrow.Table, group: int) -> pyarrow.Table:
    """Writes whole row groups of so many rows; what is left of the rows."""
    for start in range(0, len(rows) - group + 1, group):
        writer.write_table(rows.slice(start, group), row_group_size=group)
    return rows.slice(len(rows) - len(rows) % group)


def _statement(table: Table) -> Composed:
    columns = [
        (_UTC if each.type is Type.TIME else SQL("q.{}")).format(Identifier(each.name))
        for each in table.columns
    ]
    return _COPY.format(columns=SQL(", ").join(columns), rows=table.query)
