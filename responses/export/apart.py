"""Makes the file of a large export in a process of its own, so that participants don't wait for it.

In a web server's process an export of many takes the interpreter from the threads that answer
participants, for some milliseconds each time. A process of its own also gives way to the server's
where both want the same core. It takes a second to start, so small exports are made where they are
asked for.
"""

import json
import subprocess
import sys
from dataclasses import asdict
from enum import IntEnum
from pathlib import Path

from django.conf import settings

from responses.export.limits import TooLargeForFormatError
from responses.export.options import Options
from responses.export.reconciliation import NotReconciledError
from responses.models import ExportRecord, Participant

# From so many participants on an export takes longer than a process takes to start.
MANY = 20_000


class Ended(IntEnum):
    """How the process ends, by its exit code; its output says more."""

    WHOLE = 0
    TOO_LARGE = 3
    NOT_RECONCILED = 4


def is_large(export: ExportRecord) -> bool:
    """Whether its study has many participants in the mode; counts no more than that."""
    people = Participant.objects.filter(study=export.study_id, mode=export.mode)
    return people.order_by()[:MANY].count() == MANY


def make_file_apart(*, export: ExportRecord, path: Path, options: Options) -> Path:
    """Makes the file of that path; what `make_file` raises, but OSError for what broke off."""
    asked = json.dumps({"export": export.pk, "path": str(path), "options": asdict(options)})
    done = subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-m", "responses.export.process", asked],
        cwd=settings.ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    said = done.stdout.strip()
    if done.returncode == Ended.TOO_LARGE:
        raise TooLargeForFormatError(said)
    if done.returncode == Ended.NOT_RECONCILED:
        raise NotReconciledError(said)
    if done.returncode != Ended.WHOLE:
        raise OSError(f"The export's process ended with {done.returncode}: {done.stderr[-2000:]}")
    return path
