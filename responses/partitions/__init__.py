"""Large tables of what participants sent, cut into parts by the order in which people entered.

A part holds the rows of participants from one id to another, so rows of who came in one week stand
together, and every statement that knows its participant reads one part. The key of the parts is
the column that the unique constraint and the foreign key begin with: both hold as they did, and no
column is added (docs/decisions/0035-parts-by-entry.md).
"""

from responses.partitions.ahead import make_ahead
from responses.partitions.cutting import LEAST_WIDTH, WIDTH, Cut, NotWhileBusyError, cut
from responses.partitions.reading import (
    LARGE,
    TABLES,
    Part,
    is_parted,
    large_and_whole,
    parts,
    rows_about,
)

__all__ = [
    "LARGE",
    "LEAST_WIDTH",
    "TABLES",
    "WIDTH",
    "Cut",
    "NotWhileBusyError",
    "Part",
    "cut",
    "is_parted",
    "large_and_whole",
    "make_ahead",
    "parts",
    "rows_about",
]
