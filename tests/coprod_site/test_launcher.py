"""`make run` with real processes: what it prints, and that nothing of it stays behind."""

import os
import re
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from coprod_site.embedded import ROOT
from coprod_site.only_launcher import MARK
from coprod_site.postgres_server import PostgresServer
from coprod_site.valkey_server import ValkeyServer
from tests.coprod_site.running_site import (
    DOWN_SECONDS,
    UP_SECONDS,
    RunningSite,
    own_environment,
    processes_of,
    running,
    until,
)

Start = Callable[..., RunningSite]
AGAIN = "(a new password: .venv/bin/python manage.py changepassword researcher)"


@pytest.fixture(scope="module")
def prepared_var() -> Path:
    """A var folder where the site has run before; it goes with the session."""
    var = Path(tempfile.mkdtemp(dir=os.environ[MARK])) / "var"
    var.parent.chmod(0o711)
    site = RunningSite(var)
    try:
        site.lines()
        site.interrupt()
    finally:
        site.kill_everything()
    return var


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts sites and sees to it that none outlives the test."""
    started: list[RunningSite] = []

    def start_one(var: Path, **environment: Any) -> RunningSite:
        started.append(RunningSite(var, **environment))
        return started[-1]

    yield start_one
    for site in started:
        site.kill_everything()


def test_make_run_prints_login_once_and_keeps_data(place: Path) -> None:
    var = place / "var"
    first = RunningSite(var, ("make", "run"))
    try:
        told = first.lines()
        assert httpx.get(told[0].split()[1], timeout=UP_SECONDS).status_code == 200
        assert (first.interrupt()[1], processes_of(var)) == ("", [])
    finally:
        first.kill_everything()
    password = re.fullmatch(r"Login: researcher (\S{16})\n", told[2])
    assert password
    assert told == [
        f"Participants: http://localhost:{first.port}/s/coproduction/\n",
        f"Researchers: http://localhost:{first.port}/admin/\n",
        password[0],
        "Ctrl-C stops all of it.\n",
    ]
    second = RunningSite(var, ("make", "run"))
    try:
        assert second.lines()[2] == f"Login: researcher {AGAIN}\n"
        assert _logs_in(second, password[1])
        second.process.terminate()
        second.ended()
        assert processes_of(var) == []
    finally:
        second.kill_everything()


def _logs_in(site: RunningSite, password: str) -> bool | None:
    """Whether the password is right; None if the site can't tell."""
    address = f"http://127.0.0.1:{site.port}"
    # A page waits for a connection for seconds after Postgres was killed.
    with httpx.Client(base_url=address, timeout=UP_SECONDS) as client:
        page = client.get("/admin/login/")
        form = {
            "username": "researcher",
            "password": password,
            "csrfmiddlewaretoken": page.cookies["csrftoken"],
        }
        answer = client.post("/admin/login/?next=/admin/", data=form)
        return {302: True, 200: False}.get(answer.status_code)


@pytest.mark.slow
def test_launcher_brings_killed_programs_back(start: Start, prepared_var: Path) -> None:
    site = start(prepared_var)
    site.lines()
    # The first page waits for no worker.
    assert until(lambda: _main_of(prepared_var, "celery"))
    web, worker = _main_of(prepared_var, "coprod_site.web"), _main_of(prepared_var, "celery")
    assert web
    assert worker
    web_workers = web.children()
    for process in (web_workers[-1], worker):
        process.kill()
    gone, _ = psutil.wait_procs([web_workers[-1], worker], timeout=DOWN_SECONDS)
    assert len(gone) == 2
    assert until(lambda: len(web.children()) == len(web_workers))
    assert until(lambda: _main_of(prepared_var, "celery"))
    assert httpx.get(f"http://127.0.0.1:{site.port}/healthz", timeout=UP_SECONDS).status_code == 200
    code, output, errors = site.interrupt()
    assert (code, output) == (0, "")
    assert errors.count("\n") == 1
    assert "worker | stopped (SIGKILL), starting it again" in errors
    assert processes_of(prepared_var) == []


def _main_of(var: Path, program: str) -> psutil.Process | None:
    """The process of the program (of Celery the worker's) that its keeper started."""
    for process in running(var, program):
        with suppress(psutil.Error):
            parent = process.parent()
            kept = parent and "coprod_site.keep_alive" in parent.cmdline()
            if kept and ("worker" in process.cmdline() or program != "celery"):
                return process
    return None


