"""Brings the tables up to date: one deployment at a time, and nobody who is answering waits long.

A pooler must not stand between: what is set for a connection has to stay with it.
"""

import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
from django.core.management import call_command
from django.db import DatabaseError, OperationalError, connection

from experiments.refusals import Refused

# A statement that wants a table for itself waits so long for it. Whoever wants the table meanwhile
# waits behind it: so much longer a participant waits. Then it lets them pass and tries anew.
LOCK_SECONDS = 2
PAUSE_SECONDS = 1.0
TRIES = 60
KEY = int.from_bytes(hashlib.sha256(b"coprod update").digest()[:8], "big", signed=True)
INVALID = """
SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE NOT i.indisvalid AND n.nspname = current_schema() ORDER BY c.relname
"""
Execute = Callable[[str, Any, bool, dict[str, Any]], Any]


def migrate(*, verbosity: int = 1, lock_seconds: float = LOCK_SECONDS, tries: int = TRIES) -> None:
    """Runs every migration that was not run; waits while another deployment does.

    Refused if a table was in use all the time, or an index was left half made.
    """
    with only_update(), _short_of_patience(lock_seconds):
        for left in reversed(range(tries)):
            try:
                call_command("migrate", interactive=False, verbosity=verbosity)
                break
            except OperationalError as error:
                # A migration is a transaction: nothing of it was kept.
                if not isinstance(error.__cause__, psycopg.errors.LockNotAvailable):
                    raise
                if not left:
                    raise Refused(
                        "A table was in use whenever the migration wanted it for itself, and "
                        "nothing was changed: see pg_stat_activity for what runs so long, an "
                        "export or a look, and run it again after that."
                    ) from error
                time.sleep(PAUSE_SECONDS)
        if half_made := invalid_indexes():
            raise Refused(
                f"Indexes were left half made: {', '.join(half_made)}. Drop each "
                "(DROP INDEX CONCURRENTLY) and make it as its migration does."
            )


@contextmanager
def only_update(name: str = "coprod update") -> Iterator[None]:
    """Waits for its turn, and holds it while the block lasts, on a connection of that name.

    Tried again and again rather than waited for: a statement that waits sees the database as it was
    when it began, and an index that is made CONCURRENTLY waits until nobody does.
    """
    parameters = {**connection.get_connection_params(), "application_name": name}
    with psycopg.connect(**parameters) as own:
        while True:
            own.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            row = own.execute("SELECT pg_try_advisory_xact_lock(%s)", [KEY]).fetchone()
            if row and row[0]:
                break
            own.rollback()
            time.sleep(PAUSE_SECONDS / 2)
        yield


def invalid_indexes() -> list[str]:
    """The indexes that are there and not used, since their making broke off."""
    with connection.cursor() as cursor:
        cursor.execute(INVALID)
        return [name for (name,) in cursor.fetchall()]


@contextmanager
def _short_of_patience(seconds: float) -> Iterator[None]:
    """Has this connection's statements give up on a lock soon, but for those that block nobody."""
    soon = f"SET lock_timeout = '{round(1000 * seconds)}ms'"

    def execute(run: Execute, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if "CONCURRENTLY" not in str(sql).upper():
            return run(sql, params, many, context)
        raw = context["connection"].connection
        raw.execute("SET lock_timeout = 0")
        try:
            return run(sql, params, many, context)
        finally:
            raw.execute(soon)

    with connection.cursor() as cursor:
        cursor.execute(soon)
    try:
        with connection.execute_wrapper(execute):
            yield
    finally:
        with suppress(DatabaseError), connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")
