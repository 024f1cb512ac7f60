"""Writes a backup: a dump and its manifest, of one moment, on the disk whole or not at all."""

import os
import secrets
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from analysis.backup.facts import Facts, facts_of, key_marks
from analysis.backup.manifest import Manifest, beside, sha256_of
from analysis.backup.programs import apart, environment, last_line, program, server_version
from analysis.code_version import code_version
from experiments.refusals import Refused

OWNERS = 0o600


def write_backup(dump: Path) -> Manifest:
    """Makes the dump and, beside it, its manifest, while the site runs; Refused says why not.

    Both are of the same snapshot. No file that is there is overwritten.
    """
    for path in (dump, beside(dump)):
        if path.exists():
            raise Refused(f"{path} is there already: name a new file.")
    if not dump.parent.is_dir():
        raise Refused(f"{dump.parent} is no folder.")
    try:
        with apart() as own, _partial(dump) as partial, _partial(beside(dump)) as told:
            own.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            _dump(own, partial)
            manifest = _manifest(own, partial)
            told.write_text(manifest.text())
            for made in (partial, told):
                _sync(made)
            # A dump that has its name has its manifest.
            os.link(told, beside(dump))
            os.link(partial, dump)
            _sync(dump.parent)
    except FileExistsError:
        raise Refused(f"{dump} was made by somebody else meanwhile: name a new file.") from None
    except OSError as error:
        raise Refused(f"{dump} can't be written: {error.strerror or error}.") from error
    return manifest


@contextmanager
def _partial(path: Path) -> Iterator[Path]:
    """A file of another name that only its owner may read; gone after the block."""
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    os.close(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNERS))
    try:
        yield partial
    finally:
        partial.unlink(missing_ok=True)


def _dump(own: psycopg.Connection, path: Path) -> None:
    ((snapshot,),) = own.execute("SELECT pg_export_snapshot()").fetchall()
    pg_dump = str(program("pg_dump", server_version(own)))
    command = [pg_dump, "--format=custom", f"--snapshot={snapshot}", f"--file={path}"]
    done = subprocess.run(  # noqa: S603 - a program of Postgres
        [*command, "--no-password"], env=environment(own), capture_output=True, check=False
    )
    if done.returncode:
        raise Refused(f"pg_dump gave up, and no file was made: {last_line(done.stderr)}.")


def _manifest(own: psycopg.Connection, path: Path) -> Manifest:
    facts = facts_of(own)
    _check_readable(own, path, facts)
    return Manifest(
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        server=own.info.parameter_status("server_version") or "",
        site=code_version(),
        bytes=path.stat().st_size,
        sha256=sha256_of(path),
        key_marks=key_marks(),
        facts=facts,
    )


def _check_readable(own: psycopg.Connection, path: Path, facts: Facts) -> None:
    """Has pg_restore read the file's table of contents, and finds the data of every table there."""
    pg_restore = program("pg_restore", server_version(own))
    done = subprocess.run(  # noqa: S603 - a program of Postgres
        [pg_restore, "--list", path], capture_output=True, check=False
    )
    if done.returncode:
        raise Refused(f"pg_restore can't read what was made: {last_line(done.stderr)}.")
    words = [line.split() for line in done.stdout.decode().splitlines()]
    there = {line[6] for line in words if line[3:5] == ["TABLE", "DATA"]}
    if lost := sorted(set(facts.tables) - there):
        raise Refused(f"The dump lacks tables: {', '.join(lost)}.")


def _sync(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
