"""The embedded Postgres and the environment of commands, with real servers."""

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import psutil
import psycopg
import pytest

from coprod_site.embedded import ROOT
from coprod_site.local_secrets import NAMES, kept_secrets
from coprod_site.postgres_server import DATABASE, QUIET_LOG, PostgresServer
from coprod_site.problems import StartError
from tests.coprod_site.running_site import own_environment, processes_of, until
from tests.deployment import compose

WAITING = "import sys; print('up', flush=True); sys.stdin.read()"


def _command(var: Path, *arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=own_environment(var),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _waiting_command(var: Path) -> "subprocess.Popen[str]":
    """A command that has the server run until its input ends."""
    command = _command(var, "shell", "--verbosity", "0", "--command", WAITING)
    assert command.stdout is not None
    assert command.stdout.readline() == "up\n"
    return command


def test_postgres_stops_when_its_last_user_leaves(server: PostgresServer) -> None:
    server.take()
    first = server.process()
    second = PostgresServer(server.data)
    second.take()
    server.leave()
    assert (first is not None, second.process() == first) == (True, True)
    second.leave()
    assert second.process() is None


def test_postgres_is_durable_and_listens_on_its_own_socket_only(server: PostgresServer) -> None:
    names = ["fsync", "synchronous_commit", "full_page_writes", "listen_addresses"]
    with server.running() as url, psycopg.connect(url) as connection:
        settings = [connection.execute(f"SHOW {name}").fetchone() for name in names]
        folder = server.socket_folder.stat()
    assert settings == [("on",), ("on",), ("on",), ("",)]
    assert stat.S_IMODE(folder.st_mode) == 0o700


def test_answers_of_a_failing_statement_stay_out_of_the_log(server: PostgresServer) -> None:
    answer = "my neighbour is ill"
    with server.running() as url, psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE said (words text CHECK (length(words) < 5))")
        with pytest.raises(psycopg.errors.CheckViolation):
            connection.execute(f"INSERT INTO said VALUES ('{answer}')")
        with pytest.raises(psycopg.errors.CheckViolation):
            connection.execute("INSERT INTO said VALUES (%s)", [answer])
        with pytest.raises(psycopg.errors.UndefinedTable):
            connection.execute("INSERT INTO sayd VALUES (%s)", [answer])
    # The server has stopped: it has written all that it will.
    log = (server.data / "log").read_text()
    assert log.count("ERROR:  ") == 3
    assert "neighbour" not in log


def test_compose_keeps_answers_out_of_the_log_too() -> None:
    program, *options = compose()["services"]["postgres"]["command"]
    assert (program, set(options[::2])) == ("postgres", {"-c"})
    assert dict(option.split("=") for option in options[1::2]) == QUIET_LOG


@pytest.mark.slow
def test_handles_of_killed_commands_are_forgotten(server: PostgresServer) -> None:
    var = server.data.parent
    for number in (signal.SIGKILL, signal.SIGKILL):
        command = _waiting_command(var)
        command.send_signal(number)
        command.communicate()
    assert server.process() is not None
    last = _command(var, "shell", "--verbosity", "0", "--command", "print('done')")
    assert last.communicate() == ("done\n", "")
    assert server.process() is None
    assert processes_of(var) == []


@pytest.mark.slow
def test_terminated_command_stops_postgres(server: PostgresServer) -> None:
    command = _waiting_command(server.data.parent)
    command.terminate()
    assert command.communicate() == ("", "")
    assert command.returncode == 128 + signal.SIGTERM
    assert server.process() is None


@pytest.mark.slow
def test_postgres_comes_back_after_a_crash(server: PostgresServer) -> None:
    with server.running() as url:
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE kept (number int)")
            connection.execute("INSERT INTO kept VALUES (1)")
        process = server.process()
        assert process is not None
        process.kill()
        psutil.wait_procs([process], timeout=60)

        def revived() -> bool:
            try:
                server.revive()
            except StartError:
                return False
            return server.process() is not None

        assert until(revived)
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT number FROM kept").fetchall() == [(1,)]


def test_stale_process_id_of_another_program_is_no_server(server: PostgresServer) -> None:
    with server.running():
        pass
    (server.data / "postmaster.pid").write_text(f"{os.getpid()}\n{server.data}\n")
    with server.running() as url, psycopg.connect(url) as connection:
        assert connection.execute("SELECT current_database()").fetchall() == [(DATABASE,)]


@pytest.mark.slow
def test_long_path_gets_a_short_private_socket_folder(place: Path) -> None:
    server = PostgresServer(place / ("deep" * 20) / "var" / "postgres")
    with server.running() as url, psycopg.connect(url) as connection:
        folder = server.socket_folder
        assert connection.execute("SELECT 1").fetchall() == [(1,)]
        assert folder != server.data
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert not folder.exists()


@pytest.mark.slow
def test_folders_above_keep_their_modes(place: Path) -> None:
    closed = place / "closed"
    open_to_pass = closed / "open"
    open_to_pass.mkdir(parents=True)
    closed.chmod(0o700)
    open_to_pass.chmod(0o711)
    above = [place, closed, open_to_pass]
    before = {path: stat.S_IMODE(path.stat().st_mode) for path in above}
    one, other = (PostgresServer(open_to_pass / name / "postgres") for name in ("one", "other"))
    with one.running() as url:
        with other.running():
            assert _listable(closed) == _listable(open_to_pass) == False  # noqa: E712
        # The other one has gone and left the way open for this one.
        with psycopg.connect(url) as connection:
            connection.execute("DO $$ BEGIN PERFORM 1; END $$ LANGUAGE plpgsql")
    assert {path: stat.S_IMODE(path.stat().st_mode) for path in above} == before


def _listable(folder: Path) -> bool:
    return bool(folder.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH))


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="only root has ways to open")
def test_way_that_a_killed_command_left_open_is_closed_by_the_next(place: Path) -> None:
    closed = place / "closed"
    closed.mkdir(mode=0o700)
    var = closed / "var"
    command = _waiting_command(var)
    command.kill()
    command.communicate()
    assert stat.S_IMODE(closed.stat().st_mode) == 0o701
    assert _command(var, "shell", "--verbosity", "0", "--command", "pass").wait() == 0
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700


