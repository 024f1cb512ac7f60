"""Where tests of the servers keep their data."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from coprod_site.only_launcher import MARK


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that goes with the test, where other accounts may pass.

    Not pytest's own: each session of pytest closes the folder above it to others again.
    """
    folder = Path(tempfile.mkdtemp(dir=os.environ[MARK]))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)
