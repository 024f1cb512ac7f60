"""The least that an export could be: COPY of the same columns, with nothing told apart in them.

An answer is the text that is stored, a probability the fraction, a list its JSON; nothing is
blinded, guarded or left out. It opens each participant's answers once, as the export does.
"""

from collections.abc import Iterator

from psycopg.sql import SQL, Composed, Identifier, Literal

from experiments.variables import Variable
from responses.export.table import Table

_COPY = SQL(
    "COPY (SELECT {columns} FROM responses_participant p"
    " JOIN experiments_designversion v ON v.id = p.version_id"
    " CROSS JOIN LATERAL jsonb_to_record(p.answers) AS a({items})"
    " WHERE p.study_id = {study} AND p.mode = {mode} ORDER BY p.id)"
    " TO STDOUT WITH (FORMAT csv, HEADER true, ENCODING 'UTF8')"
)


def bare_copy(table: Table, *, study_id: int, mode: str) -> Composed:
    """COPY of what the wide table's columns are made of."""
    items = dict.fromkeys(item for column in table.columns for item in _items(column))
    return _COPY.format(
        columns=SQL(", ").join(map(_value, table.columns)),
        items=SQL(", ").join(SQL("{} text").format(Identifier(item)) for item in items),
        study=Literal(study_id),
        mode=Literal(mode),
    )


def _items(variable: Variable) -> Iterator[str]:
    if variable.source[0] == "answers":
        yield variable.source[1]
    yield from (scored.item for scored in variable.scored)


def _value(variable: Variable) -> Composed:
    match variable.source:
        case ("answers", item, *_):
            return SQL("a.{}").format(Identifier(item))
        case ("score", _):
            numbers = [SQL("a.{}::float8").format(Identifier(s.item)) for s in variable.scored]
            return SQL("({}) / {}").format(SQL(" + ").join(numbers), Literal(len(numbers)))
        case ("version", name):
            return SQL("v.{}").format(Identifier(name))
        case ("not_reached" | "skipped" | "untouched" | "mark" | "corrections", *_):
            # The export finds these by what is in the answers or stands elsewhere; there is no
            # column to copy.
            return SQL("p.not_shown").format()
        case (column,):
            return SQL("p.{}").format(Identifier(column))
        case (column, *inside):
            return SQL("p.{} #>> {}").format(Identifier(column), Literal(inside))
    raise ValueError(f"A variable needs a source, not {variable.source!r}.")
