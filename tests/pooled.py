"""The connections of a test through PgBouncer, as those of a site that sets COPROD_DB_PREPARED."""

import os
from collections.abc import Iterator
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.pgbouncer import pgbouncer
from tests.session_servers import folder_for


@pytest.fixture(scope="session")
def pooler(django_db_setup: None) -> Iterator[tuple[str, str]]:
    """The address of the tests' database through PgBouncer, and without it."""
    from django.db import connection

    address = urlsplit(os.environ["DATABASE_URL"])
    direct = address._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    with pgbouncer(folder_for("pooler") / "pgbouncer", direct) as through:
        yield through, direct


@pytest.fixture
def pooled(transactional_db: None, pooler: tuple[str, str]) -> Iterator[str]:
    """Has this test's connections lead through PgBouncer; yields the address that they have.

    Afterwards nothing may be left in the sessions that PgBouncer hands from one to the next.
    """
    from django.db import connection

    through, direct = pooler
    address, options = urlsplit(through), connection.settings_dict["OPTIONS"]
    kept = {name: connection.settings_dict[name] for name in ("HOST", "PORT", "USER")}
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]
    connection.settings_dict |= {"HOST": address.hostname, "PORT": address.port, "USER": "postgres"}
    connection.settings_dict["OPTIONS"] = options | {"prepare_threshold": None}
    try:
        yield through
        assert left_in_sessions(through) == []
    finally:
        connection.close()
        connection.close_pool()  # type: ignore[attr-defined]
        connection.settings_dict |= kept | {"OPTIONS": options}
        assert locks_left(direct) == []


# What would be another's: a plan, a cursor, a lock, a table, a channel, a setting of its own.
_OWN = """
SELECT 'prepared ' || statement FROM pg_prepared_statements
UNION ALL SELECT 'cursor ' || name FROM pg_cursors WHERE is_holdable OR name <> ''
UNION ALL SELECT 'table ' || relname FROM pg_class WHERE relpersistence = 't'
    AND relnamespace = pg_my_temp_schema()
UNION ALL SELECT 'channel ' || pg_listening_channels()
UNION ALL SELECT 'setting ' || name FROM pg_settings WHERE source = 'session'
    AND name NOT IN ('application_name', 'client_encoding', 'DateStyle', 'TimeZone',
        'standard_conforming_strings') AND NOT starts_with(name, 'transaction_')
"""


def left_in_sessions(through: str) -> list[str]:
    """What stands in any of the sessions that PgBouncer has open, which it gives in turn.

    They bear the name of whoever had them last, and are called after this from then on: to another
    test an export's would look like an export that is still open.
    """
    found: list[str] = []
    met: set[int] = set()
    with psycopg.connect(
        through, autocommit=True, prepare_threshold=None, application_name="tests"
    ) as asked:
        (many,) = asked.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND client_port = -1"
        ).fetchone() or (0,)
        for _turn in range(4 * many):
            rows = asked.execute(f"SELECT pg_backend_pid(), ({_ALL})").fetchall()
            ((number, left),) = rows
            if number not in met:
                found += left or []
            met.add(number)
    return found


_ALL = f"SELECT array_agg(what) FROM ({_OWN}) own (what)"


def locks_left(direct: str) -> list[tuple[int]]:
    """The advisory locks of the database that nobody gave back."""
    with psycopg.connect(direct) as asked:
        return asked.execute(
            "SELECT objid FROM pg_locks WHERE locktype = 'advisory'"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        ).fetchall()
