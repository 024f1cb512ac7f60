"""Where tests of the servers keep their data."""

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from coprod_site.only_launcher import MARK
from coprod_site.postgres_server import PostgresServer


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that goes with the test, where other accounts may pass.

    Not pytest's own: each session of pytest closes the folder above it to others again.
    """
    folder = Path(tempfile.mkdtemp(dir=os.environ[MARK]))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def server(place: Path) -> Iterator[PostgresServer]:
    """A Postgres of this test's own; stopped after it whatever happened."""
    server = PostgresServer(place / "var" / "postgres")
    yield server
    if left := server.process():
        left.send_signal(signal.SIGQUIT)
        psutil.wait_procs([left], timeout=60)