@pytest.mark.slow
def test_launcher_brings_killed_servers_back(start: Start, prepared_var: Path) -> None:
    site = start(prepared_var)
    site.lines()
    postgres = PostgresServer(prepared_var / "postgres")
    killed = [postgres.process(), ValkeyServer.process_in(prepared_var / "valkey")]
    for process in killed:
        assert process
        process.kill()
    psutil.wait_procs([process for process in killed if process], timeout=DOWN_SECONDS)
    assert until(lambda: postgres.process() and ValkeyServer.process_in(prepared_var / "valkey"))
    assert until(lambda: _logs_in(site, "not the password") is False)
    assert site.interrupt() == (0, "", "")
    assert processes_of(prepared_var) == []


@pytest.mark.slow
def test_next_launcher_recovers_from_a_killed_one(start: Start, prepared_var: Path) -> None:
    killed = start(prepared_var)
    killed.lines()
    killed.process.kill()
    killed.process.wait()
    following = start(prepared_var)
    assert following.lines()[2] == f"Login: researcher {AGAIN}\n"
    assert following.interrupt() == (0, "", "")
    assert processes_of(prepared_var) == []


@pytest.mark.slow
def test_two_launchers_at_once_are_refused(start: Start, prepared_var: Path) -> None:
    first = start(prepared_var)
    first.lines()
    assert start(prepared_var).ended() == (
        1,
        "",
        f"The site runs already (process {first.process.pid}): use it, or stop it with Ctrl-C "
        "where it was started, or set COPROD_VAR and PORT to run a second one.\n",
    )
    assert (
        httpx.get(f"http://127.0.0.1:{first.port}/healthz", timeout=UP_SECONDS).status_code == 200
    )
    first.interrupt()


def test_port_in_use_is_one_line(start: Start, place: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert start(place / "var", PORT=str(port)).ended() == (
            1,
            "",
            f"Port {port} is in use: stop the program that uses it, or take another port: "
            f"make run PORT={port + 1}\n",
        )
    assert processes_of(place / "var") == []


def test_var_that_is_no_folder_is_one_line(start: Start, place: Path) -> None:
    var = place / "var"
    var.write_text("")
    assert start(var).ended() == (
        1,
        "",
        f"Can't write to {var}: File exists. Make {var} a folder that you may write to, "
        "or set COPROD_VAR to one.\n",
    )


@pytest.mark.parametrize(
    ("variable", "address", "line"),
    [
        (
            "DATABASE_URL",
            "postgresql://me:secret@127.0.0.1:1/it",
            "Postgres at 127.0.0.1:1/it",
        ),
        ("REDIS_URL", "redis://:secret@127.0.0.1:1/0", "Valkey at 127.0.0.1:1/0"),
    ],
)
def test_server_that_does_not_answer_is_one_line(
    start: Start, place: Path, variable: str, address: str, line: str
) -> None:
    code, output, errors = start(place / "var", **{variable: address}).ended()
    assert (code, output, errors.count("\n")) == (1, "", 1)
    assert errors.startswith(f"{line} ({variable}) does not answer: ")
    assert "secret" not in errors
    assert processes_of(place / "var") == []


@pytest.mark.slow
def test_launcher_uses_named_servers_and_starts_none(start: Start, place: Path) -> None:
    var = place / "var"
    addresses = {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL")}
    site = start(var, **addresses)
    assert site.lines()[3] == "Ctrl-C stops all of it.\n"
    assert running(var, "postgres") == []
    assert not (var / "postgres").exists()
    assert not [p for p in processes_of(var) if p.name() in {"postgres", "valkey-server"}]
    assert site.interrupt()[0] == 0


def test_interrupted_start_leaves_nothing(start: Start, place: Path) -> None:
    var = place / "var"
    site = start(var)
    assert until((var / "postgres" / "postmaster.pid").exists)
    assert site.interrupt() == (1, "", "Stopped before the site was up.\n")
    assert processes_of(var) == []


@pytest.mark.slow
def test_command_works_the_same_with_and_without_the_site(start: Start, prepared_var: Path) -> None:
    def count() -> str:
        command = "from django.contrib.auth.models import User; print(User.objects.count())"
        return subprocess.run(
            [sys.executable, "manage.py", "shell", "--verbosity", "0", "--command", command],
            cwd=ROOT,
            env=own_environment(prepared_var),
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    alone = count()
    assert processes_of(prepared_var) == []
    site = start(prepared_var)
    site.lines()
    assert (alone, count()) == ("1\n", "1\n")
    assert (
        httpx.get(f"http://127.0.0.1:{site.port}/admin/login/", timeout=UP_SECONDS).status_code
        == 200
    )
    site.interrupt()
    assert processes_of(prepared_var) == []
