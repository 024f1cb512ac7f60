"""Debian's PgBouncer in transaction mode before the database of a test, as its manual has it."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg.conninfo import conninfo_to_dict

from coprod_site.server_account import ServerAccount
from tests.processes import free_port

START_SECONDS = 30
# Server connections that stand ready.
READY = 4
MISSING = "The tests need PgBouncer: apt-get install pgbouncer, as .ci/run does."
# Each transaction goes to the server connection that was idle longest, of those that stand ready: a
# thing that is left in a session is missed by the next transaction, not only under load.
SETTINGS = """\
[databases]
* = {target}

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
max_client_conn = 1000
default_pool_size = {pool}
min_pool_size = {ready}
server_round_robin = 1
logfile = {folder}/pgbouncer.log
"""
SERVER = {"host": "host", "port": "port", "user": "user", "password": "password"}


@contextmanager
def pgbouncer(folder: Path, database_url: str, *, pool: int = 8) -> Iterator[str]:
    """PgBouncer before the server of that address; yields the same database's address through it.

    `folder` is made; it must be one that other accounts may pass through, since PgBouncer, like
    Postgres, does not run as root.
    """
    account = ServerAccount.of_this_process()
    folder.mkdir()
    account.own(folder)
    port = free_port()
    settings = folder / "pgbouncer.ini"
    settings.write_text(
        SETTINGS.format(
            target=_target(database_url), port=port, pool=pool, ready=READY, folder=folder
        )
    )
    account.own(settings)
    with (folder / "said").open("wb") as said:
        process = subprocess.Popen(
            [_program(), str(settings)],
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            cwd=folder,
            start_new_session=True,
            **account.for_subprocess(),
        )
    name = urlsplit(database_url).path
    address = f"postgresql://postgres@127.0.0.1:{port}{name}"
    try:
        _wait(address, process, folder)
        yield address
    finally:
        process.kill()
        process.wait()


def _program() -> str:
    found = shutil.which("pgbouncer", path="/usr/sbin:/usr/bin:/usr/local/bin:/opt/homebrew/bin")
    assert found, MISSING
    return found


def _target(database_url: str) -> str:
    given = {**conninfo_to_dict(database_url)}
    given.setdefault("user", "postgres")
    return " ".join(f"{SERVER[name]}={given[name]}" for name in SERVER if given.get(name))


def _wait(address: str, process: subprocess.Popen[bytes], folder: Path) -> None:
    end = time.monotonic() + START_SECONDS
    met: set[int] = set()
    while time.monotonic() < end and process.poll() is None:
        with (
            suppress(psycopg.OperationalError),
            psycopg.connect(address, autocommit=True, prepare_threshold=None) as asked,
        ):
            # PgBouncer opens those that stand ready one by one.
            while len(met) < READY and time.monotonic() < end:
                met |= {pid for (pid,) in asked.execute("SELECT pg_backend_pid()")}
            return
        time.sleep(0.05)
    told = [(folder / name) for name in ("said", "pgbouncer.log")]
    raise AssertionError("\n".join(path.read_text() for path in told if path.exists()))
