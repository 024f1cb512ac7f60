"""How an export runs: one snapshot, flat memory, a connection that is always given back."""

import gc
import time
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any, cast

import psutil
import psycopg
import pytest
from django.db import connection

from experiments.models import Study
from responses.export.csv import CHUNK, snapshot, table_chunks
from responses.export.making import make_file, write_tables
from responses.export.options import Options
from responses.export.record import record_export
from responses.export.tables import tables
from responses.models import ExportRecord, Mode, Participant
from tests.responses.export.rows import enter, enter_many, launched

pytestmark = pytest.mark.django_db(transaction=True)

# Many times what may stay in memory, and quick to make in the database.
ROWS, TEXT = 60_000, 1_000
# An export holds one chunk, one row and libpq's buffer, well under 1 MB; the rest is what the
# allocators of Python and of C may keep. Held whole, the file would need 60 MB.
SLACK = 16 * 1024 * 1024


class Recording(psycopg.Cursor[Any]):
    """A cursor that notes what it is asked, for counting."""

    statements: list[str] = []  # noqa: RUF012 # of the class on purpose: all cursors share it

    def execute(self, query: Any, *args: Any, **options: Any) -> Any:
        self.statements.append(self._words(query))
        return super().execute(query, *args, **options)

    def copy(self, statement: Any, *args: Any, **options: Any) -> Any:
        self.statements.append(self._words(statement))
        return super().copy(statement, *args, **options)

    def _words(self, query: Any) -> str:
        text = query if isinstance(query, str) else query.as_string(self)
        return " ".join(text.split()[:2])


def recorded(study: Study, name: str = "csv") -> ExportRecord:
    return record_export(study=study, mode=Mode.LIVE, actor="tests", format_name=name)


def csv_chunks(*, export: ExportRecord) -> Iterator[bytes]:
    """The participants of a record's study in chunks, as writers get them."""
    with snapshot() as reading:
        found = tables(reading, study_id=export.study_id, mode=Mode.LIVE)
        yield from table_chunks(reading, found["participants"])


def open_exports() -> int:
    """Connections of exports that the server still has, once it noticed who left."""
    deadline = time.monotonic() + 5
    while (count := _count_open()) and time.monotonic() < deadline:
        time.sleep(0.01)
    return count


def _count_open() -> int:
    with connection.cursor() as cursor:
        # Within a transaction Postgres shows what it saw first, unless it is told to forget it.
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE application_name = 'coprod export' AND datname = current_database()"
        )
        return int(cursor.fetchone()[0])


@pytest.mark.parametrize("participants", [1, 3])
def test_export_runs_four_statements(
    participants: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    study = launched()
    for number in range(participants):
        enter(study, number)
    export = recorded(study)
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "cursor_factory", Recording)
    monkeypatch.setattr(Recording, "statements", [])
    with (tmp_path / "park").open("wb") as file, snapshot() as reading:
        write_tables(reading, export=export, file=file, options=Options())
    # Which columns, who entered, who was assigned, and the rows.
    assert Recording.statements == [
        "SELECT v.id,",
        "SELECT v.number",
        "SELECT v.number,",
        "COPY (SELECT",
    ]


@pytest.mark.slow
def test_stream_takes_flat_memory() -> None:
    study = launched()
    enter_many(study, ROWS, TEXT)
    process = psutil.Process()
    chunks = csv_chunks(export=recorded(study))
    first = next(chunks)
    before, size, most, lines = process.memory_info().rss, len(first), 0, first.count(b"\r\n")
    for number, chunk in enumerate(chunks):
        size += len(chunk)
        lines += chunk.count(b"\r\n")
        if number % 20 == 0:
            most = max(most, process.memory_info().rss)
    assert (lines, size > ROWS * TEXT, most - before < SLACK) == (ROWS + 1, True, True)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["csv", "jsonl"])
def test_file_takes_flat_memory_and_is_whole(name: str, tmp_path: Path) -> None:
    study = launched()
    enter_many(study, ROWS, TEXT)
    export = recorded(study, name)
    before = psutil.Process().memory_info().rss
    file = make_file(export=export, path=tmp_path / "park", options=Options())
    after = psutil.Process().memory_info().rss
    with file.open("rb") as made:
        lines = sum(1 for line in made)
    assert (lines, after - before < SLACK) == (ROWS + (name == "csv"), True)


def nobody_exports() -> None:
    """Sees to it that no export is open.

    A test before this one may have left one that the server has not missed yet, or in a circle of
    references, as a caught error makes one, that Python has not come round to.
    """
    gc.collect()
    assert open_exports() == 0


def begun(study: Study) -> Generator[bytes, None, None]:
    """An export of which the first chunk is read and much is left."""
    enter_many(study, 500, TEXT)
    nobody_exports()
    chunks: Any = csv_chunks(export=recorded(study))
    try:
        assert len(next(chunks)) >= CHUNK
        assert _count_open() == 1
    except AssertionError:
        # What pytest keeps of the failure would hold its locks until the tables are emptied.
        chunks.close()
        raise
    return cast(Generator[bytes, None, None], chunks)


def test_stream_shows_the_moment_at_which_it_began() -> None:
    study = launched()
    chunks = begun(study)
    Participant.objects.all().delete()
    assert b"".join(chunks).count(b"\r\n") > 400
    assert b"".join(csv_chunks(export=recorded(study))).count(b"\r\n") == 1


def test_stream_gives_its_connection_back_at_the_end() -> None:
    list(begun(launched()))
    assert open_exports() == 0


def test_stream_gives_its_connection_back_when_the_reader_leaves() -> None:
    begun(launched()).close()
    assert open_exports() == 0


def test_stream_that_loses_the_database_fails_and_leaves_nothing() -> None:
    chunks = begun(launched())
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'coprod export' AND datname = current_database()"
        )
    with pytest.raises(psycopg.OperationalError):
        list(chunks)
    assert open_exports() == 0


def test_file_that_fails_gives_its_connection_back(tmp_path: Path) -> None:
    study = launched()
    enter(study, 1, first_look=1, assignments={"main": {"probability": "1/zero"}})
    nobody_exports()
    with pytest.raises(psycopg.DataError):
        make_file(export=recorded(study), path=tmp_path / "park", options=Options())
    assert (open_exports(), list(tmp_path.iterdir())) == (0, [])
