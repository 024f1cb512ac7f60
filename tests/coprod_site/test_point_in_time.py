"""The steps of operations.md that give back a database as it was, run as they stand there."""

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from coprod_site.embedded import ROOT
from coprod_site.postgres_server import PostgresServer, programs
from coprod_site.server_account import ServerAccount
from tests.coprod_site.running_site import until

SECTION = re.compile(r"^### Back to a moment$(.*?)^## ", re.MULTILINE | re.DOTALL)
BLOCK = re.compile(r"^   ```sh\n(.*?)^   ```$", re.MULTILINE | re.DOTALL)


def steps() -> list[str]:
    """The shell of each step."""
    found = SECTION.search((ROOT / "docs" / "operations.md").read_text())
    assert found
    return [re.sub(r"^   ", "", each, flags=re.MULTILINE) for each in BLOCK.findall(found[1])]


def run(step: str, server: PostgresServer, **names: object) -> None:
    """Runs a step as Postgres's account."""
    environment = {
        **os.environ,
        "PATH": f"{programs()}:{os.environ['PATH']}",
        "PGHOST": str(server.socket_folder),
        "PGUSER": "postgres",
        **{name: str(value) for name, value in names.items()},
    }
    account = ServerAccount.of_this_process().for_subprocess()
    subprocess.run(["sh", "-euc", step], env=environment, cwd="/", check=True, **account)


@contextmanager
def connected(server: PostgresServer) -> Iterator[psycopg.Connection]:
    """A connection to the server, each statement by itself."""
    with psycopg.connect(server.url(), autocommit=True) as own:
        yield own


@pytest.mark.slow
def test_database_comes_back_as_it_was_at_a_moment(place: Path) -> None:
    once, nightly, back = steps()
    mine = place / "account"
    mine.mkdir()
    ServerAccount.of_this_process().own(mine)
    names = {name: mine / name.lower() for name in ("ARCHIVE", "BASE", "NEW")}
    server, restored = PostgresServer(place / "data"), PostgresServer(names["NEW"])
    with server.running():
        pass
    run('mkdir "$ARCHIVE"', server, **names)
    run(once, server, DATA=server.data, **names)
    with server.running(), connected(server) as own:
        own.execute("CREATE TABLE kept (what text)")
        own.execute("INSERT INTO kept VALUES ('before the base backup')")
        run(nightly, server, **names)
        own.execute("INSERT INTO kept VALUES ('after it')")
        row = own.execute("SELECT clock_timestamp()::text").fetchone()
        own.execute("DELETE FROM kept")
    run(back, server, MOMENT=row[0] if row else "", **names)
    # The embedded server alone has its socket among its data, so that the lock of it was copied.
    run('rm -f "$NEW"/.s.PGSQL.*', server, **names)
    with restored.running(), connected(restored) as own:
        found = own.execute("SELECT what FROM kept").fetchall()
        assert found == [("before the base backup",), ("after it",)]
        # It can be read a moment before it can be written to.
        assert until(lambda: own.execute("SELECT pg_is_in_recovery()").fetchone() == (False,))
        own.execute("INSERT INTO kept VALUES ('and it goes on')")
