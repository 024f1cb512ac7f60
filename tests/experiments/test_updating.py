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


def connected(options: str = "") -> psycopg.Connection:
    """A new connection to the test's database, each statement by itself."""
    address = urlsplit(os.environ["DATABASE_URL"])
    name = connection.settings_dict["NAME"]
    url = address._replace(path=f"/{name}").geturl()
    return psycopg.connect(url, autocommit=True, options=options)


@pytest.fixture
def other() -> Iterator[psycopg.Connection]:
    """Somebody else's connection to the test's database."""
    with connected() as own:
        yield own


@pytest.fixture
def table() -> Iterator[psycopg.Connection]:
    """One more connection, with a table `of_a_test`; it waits no longer than a test that fails."""
    with connected(f"-c statement_timeout={processes.ANSWER_SECONDS}s") as own:
        own.execute("CREATE TABLE of_a_test AS SELECT 1 AS same UNION ALL SELECT 1")
        yield own
        own.execute("DROP TABLE of_a_test")


def test_second_deployment_waits_for_the_first(
    other: psycopg.Connection, table: psycopg.Connection
) -> None:
    own_turn = Event()

    def second() -> None:
        with only_update("coprod second"):
            own_turn.set()

    waiting = Thread(target=second)
    with other.transaction():
        # Without a parameter: what one is given to keeps its snapshot until the next statement.
        other.execute(f"SELECT pg_advisory_xact_lock({KEY})".encode())
        waiting.start()
        assert not own_turn.wait(1.5)
        # It keeps no snapshot, for which an index that is made CONCURRENTLY would wait.
        table.execute("CREATE INDEX CONCURRENTLY made ON of_a_test (same)")
        assert not own_turn.is_set()
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


def test_index_that_was_left_half_made_is_named(table: psycopg.Connection) -> None:
    assert invalid_indexes() == []
    migrate(verbosity=0)
    with pytest.raises(psycopg.errors.UniqueViolation):
        table.execute("CREATE UNIQUE INDEX CONCURRENTLY half_made ON of_a_test (same)")
    with pytest.raises(Refused, match=r"left half made: half_made\. Drop each"):
        migrate(verbosity=0)
