"""Disks that are full: Postgres's volume, and that of the exports."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg

from tests.chaos.people import PatientBrowser
from tests.chaos.stage import Desk, Stage, exported_files

PIECES = (1 << 20, 1 << 12, 1)
# So long it may take until somebody meets the full disk.
LONGEST = 40


@contextmanager
def full(folder: Path) -> Iterator[None]:
    """Has the volume hold nothing more while the block lasts."""
    ballast = folder / "ballast"
    file = os.open(ballast, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        for piece in PIECES:
            with suppress(OSError):
                while os.write(file, b"0" * piece):
                    pass
        yield
    finally:
        os.close(file)
        ballast.unlink()


def postgres(stage: Stage) -> str:
    """Fills Postgres's volume until somebody was told that nothing can be saved, and a while more.

    Now and then the next segment of its log is due just then, which stops the server.
    """
    data = stage.machine.postgres.data
    before, end = PatientBrowser.unanswered, time.monotonic() + LONGEST
    stops = stage.short or stage.random.random() < 0.7
    with full(data):
        if stops:
            with suppress(psycopg.Error), psycopg.connect(stage.machine.postgres.url()) as one:
                one.execute("SELECT pg_switch_wal()")
        while PatientBrowser.unanswered == before and time.monotonic() < end:
            time.sleep(0.1)
        time.sleep(stage.lasting(1, 6))
    stage.count("requests refused by a full disk", PatientBrowser.unanswered - before)
    return f"Postgres's disk full{', at the end of a segment' if stops else ''}"


def exports(stage: Stage) -> str:
    """Fills the volume of exports: an export is refused in words, and made once there is room."""
    folder = stage.machine.exports
    before = exported_files(folder)
    desk = Desk(stage)
    with full(folder):
        status, _where = desk.export(stage.mode)
        assert status == 503, f"on a full disk an export was answered with {status}"
        assert exported_files(folder) == before, "a file that can't be whole says that it is"
    status, where = desk.export(stage.mode)
    assert status == 303, f"with room an export was answered with {status}"
    assert desk.get(where) == exported_files(folder)[-1].read_bytes().decode()
    desk.close()
    return "disk of exports full"
