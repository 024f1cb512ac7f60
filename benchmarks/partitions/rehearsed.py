"""The rehearsal itself: what the tables hold before and after, and the steps between.

Imported once Django is set up.
"""

import hashlib
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from io import BytesIO
from random import Random
from typing import Any

from django.db import connection

from coprod_site.embedded import ROOT
from coprod_site.postgres_server import PostgresServer, programs
from experiments.models import Study
from responses.export.making import write_export
from responses.export.options import Options
from responses.export.record import record_export
from responses.models import Mode
from responses.partitions import TABLES, is_parted

COMMAND = (sys.executable, "manage.py", "partition_submissions", "--now", "--width", "100000")
# Whatever their order: a sum of hashes of whole rows.
HELD = "SELECT count(*), sum(hashtextextended(t::text, 0)::numeric) FROM {} t WHERE id <= %s"
BYTES = """
SELECT sum(pg_relation_size(oid))::bigint, sum(pg_indexes_size(oid))::bigint FROM pg_class
WHERE oid = %(table)s::regclass
    OR oid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = %(table)s::regclass)
"""


@dataclass(frozen=True)
class Held:
    """What tables held up to a moment: rows and hash of each, digests of the pilot's exports."""

    rows: tuple[tuple[int, int], ...]
    exports: tuple[str, ...]
    seconds: float


def newest() -> tuple[int, ...]:
    """The highest number of each table."""
    return tuple(_row(f"SELECT max(id) FROM {table}")[0] for table in TABLES)  # noqa: S608 - names of our own tables


def held(study: Study, up_to: tuple[int, ...]) -> Held:
    """What the tables hold up to those numbers; `seconds` is how long the exports took."""
    rows = tuple(
        _row(HELD.format(table), [last]) for table, last in zip(TABLES, up_to, strict=True)
    )
    began = time.monotonic()
    exports = tuple(_exported(study, name) for name in ("participants", "submissions", "paradata"))
    return Held(rows, exports, time.monotonic() - began)  # type: ignore[arg-type]


def sizes() -> dict[str, tuple[int, ...]]:
    """Bytes of each table's rows and indexes, all parts together."""
    return {table: _row(BYTES, {"table": table}) for table in TABLES}


def broken_off(times: int, seed: str) -> int:
    """Begins the command and kills it, so many times: how often it was not done before that."""
    chance, killed = Random(seed), 0  # noqa: S311 # not a secret
    for _ in range(times):
        process = subprocess.Popen(COMMAND, cwd=ROOT, stdout=subprocess.DEVNULL)  # noqa: S603 - our own programs
        # Starting up takes most of a second.
        time.sleep(chance.uniform(0.5, 3))
        killed += process.poll() is None
        process.kill()
        process.wait()
        if all(map(is_parted, TABLES)):
            break
    return killed


def commanded() -> str:
    """What the command says; RuntimeError if it failed."""
    done = subprocess.run(COMMAND, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - our own programs
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stdout


def restored(server: PostgresServer, folder: str, up_to: tuple[int, ...]) -> list[tuple[int, ...]]:
    """Dumps the database, restores it into another, and reads what that holds."""
    import psycopg  # noqa: PLC0415

    file = os.path.join(folder, "parted.dump")
    _program("pg_dump", "--format=custom", f"--file={file}", server.url())
    with psycopg.connect(server.url(), autocommit=True) as own:
        own.execute("CREATE DATABASE restored")
    _program("pg_restore", f"--dbname={server.url('restored')}", "--exit-on-error", file)
    os.unlink(file)
    with psycopg.connect(server.url("restored")) as other:
        return [
            other.execute(HELD.format(table), [last]).fetchone() or ()
            for table, last in zip(TABLES, up_to, strict=True)
        ]


def without_pilot() -> dict[str, float]:
    """Deletes the copies, as a deletion of a whole study would: the seconds for each table."""
    took = {}
    people = "SELECT id FROM responses_participant WHERE mode = 'pilot'"
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for table, which in (
            *((table, f"participant_id IN ({people})") for table in TABLES),
            ("responses_allocation", "mode = 'pilot'"),
            ("responses_participant", "mode = 'pilot'"),
        ):
            began = time.monotonic()
            cursor.execute(f"DELETE FROM {table} WHERE {which}")  # noqa: S608 - names of our own tables
            took[table] = round(time.monotonic() - began, 1)
        cursor.execute("RESET session_replication_role")
    return took


def _program(name: str, *arguments: str) -> None:
    subprocess.run([str(programs() / name), *arguments], check=True)  # noqa: S603 - our own programs


def _exported(study: Study, table: str) -> str:
    record = record_export(
        study=study,
        mode=Mode.PILOT,
        actor="benchmark",
        unblind=False,
        reason="",
        table_names=[table],
    )
    file = BytesIO()
    write_export(export=record, file=file, options=Options())
    return hashlib.sha256(file.getbuffer()).hexdigest()


def _row(statement: str, parameters: Any = None) -> tuple[int, ...]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchone()  # type: ignore[no-any-return]
