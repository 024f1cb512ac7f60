"""A real streaming replica of the tests' server, made by pg_basebackup."""

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

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
def _pair(django_db_setup: None) -> Iterator[tuple[PostgresServer, PostgresServer]]:
    """A copy of the tests' server that only these tests write to, and its replica.

    A replica answers nobody while a transaction of its primary that was open at its start, with
    more than 64 savepoints, lasts; another worker's tests have such transactions.
    """
    url = os.environ["DATABASE_URL"]
    # On, unlike the tests' server's: what is seen there may not be on its way yet.
    settings = session_servers.POSTGRES_SETTINGS | {"synchronous_commit": "on"}
    primary = PostgresServer(_copied(url, "primary"), settings)
    with primary.running() as own:
        data = _copied(own, "replica", "--write-recovery-conf")
        replica = PostgresServer(data, {"max_connections": settings["max_connections"]})
        with replica.running():
            yield primary, replica


def _copied(url: str, name: str, *how: str) -> Path:
    """The data of the server at the address, by pg_basebackup, in a new folder."""
    account = ServerAccount.of_this_process()
    data = session_servers.folder_for(name) / "postgres"
    data.mkdir(mode=0o700)
    account.own(data)
    done = subprocess.run(
        [
            *(str(programs() / "pg_basebackup"), "--pgdata", str(data), "--dbname", url),
            *("--checkpoint", "fast", "--wal-method", "stream", *how),
        ],
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
    return data


@pytest.fixture
def _primary(_pair: tuple[PostgresServer, PostgresServer]) -> Iterator[None]:
    """Has the site of this process be served by the primary that is the tests' own."""
    from django.db import connection

    kept = {name: connection.settings_dict[name] for name in ("HOST", "PORT")}
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]
    connection.settings_dict |= {"HOST": str(_pair[0].socket_folder), "PORT": ""}
    try:
        yield
    finally:
        connection.close()
        connection.close_pool()  # type: ignore[attr-defined]
        connection.settings_dict |= kept


@pytest.fixture
def replica(
    _primary: None, transactional_db: None, _pair: tuple[PostgresServer, PostgresServer]
) -> Iterator[Replica]:
    """The replica, which the site of this process reads from; its primary is emptied afterwards."""
    from django.db import connection, connections

    name = connection.settings_dict["NAME"]
    own = {"HOST": str(_pair[1].socket_folder), "PORT": ""}
    connections.settings[ALIAS] = connection.settings_dict | own
    found = Replica(_pair[1].url(name))
    try:
        yield found
    finally:
        found.resume()
        del connections.settings[ALIAS]
        del connections[ALIAS]
