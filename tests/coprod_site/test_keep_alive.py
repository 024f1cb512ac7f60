"""A program that is kept behind another one begins when that one listens."""

import socket
import sys
from pathlib import Path

import psutil
import pytest

from coprod_site.keep_alive import BEHIND, LAUNCHER, mark_of, reachable
from tests.processes import running, until

WRITE = "import sys, time; open(sys.argv[1], 'w').close(); time.sleep(600)"


@pytest.mark.parametrize("listens", [True, False])
def test_program_begins_once_the_other_listens(tmp_path: Path, listens: bool) -> None:
    sign, log = tmp_path / "sign", tmp_path / "keeper.log"
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        if listens:
            other.listen()
        behind = [BEHIND, "127.0.0.1", str(other.getsockname()[1])]
        program = [sys.executable, "-c", WRITE, str(sign)]
        arguments = ["coprod_site.keep_alive", str(tmp_path / "program.log"), *behind, *program]
        launcher = {LAUNCHER: mark_of(psutil.Process())}
        with running(arguments, log, launcher) as keeper:
            if not listens:
                until(lambda: bool(psutil.Process(keeper.pid).cpu_times().user), keeper, log)
                assert not sign.exists()
                other.listen()
            until(sign.exists, keeper, log)


def test_server_on_every_address_is_reached_on_this_machine() -> None:
    hosts = ("0.0.0.0", "::", "127.0.0.1", "survey.example.org")  # noqa: S104 - nothing listens
    assert [reachable(host) for host in hosts] == [
        *("127.0.0.1", "::1", "127.0.0.1", "survey.example.org")
    ]
