"""The tables of a bundle, all of one snapshot, without what is not to be published."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg

from analysis.bundle.verify import TABLES
from experiments.variables.tables import PARTICIPANTS
from responses.export.dataset import Dataset, read_dataset
from responses.export.formats import FORMATS
from responses.export.options import Options
from responses.export.own_words import not_to_publish
from responses.export.reconciliation import Reconciliation, check_rows, reconcile
from responses.export.tables import tables_of
from responses.models import Mode

# CSV for everybody and for the scripts; Parquet, which keeps types, beside it.
FORMS = ("csv", "parquet")


@dataclass(frozen=True)
class Written:
    """The counts of the snapshot, how many rows each table has, and what was left out."""

    counts: Reconciliation
    rows: Mapping[str, int]
    left_out: tuple[str, ...]


def published(connection: psycopg.Connection, *, study_id: int, mode: Mode) -> Dataset:
    """The data set without people's own words, unless the study releases them."""
    found = read_dataset(connection, study_id=study_id, mode=mode, unblind=False)
    return replace(found, left_out=not_to_publish(design for _, design in found.versions))


def write_data(
    connection: psycopg.Connection, dataset: Dataset, names: tuple[str, ...], folder: Path
) -> Written:
    """Writes the tables of these names as CSV and Parquet.

    NotReconciledError if anybody is missing from the data, or a file from what another has.
    """
    counts = reconcile(connection, dataset)
    tables = tables_of(dataset)
    written: dict[str, int] = {}
    for name in names:
        for form in FORMS:
            path = (folder / TABLES[name]).with_suffix(FORMATS[form].suffix)
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("w+b") as file:
                rows = FORMATS[form].write(connection, {name: tables[name]}, file, Options())
            check_rows(counts, rows, PARTICIPANTS)
            written.update(rows)
    return Written(counts, written, tuple(sorted(dataset.left_out)))
