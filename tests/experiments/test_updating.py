"""Deployments wait for each other, and a migration lets people pass."""

import os
from collections.abc import Iterator
from threading import Event, Thread
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import OperationalError, connection

from experiments.refusals import Refused
from experiments.updating import KEY, _short_of_patience, invalid_indexes, migrate, only_update
from tests import processes

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def other() -> Iterator[psycopg.Connection]:
    """Somebody else's connection to the test's database."""
    address = urlsplit(os.environ["DATABASE_URL"])
    name = connection.settings_dict["NAME"]
    with psycopg.connect(address._replace(path=f"/{name}").geturl(), autocommit=True) as own:
        yield own


def test_second_deployment_waits_for_the_first(other: psycopg.Connection) -> None:
    own_turn = Event()

    def second() -> None:
        with only_update("coprod second"):
            own_turn.set()

    waiting = Thread(target=second)
    with other.transaction():
        other.execute("SELECT pg_advisory_xact_lock(%s)", [KEY])
        waiting.start()
        assert not own_turn.wait(1.5)
        # It keeps no snapshot, for which an index that is made CONCURRENTLY would wait.
        held = other.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'coprod second' "
            "AND backend_xmin IS NOT NULL"
        )
        assert held.fetchone() == (0,)
    assert own_turn.wait(processes.ANSWER_SECONDS)
    waiting.join()


def test_statement_that_wants_a_table_gives_up_before_people_notice(
    other: psycopg.Connection,
) -> None:
    with other.transaction():
        # As an export that reads for minutes.
        other.execute("SELECT count(*) FROM responses_submission")
        with (
            _short_of_patience(0.2),
            connection.cursor() as cursor,
            pytest.raises(OperationalError, match="lock timeout"),
        ):
            cursor.execute("ALTER TABLE responses_submission ADD COLUMN of_a_test text NULL")
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("0",)


def test_index_that_was_left_half_made_is_named(other: psycopg.Connection) -> None:
    assert invalid_indexes() == []
    migrate(verbosity=0)
    other.execute("CREATE TABLE of_a_test AS SELECT 1 AS same UNION ALL SELECT 1")
    try:
        with pytest.raises(psycopg.errors.UniqueViolation):
            other.execute("CREATE UNIQUE INDEX CONCURRENTLY half_made ON of_a_test (same)")
        with pytest.raises(Refused, match=r"left half made: half_made\. Drop each"):
            migrate(verbosity=0)
    finally:
        other.execute("DROP TABLE of_a_test")
