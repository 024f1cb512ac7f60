"""A real streaming replica of the tests' server, made by pg_basebackup."""

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
import pytest

from coprod_site.postgres_server import PostgresServer, programs
from coprod_site.server_account import ServerAccount
from responses.replica import ALIAS
from tests import session_servers


@dataclass(frozen=True)
class Replica:
    """The tests' database as the replica has it: its address, and what stops it and lets it go."""

    url: str

    def ask(self, statement: str) -> list[tuple[object, ...]]:
        """What it answers."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            return connection.execute(statement.encode()).fetchall()

    def pause(self) -> None:
        """Has it replay nothing more."""
        self.ask("SELECT pg_wal_replay_pause()")

    def resume(self) -> None:
        """Has it go on."""
        self.ask("SELECT pg_wal_replay_resume()")

    def count(self, table: str) -> object:
        """How many rows it shows."""
        return self.ask(f"SELECT count(*) FROM {table}")[0][0]


@pytest.fixture(scope="session")
def _replica_server(
    django_db_setup: None,
) -> Iterator[PostgresServer]:
    folder = session_servers.folder_for("replica")
    account = ServerAccount.of_this_process()
    data = folder / "postgres"
    data.mkdir(mode=0o700)
    account.own(data)
    backup = ["--pgdata", str(data), "--dbname", os.environ["DATABASE_URL"]]
    how = ["--write-recovery-conf", "--checkpoint", "fast", "--wal-method", "stream"]
    done = subprocess.run(
        [str(programs() / "pg_basebackup"), *backup, *how],
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
        **account.for_subprocess(),
    )
    assert done.returncode == 0, done.stderr
    # The server's socket stands among its data, and what locks it was copied.
    for left in data.glob(".s.PGSQL*"):
        left.unlink()
    server = PostgresServer(data, {"max_connections": "300"})
    with server.running():
        yield server


@pytest.fixture
def replica(transactional_db: None, _replica_server: PostgresServer) -> Iterator[Replica]:
    """The replica, which the site of this process reads from."""
    from django.db import connection, connections

    name = connection.settings_dict["NAME"]
    with connection.cursor() as cursor:
        # Of the tests' server it is off, and then what is seen may not be on the disk yet.
        cursor.execute(f'ALTER DATABASE "{name}" SET synchronous_commit = on')
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]
    own = {"HOST": str(_replica_server.socket_folder), "PORT": ""}
    connections.settings[ALIAS] = connection.settings_dict | own
    found = Replica(_replica_server.url(name))
    try:
        yield found
    finally:
        found.resume()
        del connections.settings[ALIAS]
        del connections[ALIAS]
        with connection.cursor() as cursor:
            cursor.execute(f'ALTER DATABASE "{name}" RESET synchronous_commit')
        connection.close()
        connection.close_pool()  # type: ignore[attr-defined]
