"""A table of an export: what its columns are, and the SELECT that gives its rows."""

from dataclasses import dataclass, field

from psycopg.sql import Composed

from experiments.variables import Variable


@dataclass(frozen=True)
class Table:
    """Rows of one kind that an export holds, and that every format writes.

    `query` selects one value for each of `columns`, in their order: INTEGER as bigint, NUMBER as
    double precision, TIME as timestamptz, DATE as date, all else (JSON too) as text, none of it
    guarded; NULL where there is no value. In a table that was made for a format with user-missing
    kinds a numeric column has a code in place of NULL, and `kinds` says by the kind of missing
    which.

    `text` gives the same rows for formats of text alone, with nothing lost on the way to a type:
    probabilities with all their digits, an option's code beside days. TIME is timestamptz there
    too. It is `query` where there is no difference.
    """

    name: str
    columns: tuple[Variable, ...]
    query: Composed
    kinds: dict[str, int] = field(default_factory=dict)
    text: Composed | None = None
