"""What a format can't hold, said before anything of its file can be taken for whole."""

import psycopg
from psycopg.sql import SQL, Identifier

from experiments.said import said
from experiments.variables import Type
from responses.export.table import Table
from responses.pacing import fetched, pace_of

# UTF-8, and the code units of UTF-16, of which characters beyond the first plane take two.
BYTES = SQL("octet_length({value})")
UNITS = SQL(
    "length({value}) + length(regexp_replace({value}, '[^\\U00010000-\\U0010FFFF]', '', 'g'))"
)
# Rows that are counted at a time where that is done at a pace.
_FETCHED = 5000
# Columns whose values are as long as somebody wrote, or as many as somebody was shown.
_LONG = (Type.TEXT, Type.LIST, Type.JSON)


class TooLargeForFormatError(Exception):
    """The data do not fit into the format; the message says what to do."""


def rows_of(connection: psycopg.Connection, table: Table) -> int:
    """How many rows the table has in the connection's snapshot."""
    if pace_of(connection) is not None:
        every = SQL("SELECT FROM ({}) q").format(table.query)
        return sum(1 for _ in fetched(connection, f"rows of {table.name}", every, _FETCHED))
    statement = SQL("SELECT count(*) FROM ({}) q").format(table.query)
    ((count,),) = connection.execute(statement).fetchall()
    return int(count)


def longest_text(connection: psycopg.Connection, table: Table, unit: SQL) -> int:
    """The length of the longest text in the table by `BYTES` or `UNITS`, 0 if it has none."""
    names = [column.name for column in table.columns if column.type in _LONG]
    if not names:
        return 0
    lengths = SQL(", ").join(
        unit.format(value=SQL("q.{}").format(Identifier(name))) for name in names
    )
    if pace_of(connection) is not None:
        every = SQL("SELECT greatest(0, {}) FROM ({}) q").format(lengths, table.query)
        found = fetched(connection, f"texts of {table.name}", every, _FETCHED)
        return max((int(length) for (length,) in found), default=0)
    statement = SQL("SELECT coalesce(max(greatest({})), 0) FROM ({}) q").format(
        lengths, table.query
    )
    ((longest,),) = connection.execute(statement).fetchall()
    return int(longest)


def check_bytes(connection: psycopg.Connection, table: Table, most: int) -> None:
    """TooLargeForFormatError if a text of the table has more bytes than the format holds."""
    longest = longest_text(connection, table, BYTES)
    if longest > most:
        raise TooLargeForFormatError(
            said(
                "A text in {table} has {longest} bytes, and this format holds {most}. "
                "Take Parquet or CSV.",
                table=table.name,
                longest=longest,
                most=most,
            )
        )
