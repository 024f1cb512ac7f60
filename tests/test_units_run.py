"""The units' programs as they are written, without systemd: they come up, work, and end when told.

What systemd gives them they get from here: the variables of the unit alone, its umask, no
privileges to gain, and the signal by which it ends them.
"""

import os
import shlex
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import httpx
import psycopg
import pytest

from coprod_site.embedded import ROOT
from tests.coprod_site.running_site import until
from tests.deployment import GIVEN
from tests.processes import ANSWER_SECONDS, free_port
from tests.test_units import unit

LASTING = ("web", "worker@", "beat")
HOST = GIVEN["COPROD_ALLOWED_HOSTS"]
# As CapabilityBoundingSet= and NoNewPrivileges= have it; only root has capabilities to lose, and
# keeps the one by which it may enter the folder of the tests' Postgres, which is another account's.
SHUT = ["setpriv", "--no-new-privs", "--bounding-set=-all,+dac_override", "--inh-caps=-all"]


class Machine:
    """What the units find: the site's folder, its state, its variables, and ports of its own."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder, self.port = folder, free_port()
        self.state = folder / "state"
        self.state.mkdir(mode=0o700)
        figures = free_port()
        self.places = {
            "/srv/coprod": str(ROOT),
            "/var/lib/coprod": str(self.state),
            "/tmp/matplotlib": str(folder / "matplotlib"),  # noqa: S108 # as the unit has it
            "--port 8000": f"--port {self.port}",
            "--metrics ": f"--metrics --metrics-port {figures} ",
            ":9090/": f":{figures}/",
            "%i": "1",
            "%H": f"{socket.gethostname()}.{folder.name}",
        }
        self.file = environment

    def of(self, text: str) -> list[str]:
        """The words of a unit's line, on this machine."""
        for place, here in self.places.items():
            text = text.replace(place, here)
        return shlex.split(text)

    def start(self, name: str) -> subprocess.Popen[bytes]:
        """Starts a unit's program as the leader of a group, which is all that belongs to it."""
        told = unit(f"coprod-{name}.service")
        (command,), (own,), (umask,) = (told[key] for key in ("ExecStart", "Environment", "UMask"))
        variables = dict(each.split("=", 1) for each in self.of(own))
        shut = SHUT if os.geteuid() == 0 and shutil.which(SHUT[0]) else []
        with self.log(name).open("wb") as output:
            return subprocess.Popen(
                [*shut, *self.of(command)],
                cwd=self.of(told["WorkingDirectory"][0])[0],
                env={"PATH": os.environ["PATH"], **variables, **self.file},
                umask=int(umask, 8),
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def log(self, name: str) -> Path:
        """What a unit's program wrote."""
        return self.folder / f"{name}.log"


@contextmanager
def _started(machine: Machine, name: str) -> Iterator[subprocess.Popen[bytes]]:
    process = machine.start(name)
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_units_programs_come_up_work_and_end_when_they_are_told(
    tmp_path: Path, empty_database: str
) -> None:
    keys = {name: GIVEN[name] for name in ("COPROD_SECRET_KEY", "COPROD_DATA_KEY")}
    addresses = {"DATABASE_URL": empty_database, "REDIS_URL": os.environ["REDIS_URL"]}
    hosts = {"COPROD_ALLOWED_HOSTS": HOST, "COPROD_BEHIND_PROXY": "true"}
    machine = Machine(tmp_path, {**addresses, **keys, **hosts})
    with _started(machine, "migrate") as migrate:
        assert migrate.wait(ANSWER_SECONDS * 2) == 0, machine.log("migrate").read_text()
    with ExitStack() as stack:
        found = {name: stack.enter_context(_started(machine, name)) for name in LASTING}
        assert until(lambda: _ready(machine.port)), machine.log("web").read_text()
        # Beat asks, and a worker does.
        assert until(lambda: _beats(empty_database)), machine.log("worker@").read_text()
        written = [path for path in machine.state.iterdir() if path.is_file()]
        assert written
        assert {path.stat().st_mode & 0o777 for path in written} == {0o600}
        for name, process in found.items():
            _stop(name, process)
            assert process.returncode in (0, -signal.SIGTERM, 128 + signal.SIGTERM), name
            with pytest.raises(ProcessLookupError):
                os.killpg(process.pid, 0)
        said = "".join(machine.log(name).read_text() for name in LASTING)
        assert "Traceback" not in said


def _stop(name: str, process: subprocess.Popen[bytes]) -> None:
    """Tells all of the unit's processes, or the first alone where the unit says mixed."""
    told = unit(f"coprod-{name}.service")
    if told.get("KillMode") == ["mixed"]:
        process.terminate()
    else:
        os.killpg(process.pid, signal.SIGTERM)
    process.wait(int(told.get("TimeoutStopSec", ["90"])[0]))


def _ready(port: int) -> bool:
    with suppress(httpx.HTTPError):
        asked = httpx.get(f"http://127.0.0.1:{port}/readyz", headers={"Host": HOST}, timeout=60)
        return asked.text == "database: ok\nmigrations: ok\nbroker: ok\n"
    return False


def _beats(database: str) -> bool:
    with psycopg.connect(database) as connection:
        return bool(connection.execute("SELECT 1 FROM responses_heartbeat").fetchall())
