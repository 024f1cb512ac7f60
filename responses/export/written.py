"""A table as the texts that CSV and its kin hold, written by the database."""

from psycopg.sql import SQL, Composed, Identifier, Literal

from experiments.variables import Type, Variable
from responses.export.table import Table

# What a spreadsheet could take for the start of a formula, the full-width forms included, and
# the apostrophe itself, so that taking one away from every text that begins with one gives back
# what was written. After OWASP, "CSV Injection".
GUARDED = "=+@\t\r\n＝＋－＠'-"
_GUARD = SQL("regexp_replace({value}, {begins}, {marked})")
_BEGINS = Literal(f"^[{GUARDED}]")
_MARKED = Literal(r"'\&")
TIME = SQL("""to_char({value} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')""")

_COPY = SQL(
    "COPY (SELECT {columns} FROM ({rows}) q)"
    " TO STDOUT WITH (FORMAT csv, HEADER {header}, ENCODING 'UTF8', DELIMITER {delimiter})"
)


def copy_statement(
    table: Table, *, guard: bool = True, header: bool = True, delimiter: str = ","
) -> Composed:
    """COPY … TO STDOUT of a table: a header row, then its rows.

    With `guard` a text that a spreadsheet could run as a formula gets an apostrophe in front.
    """
    columns = [
        SQL("{} AS {}").format(_written(each, guard), Identifier(each.name))
        for each in table.columns
    ]
    return _COPY.format(
        columns=SQL(", ").join(columns),
        rows=table.text or table.query,
        header=SQL("true" if header else "false"),
        delimiter=Literal(delimiter),
    )


def _written(variable: Variable, guard: bool) -> Composed:
    value = SQL("q.{}").format(Identifier(variable.name))
    if variable.type is Type.TIME:
        return TIME.format(value=value)
    return guarded(variable) if guard else value


def guarded(variable: Variable) -> Composed:
    """The value of a column of `q`; a text that could be a formula with an apostrophe in front."""
    value = SQL("q.{}").format(Identifier(variable.name))
    if variable.type is not Type.TEXT:
        return value
    return _GUARD.format(value=value, begins=_BEGINS, marked=_MARKED)
