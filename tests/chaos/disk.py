"""Disks that are full: Postgres's volume, and that of the exports."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg

from tests.chaos.people import PatientBrowser
from tests.chaos.stage import Desk, Stage, exported_files

NUMBERS = "generate_series(1, 9999) AS n"
BALLAST = "ballast"
PIECES = (1 << 20, 1 << 12, 1)


@contextmanager
def full(folder: Path) -> Iterator[Callable[[], None]]:
    """Has the volume hold nothing more while the block lasts; yields what fills it once more."""
    ballast = folder / BALLAST
    file = os.open(ballast, os.O_WRONLY | os.O_CREAT, 0o600)

    def fill() -> None:
        for piece in PIECES:
            with suppress(OSError):
                while os.write(file, b"0" * piece):
                    pass

    try:
        fill()
        yield fill
    finally:
        os.close(file)
        ballast.unlink()


def postgres(stage: Stage) -> str:
    """Fills Postgres's volume until somebody was told that nothing can be saved, and a while more.

    Now and then the next segment of its log is due just then, which may stop the server.
    """
    before = PatientBrowser.unanswered
    due = stage.short or stage.random.random() < 0.7
    with full(stage.machine.postgres.data) as fill:
        if due:
            with suppress(psycopg.Error), psycopg.connect(stage.machine.postgres.url()) as one:
                one.execute("SELECT pg_switch_wal()")

        def met() -> bool:
            # Postgres gives back what it no longer needs: that is no room either.
            fill()
            return PatientBrowser.unanswered > before

        stage.machine.until(met, "somebody to meet Postgres's full disk")
        how = _meets(stage)
        time.sleep(stage.lasting(1, 6))
    stage.is_over()
    stage.count("requests refused by a full disk", PatientBrowser.unanswered - before)
    stage.count(f"full disks of Postgres: it {how}")
    return f"Postgres's disk full: it {how}"


def _meets(stage: Stage) -> str:
    """What Postgres does on its full disk, where whatever takes room is refused."""
    try:
        with psycopg.connect(stage.machine.postgres.url(), connect_timeout=10) as one:
            one.execute("CREATE TABLE more AS SELECT repeat(md5(n::text), 99) FROM " + NUMBERS)
    except psycopg.errors.DiskFull:
        return "refused"
    except psycopg.OperationalError:
        return "stopped"
    raise AssertionError("Postgres had room on its full disk")


def exports(stage: Stage) -> str:
    """Fills the volume of exports: an export is refused in words, and made once there is room."""
    folder = stage.machine.exports
    before = sorted(folder.iterdir())
    desk = Desk(stage)
    with full(folder):
        status, _where = desk.export(stage.mode)
        assert status == 503, f"on a full disk an export was answered with {status}"
        left = [path for path in folder.iterdir() if path.name != BALLAST]
        assert sorted(left) == before, "something is left of an export for which there was no room"
    status, where = desk.export(stage.mode)
    assert status == 303, f"with room an export was answered with {status}"
    assert desk.get(where) == exported_files(folder)[-1].read_bytes().decode()
    desk.close()
    return "disk of exports full"
