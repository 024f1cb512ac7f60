"""The tables of a study in one mode: every row and column that may leave, seen in one snapshot."""

from collections.abc import Iterable

import psycopg

from experiments.variables.tables import PARTICIPANTS, TABLES
from responses.export.cells import Writing
from responses.export.dataset import Column, Dataset, read_dataset
from responses.export.histories import answers_table, paradata_table, submissions_table
from responses.export.kinds import Kinds, missing_codes
from responses.export.statement import wide_statement
from responses.export.table import Table
from responses.export.vignettes import vignettes_table
from responses.models import Mode

NAMES = tuple(table.name for table in TABLES)


def tables(
    connection: psycopg.Connection,
    *,
    study_id: int,
    mode: Mode,
    unblind: bool = False,
    kinds: bool = False,
) -> dict[str, Table]:
    """The tables by name, as the connection's snapshot sees the study; one SQL statement.

    With `kinds` numeric columns of items have a code where there is no value, which says why
    (`Table.kinds`). Arms that are secret are in none of them, nor what tells these, unless
    `unblind`. Their queries are to be run on the same connection.
    """
    dataset = read_dataset(connection, study_id=study_id, mode=mode, unblind=unblind)
    return tables_of(dataset, kinds=kinds)


def tables_of(dataset: Dataset, *, kinds: bool = False) -> dict[str, Table]:
    """The same of a data set that was read."""
    return {table.name: table for table in _tables(dataset, kinds)}


def _tables(dataset: Dataset, kinds: bool) -> Iterable[Table]:
    columns = dataset.columns
    codes = _codes(dataset, columns) if kinds else Kinds()
    yield _participants(dataset, columns, codes)
    yield answers_table(dataset)
    yield vignettes_table(dataset, codes)
    yield submissions_table(dataset)
    yield paradata_table(dataset)


def _participants(dataset: Dataset, columns: tuple[Column, ...], codes: Kinds) -> Table:
    """One row per participant, in the order of entry."""
    keys = tuple(version for version, _ in dataset.versions)
    writing = Writing(keys, kinds=codes)
    texts = Writing(keys, typed=False, kinds=codes)
    return Table(
        PARTICIPANTS,
        tuple(column.variable for column in columns),
        wide_statement(dataset, columns, writing),
        codes.codes,
        wide_statement(dataset, columns, texts),
    )


def _codes(dataset: Dataset, columns: Iterable[Column]) -> Kinds:
    """The codes of the kinds of missing, the same in all tables of a data set."""
    designs = (design for _, design in dataset.versions)
    return missing_codes(designs, (column.variable for column in columns))
