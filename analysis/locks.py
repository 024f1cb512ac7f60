"""The advisory locks of a study's looks, its bundles, simulations of its plan and its rehearsals.

All are locks of a transaction, so that a pooler of connections may stand before Postgres. That of a
look is the look's own; the others, whose work takes many transactions, lie with one that is open
meanwhile on a connection of its own and reads nothing, so that no vacuum waits for it. All go with
a worker that is killed.
"""

import hashlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

import psycopg
from django.db import connection


def looks_key(study_id: int, mode: str) -> int:
    """The key of the lock that whoever runs or orders a look of that study and mode holds."""
    return _key(f"coprod look {study_id} {mode}")


def log_key(study_id: int, mode: str) -> int:
    """The key of the lock under which that chain of events grows."""
    return _key(f"coprod look log {study_id} {mode}")


def took_looks(study_id: int, mode: str) -> bool:
    """Takes the lock of the looks, or says that somebody else has it.

    One for all numbers: the final look of a study that closes must not overtake an interim one that
    is still running, whose alpha and participants it has to know. Tried, not waited for: a worker
    that waits is one less for other studies.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [looks_key(study_id, mode)])
        row = cursor.fetchone()
    return row is not None and bool(row[0])


def wait_for_log(study_id: int, mode: str) -> None:
    """Takes the lock of the chain; whoever has it is about to commit."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [log_key(study_id, mode)])


class Held:
    """A lock that is held, and the transaction that holds it."""

    def __init__(self, own: psycopg.Connection) -> None:
        self._own = own

    def tell(self, name: str) -> None:
        """Gives the connection another name, which others see, until the lock is given back."""
        self._own.execute("SELECT set_config('application_name', %s, true)", [name])


def bundle_lock(bundle_id: int) -> AbstractContextManager[Held | None]:
    """The lock of that bundle, held in the block; None if somebody else has it."""
    return _apart("coprod bundle", bundle_id)


def simulation_lock(simulation_id: int) -> AbstractContextManager[Held | None]:
    """The lock of that simulation, held in the block; None if somebody else has it."""
    return _apart("coprod simulation", simulation_id)


def rehearsal_lock(run_id: int) -> AbstractContextManager[Held | None]:
    """The lock of that rehearsal, held in the block; None if somebody else has it."""
    return _apart("coprod rehearsal", run_id)


@contextmanager
def _apart(name: str, number: int) -> Iterator[Held | None]:
    parameters = connection.get_connection_params()
    parameters["application_name"] = name
    with psycopg.connect(**parameters) as own:
        key = _key(f"{name} {number}")
        row = own.execute("SELECT pg_try_advisory_xact_lock(%s)", [key]).fetchone()
        yield Held(own) if row is not None and row[0] else None


def _key(name: str) -> int:
    """64 bits of the SHA-256 of a lock's name, signed."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
