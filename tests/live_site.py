"""The site as people use it: granian and Celery as processes, on the database of the test."""

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
import redis
from psycopg import sql

from tests import processes


@pytest.fixture
def live_site(transactional_db: None, _web_process: str) -> str:
    """The address of the running site, without a slash at the end.

    What a test writes is seen there at once; the tables are emptied after the test.
    """
    return _web_process


@pytest.fixture
def celery_worker_process(transactional_db: None, tmp_path: Path) -> Iterator["processes.Process"]:
    """A Celery worker with beat in it, taking the tasks that this test queues."""
    _empty_broker()
    pool = ["--pool", "prefork", "--concurrency", "1", "--loglevel", "INFO"]
    beat = ["--beat", "--schedule", str(tmp_path / "beat")]
    arguments = ["celery", "-A", "coprod_site", "worker", *pool, *beat]
    log = tmp_path / "worker.log"
    with processes.running(
        [*arguments, "--without-gossip", "--without-mingle"],
        log,
        {"DATABASE_URL": database_of_the_test()},
    ) as process:
        processes.until(lambda: b"ready." in log.read_bytes(), process, log)
        yield process
    _empty_broker()


@pytest.fixture
def empty_database() -> Iterator[str]:
    """The address of a new database on the session's server; it is dropped afterwards."""
    server, name = os.environ["DATABASE_URL"], f"deployment_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield urlsplit(server)._replace(path=f"/{name}").geturl()
        drop = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
        connection.execute(drop)


@pytest.fixture(scope="session")
def _web_process(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    log = tmp_path_factory.mktemp("web") / "web.log"
    with processes.web(log, {"DATABASE_URL": database_of_the_test()}) as site:
        yield site


def database_of_the_test() -> str:
    """The address of the database of this process's tests, for others; Django has made it."""
    from django.db import connection

    address = urlsplit(os.environ["DATABASE_URL"])
    name = connection.settings_dict["NAME"]
    return address._replace(path=f"/{name}").geturl()


def _empty_broker() -> None:
    with redis.from_url(os.environ["REDIS_URL"]) as broker:
        broker.flushdb()
