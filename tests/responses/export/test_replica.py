"""Exports from a real replica: only once it has everything, and from the primary otherwise."""

import logging
from io import BytesIO

import psycopg
import pytest

from responses import replica as reading
from responses.export.csv import snapshot
from responses.export.making import write_export
from responses.export.options import Options
from responses.export.record import record_export
from responses.export.stating import stated_lines
from responses.models import ExportRecord, Mode
from tests.analysis.studies import complete, launched
from tests.replicated import Replica
from tests.responses.export.rows import into_ledger

pytestmark = pytest.mark.slow

READ = "Read from a replica that had all until "


def made(people: int) -> tuple[ExportRecord, bytes]:
    """An export of a new study with so many completes, and its file."""
    study = launched()
    into_ledger(*complete(study, people))
    file = BytesIO()
    export = record_export(study=study, mode=Mode.LIVE, actor="tests")
    write_export(export=export, file=file, options=Options())
    return export, file.getvalue()


def test_export_is_read_from_the_replica_and_says_so(replica: Replica) -> None:
    export, text = made(5)
    assert text.count(b"\r\n") == 6
    statement = export.statement
    assert statement.rows == {"participants": 5}
    ((reached,),) = replica.ask(
        f"SELECT pg_last_wal_replay_lsn() >= '{statement.counts['replayed']}'::pg_lsn"
    )
    assert reached
    assert any(line.startswith(READ) for line in map(str, stated_lines(export)))
    with snapshot() as connection:
        assert connection.execute("SELECT pg_is_in_recovery()").fetchall() == [(True,)]


def test_export_reads_the_primary_where_the_replica_lags(
    replica: Replica, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(reading, "WAITS", 0.1)
    replica.pause()
    with caplog.at_level(logging.WARNING):
        export, text = made(4)
    assert replica.count("responses_participant") == 0
    assert text.count(b"\r\n") == 5
    assert "replayed" not in export.statement.counts
    assert not any(line.startswith(READ) for line in map(str, stated_lines(export)))
    assert "coprod export reads from the primary: the replica has not replayed" in caplog.text


def test_what_replays_nothing_or_is_away_is_not_read_from(
    replica: Replica, caplog: pytest.LogCaptureFixture
) -> None:
    from django.db import connection, connections

    for host in (connection.settings_dict["HOST"], "/nowhere"):
        connections[reading.ALIAS].settings_dict["HOST"] = host
        with caplog.at_level(logging.WARNING):
            assert reading.replica_connection(psycopg.Connection, "x") is None
    told = [record.getMessage() for record in caplog.records]
    assert told[0].endswith("DATABASE_REPLICA_URL names a server that replays nothing")
    assert "/nowhere" in told[1]
