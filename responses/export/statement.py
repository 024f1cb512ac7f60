"""The SQL of the wide table: one row per participant, in the order of entry."""

from psycopg.sql import SQL, Composed, Literal

from responses.export.cells import Writing, answers_of, select_list
from responses.export.dataset import Column, Dataset

_WIDE = SQL(
    "SELECT {columns} FROM responses_participant p"
    " JOIN experiments_designversion v ON v.id = p.version_id {answers}"
    " WHERE p.study_id = {study} AND p.mode = {mode} ORDER BY p.id"
)


def wide_statement(dataset: Dataset, columns: tuple[Column, ...], writing: Writing) -> Composed:
    """SELECT of the columns, which are those of the data set."""
    return _WIDE.format(
        columns=select_list(columns, writing),
        answers=answers_of(columns),
        study=Literal(dataset.study_id),
        mode=Literal(str(dataset.mode)),
    )
