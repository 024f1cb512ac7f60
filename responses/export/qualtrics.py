"""CSV with the three header rows of Qualtrics: names, question texts, and import ids as JSON.

Scripts that read Qualtrics' exports by skipping those rows read it too. Names, order and values
are those of the plain CSV.
"""

import csv
import io
import json
from codecs import BOM_UTF8
from collections.abc import Mapping
from typing import IO

import psycopg

from experiments.variables import Type, Variable
from responses.export.csv import write_table
from responses.export.options import Options
from responses.export.table import Table


def write_qualtrics(
    connection: psycopg.Connection, tables: Mapping[str, Table], file: IO[bytes], options: Options
) -> Mapping[str, int]:
    """Writes the one table, its texts in the options' language."""
    (table,) = tables.values()
    file.write(BOM_UTF8 if options.bom else b"")
    file.write(_header(table, options.language).encode())
    rows = write_table(connection, table, file, guard=options.guard, header=False)
    return {table.name: rows}


def _header(table: Table, language: str) -> str:
    rows = io.StringIO(newline="")
    writer = csv.writer(rows, lineterminator="\r\n")
    writer.writerow([each.name for each in table.columns])
    writer.writerow([each.label_in(language) for each in table.columns])
    writer.writerow([_import_id(each) for each in table.columns])
    return rows.getvalue()


def _import_id(variable: Variable) -> str:
    told = {"ImportId": variable.name}
    if variable.type is Type.TIME:
        told["timeZone"] = "Z"
    return json.dumps(told, separators=(",", ":"))
