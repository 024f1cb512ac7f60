"""Migrations form one line for each room, and can run while people answer."""

import os
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db.migrations.loader import MigrationLoader

from coprod_site.embedded import ROOT
from coprod_site.postgres_server import programs
from tests.online_migrations import BEFORE, broken, sql_of, under_rules

DATA = ROOT / "tests" / "first_release" / "data.sql"
SENT = "SELECT participant_id, revision, page, answers, received_at FROM responses_submission"
KEPT = (
    f"{SENT} ORDER BY id",
    "SELECT token_hash, state, page, answers, completed_at FROM responses_participant ORDER BY id",
    "SELECT stratum, position, block, arm, probability, digest FROM responses_allocation "
    "ORDER BY id",
    "SELECT number, digest, canonical_json FROM experiments_designversion ORDER BY id",
    "SELECT n, cut_digest, plan_digest, results FROM analysis_look ORDER BY id",
)


@pytest.mark.parametrize("room", BEFORE)
def test_migrations_form_one_line(room: str) -> None:
    graph = MigrationLoader(None, ignore_no_migrations=True).graph
    mine = [key for key in graph.nodes if key[0] == room]
    after = {
        key: [child.key for child in graph.node_map[key].children if child.key[0] == room]
        for key in mine
    }
    assert [key for key, children in after.items() if len(children) > 1] == []
    assert len([key for key, children in after.items() if not children]) == 1
    line = [name for each, name in graph.forwards_plan(graph.leaf_nodes(room)[0]) if each == room]
    # Their names tell the order, too.
    assert line == sorted(name for _room, name in mine)


@pytest.mark.django_db
def test_migrations_after_the_rules_are_safe_while_people_answer() -> None:
    found = {}
    for key, migration in MigrationLoader(None).disk_migrations.items():
        if under_rules(migration):
            module = import_module(f"{key[0]}.migrations.{key[1]}")
            wrong = list(broken(sql_of(migration), getattr(module, "ONLINE", None)))
            if wrong:
                found[key] = wrong
    assert found == {}


@pytest.mark.parametrize(
    ("sql", "rules"),
    [
        ('ALTER TABLE "a" ADD COLUMN "b" text NULL;', []),
        ('ALTER TABLE "a" ADD COLUMN "b" integer DEFAULT 0 NOT NULL;', []),
        ('ALTER TABLE "a" ADD COLUMN "b" integer NOT NULL;', ["not null"]),
        (
            'ALTER TABLE "a" ADD COLUMN "b" integer DEFAULT 0 NOT NULL;\n'
            'ALTER TABLE "a" ALTER COLUMN "b" DROP DEFAULT;',
            ["default dropped"],
        ),
        ('ALTER TABLE "a" ADD COLUMN "b" uuid DEFAULT (gen_random_uuid()) NOT NULL;', ["rewrite"]),
        ('ALTER TABLE "a" ADD COLUMN "b" uuid DEFAULT gen_random_uuid() NOT NULL;', ["rewrite"]),
        ('ALTER TABLE "a" ADD COLUMN "b" int GENERATED ALWAYS AS (c + 1) STORED;', ["rewrite"]),
        ('ALTER TABLE "a" ALTER COLUMN "b" TYPE bigint USING "b"::bigint;', ["rewrite"]),
        ('ALTER TABLE "a" ALTER COLUMN "b" SET NOT NULL;', ["whole table read"]),
        ('ALTER TABLE "a" ADD CONSTRAINT "c" CHECK (b > 0);', ["constraint"]),
        ('ALTER TABLE "a" ADD CONSTRAINT "c" CHECK (b > 0) NOT VALID;', []),
        ('ALTER TABLE "a" ADD CONSTRAINT "c" UNIQUE ("b");', ["unique constraint"]),
        ('ALTER TABLE "a" ADD CONSTRAINT "c" UNIQUE USING INDEX "b";', []),
        ('CREATE INDEX "i" ON "a" ("b");', ["index"]),
        ('CREATE INDEX CONCURRENTLY "i" ON "a" ("b");', []),
        ('CREATE TABLE "a" ("b" int NOT NULL);\nCREATE INDEX "i" ON "a" ("b");', []),
        ('ALTER TABLE "a" RENAME COLUMN "b" TO "c";', ["rename"]),
        ('ALTER TABLE "a" DROP COLUMN "b" CASCADE;', ["drop"]),
        ('DROP TABLE "a" CASCADE;', ["drop"]),
        ("UPDATE a SET b = 1;", ["rows changed"]),
        ("LOCK TABLE a IN EXCLUSIVE MODE;", ["explicit lock"]),
    ],
)
def test_rules_know_what_keeps_people_waiting(sql: str, rules: list[str]) -> None:
    assert [each.partition(" (")[0] for each in broken(sql)] == rules
    assert list(broken(sql, dict.fromkeys(rules, "a reason"))) == []


@pytest.fixture
def first_release() -> Iterator[str]:
    """The address of a database of the first release, with what people answered there."""
    server = urlsplit(os.environ["DATABASE_URL"])
    name = f"first_release_{os.getpid()}"
    with psycopg.connect(server.geturl(), autocommit=True) as own:
        own.execute(f"CREATE DATABASE {name}".encode())
        address = server._replace(path=f"/{name}").geturl()
        psql = [str(programs() / "psql"), "--quiet", "--set=ON_ERROR_STOP=1", "--output=/dev/null"]
        subprocess.run([*psql, f"--dbname={address}", f"--file={DATA}"], check=True)
        yield address
        own.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def manage(address: str, command: str) -> str:
    """Runs a command on that database; what it said."""
    done = subprocess.run(
        [sys.executable, "manage.py", command],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": address},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def kept(address: str) -> list[list[tuple[object, ...]]]:
    """What no migration may change."""
    with psycopg.connect(address) as own:
        return [own.execute(each.encode()).fetchall() for each in KEPT]


@pytest.mark.slow
def test_data_of_the_first_release_come_through_all_migrations(first_release: str) -> None:
    before = kept(first_release)
    assert [len(rows) for rows in before] == [112, 29, 28, 2, 2]
    manage(first_release, "update_site")
    assert kept(first_release) == before
    said = manage(first_release, "verify_site").splitlines()
    assert said[-1] == "All holds."
    assert [line.partition(": ")[0] for line in said[:-1]] == [
        *("closed, version 1", "closed, ledger", "closed, looks, live"),
        "closed, counts of the monitor",
        *("park, version 1", "park, ledger", "park, looks, live", "park, counts of the monitor"),
    ]


def test_dump_of_the_first_release_holds_no_key() -> None:
    text = Path(DATA).read_text()
    assert "tests-only-" not in text
