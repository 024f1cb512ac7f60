"""A Postgres of a test's own, with a launched study: it may be stopped and its log read."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from coprod_site.embedded import ROOT
from coprod_site.postgres_server import PostgresServer

LAUNCH = "import django; django.setup(); {imports}; {launch}"


@contextmanager
def with_study(folder: Path, *, imports: str, launch: str) -> Iterator[PostgresServer]:
    """The server, its data in `folder`; the two statements launch the study in it."""
    server = PostgresServer(folder / "postgres")
    server.take()
    environment = {**os.environ, "DATABASE_URL": server.url()}
    launched = LAUNCH.format(imports=imports, launch=launch)
    for command in (["manage.py", "migrate", "--verbosity", "0"], ["-c", launched]):
        subprocess.run([sys.executable, *command], cwd=ROOT, env=environment, check=True)
    yield server
    server.leave()


def launched_by(environment: Mapping[str, str]) -> None:
    """Launches the small study as another site would, by keys and in a database of its own."""
    imports = "from tests.responses.studies import launched"
    command = [sys.executable, "-c", LAUNCH.format(imports=imports, launch="launched()")]
    subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, check=True)