def test_secrets_are_made_once_and_for_their_owner_only(place: Path) -> None:
    secrets = kept_secrets(place)
    assert tuple(secrets) == NAMES
    assert min(map(len, secrets.values())) >= 50
    assert len(set(secrets.values())) == len(NAMES)
    assert kept_secrets(place) == secrets
    assert stat.S_IMODE((place / "secrets").stat().st_mode) == 0o600
    assert [path.name for path in place.iterdir()] == ["secrets"]


def test_lost_secrets_are_not_replaced_silently(place: Path) -> None:
    (place / "postgres").mkdir()
    command = _command(place, "migrate")
    assert command.communicate() == (
        "",
        f"{place}/secrets is gone, and with it the key to the studies in {place}/postgres: "
        f"put it back, or remove {place} as a whole to begin anew.\n",
    )
    assert command.returncode == 1


def test_command_with_a_named_server_makes_no_secrets(place: Path) -> None:
    environment = {**own_environment(place), "DATABASE_URL": os.environ["DATABASE_URL"]}
    done = subprocess.run(
        [sys.executable, "manage.py", "migrate"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Set the COPROD_SECRET_KEY environment variable" in done.stderr
    assert list(place.iterdir()) == []


def test_command_without_database_starts_none(place: Path) -> None:
    assert _command(place, "check").communicate()[1] == ""
    assert not (place / "postgres").exists()


def test_data_of_another_version_are_refused_in_one_line(place: Path) -> None:
    data = place / "postgres"
    data.mkdir()
    (data / "PG_VERSION").write_text("17\n")
    with pytest.raises(StartError, match="was made by Postgres 17, this is 18"):
        PostgresServer(data).take()
