"""What participants do, and exports of it, through PgBouncer in transaction mode."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction
from django.test import Client

from coprod_site.databases import ENGINE, database
from experiments.seed import seed_of
from responses.allocation import Holder, allocate
from responses.export.csv import NAME
from responses.export.formats import FORMATS
from responses.export.making import make_file
from responses.export.options import Options
from responses.export.record import record_export
from responses.ledger.reading import few_at_a_time
from responses.models import Allocation, Mode, Participant, State, Submission
from responses.pacing import while_answering
from responses.tallies import fold_tallies, wrong_tallies
from responses.verification import Verdict, verify
from tests.designs import small
from tests.pooled import left_in_sessions
from tests.responses.ledger import holder_of, list_of, people
from tests.responses.studies import launched, walked
from tests.responses.withdrawing import withdraws

HOLDS = "3 allocations in 1 lists replay; 2 are linked to participants, 1 were cut off by"


def test_journeys_export_and_withdrawal_go_through_a_pooler(pooled: str, tmp_path: Path) -> None:
    study = launched()
    clients = [Client() for _ in range(3)]
    with ThreadPoolExecutor(3) as threads:
        list(threads.map(walked_alone, clients))
    assert withdraws(clients[0]).status_code == 200
    fold_tallies()
    assert wrong_tallies(study) == ()
    assert Counter(Participant.objects.values_list("state", flat=True)) == {
        State.COMPLETED: 2,
        State.WITHDRAWN: 1,
    }
    assert Submission.objects.values("participant").distinct().count() == 2
    verdict = verify(study, seed_of(study))
    assert (verdict.holds, verdict.line.startswith(HOLDS)) == (True, True)
    for name in FORMATS:
        export = record_export(study=study, mode=Mode.LIVE, actor="tests", format_name=name)
        with while_answering() as pace:
            make_file(export=export, path=tmp_path / name, options=Options(), pace=pace)
        assert export.statement.rows["participants"] == 3


def walked_alone(client: Client) -> None:
    try:
        walked(client)
    finally:
        connection.close()


def test_allocation_through_a_pooler_is_exact_under_concurrency(pooled: str) -> None:
    study = launched(small(rewards=3))
    holders = [holder_of(person) for person in people(study, 240)]

    def run(holder: Holder) -> None:
        try:
            allocate(holder=holder, name=list_of(study))
        finally:
            connection.close()

    # Twice as many at once as PgBouncer has connections, some of them asking twice.
    with ThreadPoolExecutor(16) as threads:
        list(threads.map(run, holders + holders[::10]))
    positions = Allocation.objects.order_by("position").values_list("position", flat=True)
    assert list(positions) == list(range(240))
    assert verify(study, seed_of(study)) == Verdict(
        True, "240 allocations in 1 lists replay; 240 are linked to participants."
    )


def test_rows_are_read_few_at_a_time_within_one_transaction(pooled: str) -> None:
    study = launched()
    people(study, 3)
    with (
        transaction.atomic(),
        few_at_a_time(Participant.objects.order_by("id")) as rows,
        connection.cursor() as cursor,
    ):
        first = next(rows)
        cursor.execute("SELECT count(*) FROM pg_cursors WHERE NOT is_holdable")
        assert (cursor.fetchone(), first.pk, len(list(rows))) == ((1,), first.pk, 2)
    # Outside of one `iterator()` has no cursor that would have to outlive its statement.
    assert sum(1 for _ in Participant.objects.iterator(1)) == 3


def test_what_is_left_in_a_session_is_found(pooled: str) -> None:
    """What the other tests rest on: that whoever breaks the rule is told."""
    with psycopg.connect(pooled, autocommit=True, prepare_threshold=None) as other:
        other.execute("SET work_mem = '5MB'")
        assert left_in_sessions(pooled) == ["setting work_mem"]
        other.execute("DISCARD ALL")
        while left_in_sessions(pooled):
            other.execute("DISCARD ALL")


def test_one_setting_turns_prepared_statements_off() -> None:
    read = {"ENGINE": ENGINE, "NAME": "coprod", "HOST": "", "OPTIONS": {"host": "/run"}}
    made = [database("X", read, connections=3, prepared=on) for on in (True, False)]
    assert [each["OPTIONS"]["prepare_threshold"] for each in made] == [5, None]
    assert [each["HOST"] for each in made] == ["/run", "/run"]
    with pytest.raises(ImproperlyConfigured, match=r"^X must name a Postgres server"):
        database("X", read | {"ENGINE": "sqlite"}, connections=3, prepared=True)


def test_sessions_of_a_pooler_are_nobodys_export_afterwards(pooled: str) -> None:
    for _turn in range(8):
        with psycopg.connect(pooled, prepare_threshold=None, application_name=NAME) as export:
            export.execute("SELECT 1")
    assert left_in_sessions(pooled) == []
    with connection.cursor() as cursor:
        # The other databases of the server are those of tests that run beside this one.
        cursor.execute(
            "SELECT FROM pg_stat_activity WHERE application_name = %s"
            " AND datname = current_database()",
            [NAME],
        )
        assert cursor.fetchall() == []
