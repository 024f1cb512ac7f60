"""A Postgres that refuses everybody, with real servers whose processes are stopped."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import suppress

import psutil
import psycopg
import pytest
from psycopg.pq import PGconn, Ping

from coprod_site.embedded import ROOT
from coprod_site.postgres_server import STUCK, PostgresServer, programs
from coprod_site.server_account import ServerAccount
from coprod_site.standstill import LOOKS
from tests.coprod_site.running_site import until

pytestmark = pytest.mark.slow

ROWS = 50_000
FILL = f"INSERT INTO kept SELECT repeat(md5(n::text), 20) FROM generate_series(1, {ROWS}) AS n"


@pytest.fixture
def url(server: PostgresServer) -> Iterator[str]:
    """The address of the running server, with rows to be kept and to be recovered."""
    with server.running() as url:
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE kept (words text)")
            connection.execute(FILL)
        yield url


def _main(server: PostgresServer) -> psutil.Process:
    process = server.process()
    assert process is not None
    return process


def _recovery(server: PostgresServer) -> psutil.Process | None:
    for process in _main(server).children():
        with suppress(psutil.Error):
            if "".join(process.cmdline()[:1]).startswith("postgres: startup"):
                return process
    return None


def _stopped_recovery(server: PostgresServer, url: str) -> psutil.Process:
    """Has the server recover from a crash, and stops what does so; that process."""

    found: list[psutil.Process] = []

    def stopped() -> bool:
        with suppress(psycopg.OperationalError), psycopg.connect(url) as connection:
            os.kill(connection.info.backend_pid, signal.SIGKILL)
        if (process := _recovery(server)) is None:
            return False
        process.suspend()
        if PGconn.ping(url.encode()) != Ping.REJECT:
            process.resume()
            return False
        found.append(process)
        return True

    assert until(stopped)
    return found[0]


def _rows(url: str) -> int:
    with psycopg.connect(url) as connection:
        ((count,),) = connection.execute("SELECT count(*) FROM kept").fetchall()
    return int(count)


def test_a_recovery_that_stands_still_is_ended_and_begun_anew(
    server: PostgresServer, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    main = _main(server)
    _stopped_recovery(server, url)
    looks = 0
    while server.process() == main:
        assert looks < 2 * LOOKS
        server.revive()
        looks += 1
    assert looks > LOOKS
    assert capsys.readouterr().err == f"{STUCK}\n"
    assert _rows(url) == ROWS


def test_a_recovery_that_goes_on_is_left_alone(
    server: PostgresServer, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    main = _main(server)
    recovery = _stopped_recovery(server, url)
    for _ in range(LOOKS):
        server.revive()
    recovery.resume()
    assert until(lambda: PGconn.ping(url.encode()) == Ping.OK)
    # It served: what was counted counts no more.
    server.revive()
    recovery = _stopped_recovery(server, url)
    for _ in range(LOOKS):
        server.revive()
    recovery.resume()
    assert until(lambda: PGconn.ping(url.encode()) == Ping.OK)
    assert _main(server) == main
    assert capsys.readouterr().err == ""
    assert _rows(url) == ROWS


def test_a_server_that_refuses_and_works_is_left_alone(server: PostgresServer, url: str) -> None:
    main = _main(server)
    with psycopg.connect(url, autocommit=True) as connection:
        # It lets nobody in any more, and serves whoever is there.
        asked = ["pg_ctl", "stop", "--no-wait", "-m", "smart", "-D", str(server.data)]
        account = ServerAccount.of_this_process().for_subprocess()
        subprocess.run([programs() / asked[0], *asked[1:]], cwd="/", check=True, **account)
        assert until(lambda: PGconn.ping(url.encode()) == Ping.REJECT)
        for _ in range(3):
            for _ in range(LOOKS - 1):
                server.revive()
            connection.execute(FILL)
            connection.execute("CHECKPOINT")
        assert connection.execute("SELECT count(*) FROM kept").fetchall() == [(4 * ROWS,)]
        assert _main(server) == main


def test_recovery_from_elsewhere_may_wait(server: PostgresServer, url: str) -> None:
    main = _main(server)
    recovery = _stopped_recovery(server, url)
    asked = server.data / "standby.signal"
    asked.touch()
    for _ in range(2 * LOOKS):
        server.revive()
    asked.unlink()
    recovery.resume()
    assert until(lambda: PGconn.ping(url.encode()) == Ping.OK)
    assert _main(server) == main


def _check(server: PostgresServer, seconds: int) -> "subprocess.CompletedProcess[str]":
    """Runs the health check of compose's Postgres against the server."""
    own = {
        "PATH": f"{programs()}{os.pathsep}{os.environ['PATH']}",
        "PGHOST": str(server.socket_folder),
        "PGDATA": str(server.data),
        "STANDSTILL_SECONDS": str(seconds),
        "STANDSTILL_FILE": str(server.data.parent / "standstill"),
    }
    command = ["sh", str(ROOT / "deploy" / "compose" / "healthy-postgres"), "--username=postgres"]
    return subprocess.run(command, env=own, capture_output=True, text=True, check=False)


def test_the_health_check_of_compose_ends_what_stands_still(
    server: PostgresServer, url: str
) -> None:
    main = _main(server)
    served = _check(server, 0)
    assert (served.returncode, served.stdout, served.stderr) == (0, "", "")
    recovery = _stopped_recovery(server, url)
    first = _check(server, 0)
    assert (first.returncode, first.stdout, first.stderr) == (1, "", "")
    assert len((server.data.parent / "standstill").read_text().splitlines()) == 4
    # As long as something asked for may still come, or time enough has not passed, it waits.
    (server.data / "standby.signal").touch()
    assert [_check(server, 0).stdout for _ in range(3)] == ["", "", ""]
    (server.data / "standby.signal").unlink()
    assert [_check(server, 9999).stdout for _ in range(3)] == ["", "", ""]
    assert (server.process(), recovery.status()) == (main, psutil.STATUS_STOPPED)
    assert until(lambda: _check(server, 0).stdout)
    assert until(lambda: server.process() is None)
    assert _check(server, 0).returncode == 2
    server.revive()
    assert _rows(url) == ROWS
    again = _check(server, 0)
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    assert not list(server.data.parent.glob("standstill*"))
