"""Waits for what another connection does, as Postgres sees it."""

from time import sleep

from django.db import connection


def until_one_waits() -> None:
    """Until another connection waits for a lock.

    Within a transaction Postgres shows what it saw the first time it was asked, unless it is told
    to forget it.
    """
    waiting = (
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    while True:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(waiting)
            if cursor.fetchone()[0]:
                return
        sleep(0.01)
