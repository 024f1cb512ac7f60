"""Makes the file of a recorded export, on the disk whole or not at all.

A file that is being made has another name and is only readable by its owner. It gets its own name
once all of it is on the disk; a process that dies on the way leaves none that looks whole.
"""

import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import psycopg

from experiments.variables.tables import PARTICIPANTS
from responses.export.csv import snapshot
from responses.export.dataset import read_dataset
from responses.export.formats import FORMATS
from responses.export.options import Options
from responses.export.reconciliation import Reconciliation, check_rows, reconcile
from responses.export.stating import state
from responses.export.tables import tables_of
from responses.models import ExportRecord, ExportStatement, Mode
from responses.pacing import Pace

# Whom but its owner nobody may read.
OWNERS = 0o600


def write_export(
    *, export: ExportRecord, file: IO[bytes], options: Options, pace: Pace | None = None
) -> ExportStatement:
    """Writes what the record says into the file, all of it of one moment, and states what it holds.

    Arms are left out as the study's status asks for, read in the same snapshot as the rows,
    unless the record says that it unblinds. psycopg.Error or OSError if it broke off,
    NotReconciledError if anybody is missing.
    """
    with snapshot(pace) as connection:
        counts, rows = write_tables(connection, export=export, file=file, options=options)
        replayed = connection.replayed
    return state(export=export, counts=counts, rows=rows, replayed=replayed)


def write_tables(
    connection: psycopg.Connection, *, export: ExportRecord, file: IO[bytes], options: Options
) -> tuple[Reconciliation, Mapping[str, int]]:
    """The same on a connection whose snapshot others read too: the counts, and the rows written."""
    chosen = FORMATS[export.format]
    dataset = read_dataset(
        connection,
        study_id=export.study_id,
        mode=Mode(export.mode),
        unblind=export.unblinded,
    )
    counts = reconcile(connection, dataset)
    found = tables_of(dataset, kinds=chosen.kinds)
    wanted = {name: found[name] for name in export.tables.split()}
    rows = chosen.write(connection, wanted, file, options)
    check_rows(counts, rows, PARTICIPANTS)
    return counts, rows


def make_file(
    *, export: ExportRecord, path: Path, options: Options, pace: Pace | None = None
) -> Path:
    """Makes the file of that path, in place of one that is there; psycopg.Error or OSError."""
    with whole_file(path) as file:
        write_export(export=export, file=file, options=options, pace=pace)
    return path


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """A file that takes its path, in place of one that is there, once it was written to the end."""
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    descriptor = os.open(partial, os.O_RDWR | os.O_CREAT | os.O_EXCL, OWNERS)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
