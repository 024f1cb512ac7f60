"""The head of an allocation list: where it stands, read with or without its lock."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from experiments.randomisation import Place
from responses.ledger.lists import ListName

READ_HEAD = """
SELECT id, next_position, block, block_start, reused, tally::text, digest, statement_timestamp()
FROM responses_allocationhead
WHERE version_id = %s AND randomisation = %s AND mode = %s AND stratum = %s
"""

MAKE_HEAD = """
INSERT INTO responses_allocationhead
    (version_id, randomisation, mode, stratum, next_position, block, block_start, digest)
VALUES (%s, %s, %s, %s, 0, 0, 0, %s)
ON CONFLICT ON CONSTRAINT one_head_per_list DO NOTHING
"""


@dataclass(frozen=True)
class Head:
    """Where a list stands: its rows, its block, what it looks back on, its digest, and the time."""

    id: int
    next_position: int
    block: int
    block_start: int
    reused: int
    tally: dict[str, Any]
    digest: bytes
    now: datetime

    @property
    def place(self) -> Place:
        """Where its draws go on: rows that took over another's position used none."""
        return Place(self.next_position - self.reused, self.block, self.block_start)


def read_head(name: ListName, *, lock: bool) -> Head:
    """The head of a list, made if there was none yet; until the transaction's end if locked."""
    statement = READ_HEAD + "FOR UPDATE" if lock else READ_HEAD
    row: Any
    with connection.cursor() as cursor:
        cursor.execute(statement, name.key)
        if (row := cursor.fetchone()) is None:
            cursor.execute(MAKE_HEAD, (*name.key, name.genesis))
            cursor.execute(statement, name.key)
            row = cursor.fetchone()
    id_, position, block, start, reused, tally, digest, now = row
    return Head(id_, position, block, start, reused, json.loads(tally), bytes(digest), now)
