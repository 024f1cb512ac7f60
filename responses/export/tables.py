"""The tables of a study in one mode: every row and column that may leave, seen in one snapshot."""

from collections.abc import Iterable

import psycopg

from experiments.variables import Variable
from responses.export.cells import Writing
from responses.export.dataset import Column, Dataset, read_dataset
from responses.export.kinds import Kinds, missing_codes
from responses.export.statement import wide_statement
from responses.export.table import Table
from responses.models import Mode

PARTICIPANTS = "participants"


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
    return {table.name: table for table in _tables(dataset, kinds)}


def _tables(dataset: Dataset, kinds: bool) -> Iterable[Table]:
    yield participants_table(dataset, kinds=kinds)


def participants_table(dataset: Dataset, *, kinds: bool = False) -> Table:
    """One row per participant, in the order of entry."""
    columns = dataset.columns
    codes = codes_of(dataset, columns) if kinds else Kinds()
    keys = tuple(version for version, _ in dataset.versions)
    writing = Writing(keys, kinds=codes)
    texts = Writing(keys, typed=False, kinds=codes)
    return Table(
        PARTICIPANTS,
        told(columns),
        wide_statement(dataset, columns, writing),
        codes.codes,
        wide_statement(dataset, columns, texts),
    )


def codes_of(dataset: Dataset, columns: Iterable[Column]) -> Kinds:
    """The codes of the kinds of missing, the same in all tables of a data set."""
    designs = (design for _, design in dataset.versions)
    return missing_codes(designs, told(columns))


def told(columns: Iterable[Column]) -> tuple[Variable, ...]:
    """What a table says of its columns."""
    return tuple(column.variable for column in columns)
