"""A replica of the database, for what reads much: exports, and the answers of a look's cut.

It is asked only once it has replayed all that was committed when somebody wanted to read. Where it
has not in time, or is away, or is no replica any more, the database itself is read.
"""

import logging
import time
from typing import TypeVar

import psycopg
from django.db import connection as site_connection
from django.db import connections
from psycopg import sql

logger = logging.getLogger(__name__)

ALIAS = "replica"
# Seconds that a reader waits at most for the replica, and between two questions how far it is.
WAITS, PAUSE = 10.0, 0.02
C = TypeVar("C", bound="psycopg.Connection")
POSITION = "SELECT pg_current_wal_flush_lsn()::text"
REPLAYED = "SELECT pg_is_in_recovery(), coalesce(pg_last_wal_replay_lsn() >= {wanted}, false)"


def is_configured() -> bool:
    """Whether the site has one: DATABASE_REPLICA_URL."""
    return ALIAS in connections.settings


def replica_connection(kind: type[C], name: str) -> tuple[C, str] | None:
    """A new connection to it that shows all that is committed now, and the position that it has.

    None where nobody reads from it. Its account calls itself `name`. Nobody may have begun a
    transaction on it: what a snapshot shows is decided by its first statement.
    """
    if not is_configured():
        return None
    wanted = _position()
    parameters = connections[ALIAS].get_connection_params() | {"application_name": name}
    connection = None
    try:
        connection = kind.connect(**parameters, autocommit=True)
        why = _lags(connection, wanted)
    except psycopg.Error as error:
        why = str(error).strip()
    if connection is not None and not why:
        return connection, wanted
    if connection is not None:
        connection.close()
    logger.warning("%s reads from the primary: %s", name, why)
    return None


def _position() -> str:
    """Where the log of the database is that has every commit that anybody can see by now.

    A commit is seen once its record is on the disk; synchronous_commit must be on, as it is by
    default.
    """
    with site_connection.cursor() as cursor:
        cursor.execute(POSITION)
        return str(cursor.fetchone()[0])


def _lags(connection: psycopg.Connection, wanted: str) -> str:
    """Waits for it; why it can't be read from, empty once it can."""
    asked = sql.SQL(REPLAYED).format(wanted=sql.Literal(wanted) + sql.SQL("::pg_lsn"))
    end = time.monotonic() + WAITS
    while True:
        ((recovers, has_replayed),) = connection.execute(asked).fetchall()
        if not recovers:
            return "DATABASE_REPLICA_URL names a server that replays nothing"
        if has_replayed:
            return ""
        if time.monotonic() >= end:
            return f"the replica has not replayed {wanted} in {WAITS:g} s"
        time.sleep(PAUSE)
