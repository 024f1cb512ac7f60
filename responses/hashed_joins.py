"""Joins of large tables whose cost does not depend on what Postgres knows of them."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def hashed_joins() -> Iterator[None]:
    """Within it no join of the site's connection goes through one side for each row of the other.

    Until autovacuum has come by, Postgres has no statistics of a table that has just grown. It then
    takes each condition for one that hardly any row meets, and a nested loop for the best join: of
    5,000 people who came within a minute a look read its ledger for 70 seconds. For statements that
    read everybody, where no nested loop is ever better; not one within another. Subqueries of each
    row stay what they are.
    """
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = off")
        yield
        cursor.execute("SET LOCAL enable_nestloop TO DEFAULT")
