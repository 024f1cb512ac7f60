"""The database as a file, and back into a server that was empty."""

import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client

from analysis.backup.facts import facts_of
from analysis.backup.manifest import read_manifest
from coprod_site.embedded import ROOT
from coprod_site.postgres_server import PostgresServer
from experiments.models import Study
from tests.analysis.studies import launched, spend
from tests.designs import small
from tests.responses.studies import walked


def backed_up(file: Path) -> str:
    """Makes a backup of the test's database; what the command said."""
    out = StringIO()
    call_command("backup", file, stdout=out)
    return out.getvalue()


def answered(people: int) -> Study:
    """A study that so many answered over HTTP; the first look is spent where they are enough."""
    study = launched(small())
    for _person in range(people):
        walked(Client())
    if people >= 20:
        spend(study, 1)
    return study


@dataclass(frozen=True)
class Second:
    """Another server, and `manage.py` on it as somebody else would run it."""

    server: PostgresServer

    def manage(self, *arguments: object, **environment: str) -> tuple[int, str]:
        """Runs a command: its exit code, and what it said."""
        done = subprocess.run(
            [sys.executable, "manage.py", *map(str, arguments)],
            cwd=ROOT,
            env={**os.environ, "DATABASE_URL": self.server.url(), **environment},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    def rows(self, statement: str) -> list[tuple[object, ...]]:
        """What a statement finds there."""
        with psycopg.connect(self.server.url()) as own:
            return own.execute(statement.encode()).fetchall()


@pytest.fixture
def second(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Second]:
    """A second server, empty but for its database."""
    server = PostgresServer(tmp_path_factory.mktemp("second") / "postgres")
    with server.running():
        yield Second(server)


@pytest.mark.django_db(transaction=True)
def test_backup_is_two_files_for_its_owner_alone(tmp_path: Path) -> None:
    answered(2)
    file = tmp_path / "site.dump"
    said = backed_up(file)
    manifest = read_manifest(file)
    assert f"SHA-256 {manifest.sha256}" in said
    assert sorted(path.name for path in tmp_path.iterdir()) == ["site.dump", "site.dump.json"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}
    assert manifest.facts.tables["responses_submission"] == 8
    held = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert settings.DATA_KEY.encode() not in held
    assert settings.SECRET_KEY.encode() not in held


@pytest.mark.django_db(transaction=True)
def test_backup_overwrites_nothing(tmp_path: Path) -> None:
    file = tmp_path / "site.dump"
    file.write_text("another one")
    with pytest.raises(CommandError, match="is there already"):
        backed_up(file)
    with pytest.raises(CommandError, match="is no folder"):
        backed_up(tmp_path / "nowhere" / "site.dump")
    file.rename(tmp_path / "site.dump.json")
    with pytest.raises(CommandError, match="is there already"):
        backed_up(file)
    assert [path.name for path in tmp_path.iterdir()] == ["site.dump.json"]


@pytest.mark.django_db(transaction=True)
def test_backup_says_which_programs_are_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = tmp_path / "pg_dump"
    old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 15.8'\n")
    old.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("analysis.backup.programs.find_spec", lambda name: None)
    with pytest.raises(CommandError, match=r"no pg_dump of Postgres 18 here, only that of .* 15:"):
        backed_up(tmp_path / "site.dump")
    assert list(tmp_path.iterdir()) == [old]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_backup_is_restored_into_an_empty_server(tmp_path: Path, second: Second) -> None:
    answered(20)
    file = tmp_path / "site.dump"
    backed_up(file)
    code, said = second.manage("restore", file)
    assert (code, said.splitlines()[-1]) == (0, "All holds."), said
    for line in (
        "park, ledger: 20 allocations in 1 lists replay; 20 are linked to participants.",
        "park, looks, live: The log holds: 1 event, and each spent look.",
        "park, counts of the monitor: all are right",
    ):
        assert line in said
    with psycopg.connect(second.server.url()) as own:
        assert facts_of(own) == read_manifest(file).facts
    assert second.manage("verify_site") == (0, said.partition("\n")[2])
    # Nothing is edited there either.
    with (
        psycopg.connect(second.server.url()) as own,
        pytest.raises(psycopg.errors.RestrictViolation),
    ):
        own.execute("UPDATE responses_submission SET page = 'other'")


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_tables_in_parts_are_backed_up_and_restored(tmp_path: Path, second: Second) -> None:
    answered(2)
    whole, parted = tmp_path / "whole.dump", tmp_path / "parted.dump"
    backed_up(whole)
    for arguments in (
        ("restore", whole),
        ("partition_submissions", "--now"),
        ("backup", parted),
        ("restore", parted, "--replace"),
    ):
        code, said = second.manage(*arguments)
        assert code == 0, said
    assert said.splitlines()[-1] == "All holds."
    parts = "SELECT tableoid::regclass::text, count(*) FROM responses_submission GROUP BY 1"
    assert second.rows(parts) == [("responses_submission_p0", 8)]
    assert read_manifest(parted).facts.tables["responses_submission_p0"] == 8


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_restore_takes_nothing_away_unasked(tmp_path: Path, second: Second) -> None:
    launched(small())
    file = tmp_path / "site.dump"
    backed_up(file)
    other = {"COPROD_DATA_KEY": "another-key-" * 4}
    assert "COPROD_DATA_KEY is not the one" in (said := second.manage("restore", file, **other)[1])
    assert "COPROD_ENCRYPTION_KEYS lacks one" in said
    assert second.manage("restore", file)[0] == 0
    assert "holds" in (said := second.manage("restore", file)[1])
    assert "(--replace)" in said
    with psycopg.connect(second.server.url(), application_name="coprod web"):
        said = second.manage("restore", file, "--replace")[1]
        assert "1 others have the database open (coprod web): stop the site first" in said
    with psycopg.connect(second.server.url(), autocommit=True) as own:
        own.execute("CREATE TABLE of_a_later_release ()")
    assert second.manage("restore", file, "--replace")[0] == 0
    assert second.rows("SELECT to_regclass('of_a_later_release')") == [(None,)]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_damaged_backup_changes_nothing(tmp_path: Path, second: Second) -> None:
    launched(small())
    file = tmp_path / "site.dump"
    backed_up(file)
    assert second.manage("restore", file)[0] == 0
    content = file.read_bytes()
    file.write_bytes(content[: len(content) * 2 // 3])
    assert "its SHA-256 is another one" in second.manage("restore", file, "--replace")[1]
    # Who makes the digest fit finds that the rest of it is missing, and still has all they had.
    note = file.with_name("site.dump.json")
    told = json.loads(note.read_text())
    from analysis.backup.manifest import sha256_of

    note.write_text(json.dumps({**told, "sha256": sha256_of(file)}))
    code, said = second.manage("restore", file, "--replace")
    assert code == 1
    assert "nothing changed" in said
    assert second.rows("SELECT slug FROM experiments_study") == [("park",)]
    note.unlink()
    assert "site.dump.json is missing" in second.manage("restore", file, "--replace")[1]
