"""The advisory locks of a study's looks, its bundles, simulations of its plan and its rehearsals.

The transaction that took one of a look gives it back as it ends; those of the others, which take
many transactions, lie with a connection of their own. All go with a worker that is killed.
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


def bundle_lock(bundle_id: int) -> AbstractContextManager[bool]:
    """Whether the lock of that bundle was free: then it is held in the block."""
    return _apart("coprod bundle", bundle_id)


def simulation_lock(simulation_id: int) -> AbstractContextManager[bool]:
    """Whether the lock of that simulation was free: then it is held in the block."""
    return _apart("coprod simulation", simulation_id)


def rehearsal_lock(run_id: int) -> AbstractContextManager[bool]:
    """Whether the lock of that rehearsal was free: then it is held in the block."""
    return _apart("coprod rehearsal", run_id)


@contextmanager
def _apart(name: str, number: int) -> Iterator[bool]:
    parameters = connection.get_connection_params()
    parameters["application_name"] = name
    with psycopg.connect(**parameters, autocommit=True) as own:
        key = _key(f"{name} {number}")
        row = own.execute("SELECT pg_try_advisory_lock(%s)", [key]).fetchone()
        yield row is not None and bool(row[0])


def _key(name: str) -> int:
    """64 bits of the SHA-256 of a lock's name, signed."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
