"""Puts a backup into a database: whole or not at all, and never under a site that runs."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

import psycopg

from analysis.backup.facts import facts_of, key_marks
from analysis.backup.manifest import CHUNK, Manifest, read_manifest, sha256_of
from analysis.backup.programs import apart, environment, last_line, program, server_version
from experiments.refusals import Refused
from experiments.updating import only_update

OTHERS = """
SELECT coalesce(nullif(application_name, ''), 'no name') FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
    AND backend_type = 'client backend' AND application_name <> %s ORDER BY 1
"""
THERE = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
# All that the database holds goes in the transaction in which the dump comes.
EMPTY = b"DROP SCHEMA public CASCADE;\nCREATE SCHEMA public;\n"
OWN_NAME = "coprod restore"


def restore_backup(dump: Path, *, replace: bool = False, other_key: bool = False) -> Manifest:
    """Restores the dump, and holds every count and digest against its manifest.

    `replace` empties a database that is not; `other_key` goes on without the key of the backup.
    Refused says what is in the way; the database is as it was then.
    """
    manifest = read_manifest(dump)
    _check_file(dump, manifest)
    if not other_key:
        _check_keys(manifest.key_marks, key_marks())
    with only_update(OWN_NAME), apart() as own:
        _check_alone(own)
        ((tables,),) = own.execute(THERE).fetchall()
        own.rollback()
        if tables and not replace:
            raise Refused(
                f"The database holds {tables} tables already: restore into an empty one, or have "
                "all that is in it go (--replace)."
            )
        _restore(own, dump, empty=bool(tables))
        own.execute("ANALYZE")
        if wrong := manifest.facts.differences(facts_of(own)):
            raise Refused(f"It is restored and differs from the backup: {'; '.join(wrong)}.")
        own.commit()
    return manifest


def _check_keys(wanted: Sequence[str], there: Sequence[str]) -> None:
    lacking = []
    if wanted[0] != there[0]:
        lacking.append("COPROD_DATA_KEY is not the one of the backup")
    if not set(wanted[1:]) <= set(there[1:]):
        lacking.append("COPROD_ENCRYPTION_KEYS lacks one of the backup's")
    if lacking:
        raise Refused(
            f"{' and '.join(lacking)}: without it what was kept under it is lost, resume codes, "
            "the seeds of studies that run, panels' ids. Set it, or go on all the same "
            "(--other-key)."
        )


def _check_file(dump: Path, manifest: Manifest) -> None:
    try:
        same = sha256_of(dump) == manifest.sha256
    except OSError as error:
        raise Refused(f"{dump} can't be read: {error.strerror}.") from None
    if not same:
        raise Refused(f"{dump} is not the file that was written: its SHA-256 is another one.")


def _check_alone(own: psycopg.Connection) -> None:
    """Refused while anybody else has the database open: they keep designs and seeds in memory."""
    if others := [name for (name,) in own.execute(OTHERS, [OWN_NAME]).fetchall()]:
        raise Refused(
            f"{len(others)} others have the database open ({', '.join(sorted(set(others)))}): stop "
            "the site first, web, worker and beat."
        )


def _restore(own: psycopg.Connection, dump: Path, *, empty: bool) -> None:
    """Has psql run what pg_restore makes of the dump, as one transaction."""
    server, leads = server_version(own), environment(own)
    made = [str(program("pg_restore", server)), "--no-owner", "--no-privileges", "--file=-"]
    made.append(str(dump))
    run = [
        str(program("psql", server)),
        "--no-psqlrc",
        "--quiet",
        "--no-password",
        "--output=/dev/null",
    ]
    run += ["--single-transaction", "--set=ON_ERROR_STOP=1", "--file=-"]
    with (
        subprocess.Popen(made, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as reader,  # noqa: S603 - programs of Postgres
        subprocess.Popen(  # noqa: S603 - programs of Postgres
            run, stdin=subprocess.PIPE, stderr=subprocess.PIPE, env=leads
        ) as writer,
    ):
        broke_off = _pour(reader, writer, EMPTY if empty else b"")
        said = reader.stderr.read() if reader.stderr else b""
        if reader.wait() and not broke_off:
            # psql commits at the end of what it reads, so it must not come to that.
            writer.kill()
            raise Refused(f"{dump} can't be read to its end, nothing changed: {last_line(said)}.")
        if writer.stdin and not broke_off:
            writer.stdin.close()
        said = writer.stderr.read() if writer.stderr else b""
        if writer.wait():
            raise Refused(f"It can't be restored, and nothing changed: {last_line(said)}.")


def _pour(
    reader: "subprocess.Popen[bytes]", writer: "subprocess.Popen[bytes]", first: bytes
) -> bool:
    """Hands on all that there is; whether psql ended before that, which it does on an error."""
    if not (reader.stdout and writer.stdin):
        raise TypeError("Both need pipes.")
    try:
        writer.stdin.write(first)
        while piece := reader.stdout.read(CHUNK):
            writer.stdin.write(piece)
        writer.stdin.flush()
    except BrokenPipeError:
        reader.kill()
        return True
    return False
