"""The formats of an export by name, and what each of them writes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import IO, TypeAlias

import psycopg

from experiments.variables.tables import PARTICIPANTS
from responses.export.csv import write_csv, write_tsv
from responses.export.jsonlines import NESTED, write_jsonlines
from responses.export.options import Options
from responses.export.qualtrics import write_qualtrics
from responses.export.table import Table

Tables: TypeAlias = Mapping[str, Table]
# Writes the tables, in their order, into the file: it runs their queries on the connection, in its
# one snapshot, in flat memory unless its library can't. The file can be sought and told. It says
# how many rows of each table it wrote.
Writer: TypeAlias = Callable[[psycopg.Connection, Tables, IO[bytes], Options], Mapping[str, int]]


@dataclass(frozen=True)
class Format:
    """One format: what it is called, its file's suffix, its content type, and who writes it.

    One that holds `many` tables gets all that are asked for; another gets exactly one, or those
    that it `needs`. One with `kinds` gets tables whose numeric columns have codes for the kinds
    of missing. `is_text` if it can be read on a terminal. Who writes one that is `heavy` keeps
    16 MB (XlsxWriter) to 100 (pandas).
    """

    label: str
    suffix: str
    content_type: str
    write: Writer
    many: bool = False
    needs: tuple[str, ...] = ()
    kinds: bool = False
    is_text: bool = False
    heavy: bool = False


def _late(module: str, name: str) -> Writer:
    """A writer that is imported when it writes: Arrow and pandas take 100 MB of a web worker."""

    def write(
        connection: psycopg.Connection, tables: Tables, file: IO[bytes], options: Options
    ) -> Mapping[str, int]:
        writer: Writer = getattr(import_module(f"responses.export.{module}"), name)
        return writer(connection, tables, file, options)

    return write


FORMATS: dict[str, Format] = {
    "csv": Format(
        "CSV", ".csv", "text/csv; charset=utf-8; header=present", write_csv, is_text=True
    ),
    "qualtrics": Format(
        "CSV with the three header rows of Qualtrics",
        ".csv",
        "text/csv; charset=utf-8; header=present",
        write_qualtrics,
        is_text=True,
    ),
    "tsv": Format(
        "TSV", ".tsv", "text/tab-separated-values; charset=utf-8", write_tsv, is_text=True
    ),
    "jsonl": Format(
        "JSON Lines",
        ".jsonl",
        "application/jsonl; charset=utf-8",
        write_jsonlines,
        needs=(PARTICIPANTS, *NESTED),
        is_text=True,
    ),
    "parquet": Format(
        "Parquet",
        ".parquet",
        "application/vnd.apache.parquet",
        _late("parquet", "write_parquet"),
        heavy=True,
    ),
    "xlsx": Format(
        "Excel",
        ".xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _late("excel", "write_excel"),
        heavy=True,
    ),
    "dta": Format(
        "Stata",
        ".dta",
        "application/x-stata-dta",
        _late("labelled", "write_stata"),
        kinds=True,
        heavy=True,
    ),
    "sav": Format(
        "SPSS",
        ".sav",
        "application/x-spss-sav",
        _late("labelled", "write_spss"),
        kinds=True,
        heavy=True,
    ),
    "sqlite": Format(
        "SQLite",
        ".sqlite",
        "application/vnd.sqlite3",
        _late("sqlite", "write_sqlite"),
        many=True,
    ),
}
