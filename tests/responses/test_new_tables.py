"""What Postgres knows nothing of yet is read by the key all the same.

In a study's first minute its tables have no statistics, each index looks as good as any other, and
statements that were planned then stay planned like that. That is when a panel sends its people.
"""

import pytest
from django.db import connection
from django.test import Client

from tests.responses.ledger import people
from tests.responses.studies import launched, walked

# Postgres takes a plan for all parameters once it has planned five times.
PLANNED = 7
CROWD = 300
# Tests before this one leave files that have grown, and an index of many levels is passed over.
ANEW = "TRUNCATE responses_participant CASCADE"
FORGET = """
SELECT pg_clear_relation_stats('public', relname) FROM pg_class
WHERE relname LIKE 'responses_%' AND relkind = 'r'
"""
READ = """
SELECT relname, coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)
FROM pg_stat_xact_user_tables WHERE relname LIKE 'responses_%'
"""


def rows_read_by_a_journey() -> dict[str, int]:
    """The rows of each table that one participant's way makes Postgres read."""
    before = _read()
    walked(Client())
    return {table: rows - before.get(table, 0) for table, rows in _read().items()}


def _read() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(READ)
        return dict(cursor.fetchall())


@pytest.mark.django_db
def test_a_journey_through_new_tables_reads_nobody_elses_rows() -> None:
    with connection.cursor() as cursor:
        cursor.execute(ANEW)
        study = launched()
        cursor.execute(FORGET)
    for _ in range(PLANNED):
        walked(Client())
    alone = rows_read_by_a_journey()
    people(study, CROWD)
    in_a_crowd = rows_read_by_a_journey()
    more = {table: rows - alone[table] for table, rows in in_a_crowd.items()}
    # Where whoever was there is gone through once, a crowd's worth is read at least.
    assert {table: rows for table, rows in more.items() if rows >= CROWD / 2} == {}
    assert alone["responses_participant"] > 0
