"""A machine for the site of a chaos run: its folders, small volumes, a clock, and its processes.

The site is what `make run` starts, by its own launcher. It runs in a mount namespace of its own, so
that volumes go with it whatever happens. Root or user namespaces are needed for those.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import libfaketime  # type: ignore[import-untyped]
import psutil

from coprod_site.embedded import ROOT, set_environment
from coprod_site.only_launcher import end_marked
from coprod_site.postgres_server import PostgresServer
from coprod_site.server_account import ServerAccount
from tests.coprod_site.running_site import processes_of
from tests.processes import free_port

INSIDE = "CHAOS_INSIDE"
# Only a run that fails waits as long: a machine may be much slower than the one it was written on.
PATIENCE = 400
# Postgres keeps 80 MB of write-ahead log at most, so that the small volume has room for it.
POSTGRES_MEGABYTES, EXPORTS_MEGABYTES = 400, 24
WRITE_AHEAD = "\nmax_wal_size = '80MB'\nmin_wal_size = '32MB'\n"


def enter_namespace() -> None:
    """Begins this program anew where what it mounts is seen by itself and its children alone."""
    if INSIDE in os.environ:
        return
    own_user = [] if os.geteuid() == 0 else ["--user", "--map-current-user", "--keep-caps"]
    command = ["unshare", "--mount", "--propagation", "private", *own_user]
    if subprocess.run([*command, "true"], check=False).returncode:
        sys.exit(
            "The disk can't be made full: small volumes can't be mounted here. Run it as root, or "
            "where user namespaces are allowed (sysctl kernel.unprivileged_userns_clone=1), with "
            "`unshare` of util-linux."
        )
    os.environ[INSIDE] = "yes"
    arguments = [*command, sys.executable, "-m", *_this_module(), *sys.argv[1:]]
    os.execvp(command[0], arguments)  # noqa: S606 - this program again, in namespaces of its own


def _this_module() -> list[str]:
    spec = sys.modules["__main__"].__spec__
    assert spec
    return [spec.name.removesuffix(".__main__")]


class Machine:
    """A site with `var`, its volumes, and the clock that all its processes see."""

    def __init__(self, folder: Path) -> None:
        self.var = folder / "var"
        self.var.mkdir(mode=0o711)
        self.exports = self.var / "exports"
        self.clock = folder / "clock"
        self.port = free_port()
        self.site = f"http://127.0.0.1:{self.port}"
        self.postgres = PostgresServer(self.var / "postgres")
        self.launcher: subprocess.Popen[bytes] | None = None

    def prepare(self) -> None:
        """Makes the volumes, Postgres's with its data, and the environment of this process."""
        self._set_environment()
        with self.postgres.running():
            pass
        made = self.var / "made"
        data = self.postgres.data
        data.rename(made)
        mount(data, POSTGRES_MEGABYTES, mode=0o700)
        ServerAccount.of_this_process().own(data)
        subprocess.run(["cp", "-a", f"{made}/.", str(data)], check=True)
        shutil.rmtree(made)
        with (data / "postgresql.conf").open("a") as settings:
            settings.write(WRITE_AHEAD)
        mount(self.exports, EXPORTS_MEGABYTES, mode=0o700)
        self.set_clock(0)

    def _set_environment(self) -> None:
        for name in ("DATABASE_URL", "REDIS_URL"):
            os.environ.pop(name, None)
        os.environ["COPROD_VAR"] = str(self.var)
        os.environ["COPROD_EXPORT_ROOT"] = str(self.exports)
        os.environ["DJANGO_SETTINGS_MODULE"] = "coprod_site.settings"
        # Kept from one run to the next: compressing them takes seconds.
        os.environ["COPROD_STATIC_ROOT"] = str(ROOT / ".pytest_cache" / "static")
        set_environment(self.var)

    def environment(self) -> dict[str, str]:
        """That of the launcher, which is told nothing of servers: it starts its own."""
        own = {"DATABASE_URL", "REDIS_URL", "COPROD_RUN", "COPROD_LAUNCHER"}
        kept = {name: text for name, text in os.environ.items() if name not in own}
        return {
            **kept,
            "PORT": str(self.port),
            "COPROD_SWEEP_SECONDS": "5",
            # One machine is everybody here.
            "COPROD_RATE_TIMES": "1000",
            "LD_PRELOAD": str(library_of_clocks()),
            "FAKETIME_TIMESTAMP_FILE": str(self.clock),
            "FAKETIME_CACHE_DURATION": "1",
            # As on a machine whose clock is set: what counts from its start goes on.
            "DONT_FAKE_MONOTONIC": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",
        }

    def start(self) -> None:
        """Starts the launcher, and waits until the site answers.

        Once more if it gave up: it leaves the web server a minute, and the machine may be busy.
        """
        for _try in range(3):
            self._launch()
            self.until(lambda: self.answers() or self._gave_up(), "the site to answer")
            if not self._gave_up():
                return
        raise AssertionError(f"The site does not come up.\n{self.logs()}")

    def _gave_up(self) -> bool:
        return self.launcher is None or self.launcher.poll() is not None

    def _launch(self) -> None:
        with (self.var / "launcher.log").open("ab") as log:
            self.launcher = subprocess.Popen(
                [sys.executable, "-m", "coprod_site.launcher"],
                cwd=ROOT,
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def stop(self) -> None:
        """Ends the launcher and whatever it left."""
        if self.launcher:
            self.launcher.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.launcher.wait(PATIENCE)
            self.launcher.kill()
            self.launcher.wait()
        end_marked(self.var)
        for process in processes_of(self.var):
            with suppress(psutil.Error):
                if process.pid != os.getpid():
                    process.kill()

    def set_clock(self, seconds: int) -> None:
        """Sets the clock that the site's processes see so far beside the true one."""
        fresh = self.clock.with_suffix(".new")
        fresh.write_text(f"{seconds:+d}\n")
        fresh.chmod(0o644)
        fresh.replace(self.clock)

    def answers(self) -> bool:
        """Whether the site answers."""
        with suppress(httpx.HTTPError):
            return httpx.get(f"{self.site}/healthz", timeout=10).status_code == 200
        return False

    def until(self, true: Callable[[], object], what: str, seconds: float = PATIENCE) -> None:
        """Waits until something is so; AssertionError with the logs if it does not come to be."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if true():
                return
            time.sleep(0.05)
        raise AssertionError(f"Waited in vain for {what}.\n{self.logs()}")

    def logs(self) -> str:
        """The last lines of every log."""
        found = [self.var / "launcher.log", *sorted((self.var / "log").glob("*.log"))]
        found += [self.postgres.data / "log"]
        return "\n".join(
            f"== {path.name}\n" + "\n".join(path.read_text(errors="replace").splitlines()[-25:])
            for path in found
            if path.exists()
        )

    def programs(self, *words: str) -> list[psutil.Process]:
        """The processes of the site whose command lines have all the words."""
        found = []
        for process in processes_of(self.var):
            with suppress(psutil.Error):
                if set(words) <= set(process.cmdline()):
                    found.append(process)
        return found

    def postgres_log(self) -> str:
        """What Postgres has written since it was last started."""
        with suppress(OSError):
            return (self.postgres.data / "log").read_text(errors="replace")
        return ""

    def workers_of(self, program: str) -> tuple[list[psutil.Process], list[psutil.Process]]:
        """The main process of the web server or of `celery … worker`, and those that it started."""
        words = ("coprod_site.web",) if program == "web" else ("celery", program)
        keeper = "coprod_site.keep_alive"
        named = [one for one in self.programs(*words) if keeper not in cmd(one)]
        numbers = {one.pid for one in named}
        with suppress(psutil.Error):
            main = [one for one in named if one.ppid() not in numbers]
            return main, [child for one in main for child in one.children()]
        return [], []


def cmd(process: psutil.Process) -> list[str]:
    """The command line; empty if the process is gone."""
    with suppress(psutil.Error):
        return list(process.cmdline())
    return []


def kill(processes: list[psutil.Process]) -> None:
    """Kills them at once; AssertionError if there was none, for then nothing went wrong."""
    killed = 0
    for process in processes:
        with suppress(psutil.Error):
            process.send_signal(signal.SIGKILL)
            killed += 1
    assert killed, "there was nothing to kill"


def mount(folder: Path, megabytes: int, *, mode: int) -> None:
    """Puts an empty volume of that size there."""
    folder.mkdir(exist_ok=True)
    options = f"size={megabytes}m,mode={mode:o}"
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], check=True)


def library_of_clocks() -> Path:
    """What the loader puts before a program so that it sees another time."""
    found = Path(libfaketime.__file__).parent / "vendor" / "libfaketime" / "src"
    return found / "libfaketime.so.1"


@contextmanager
def machine() -> Iterator[Machine]:
    """A machine with a running site, in a folder that goes with it."""
    folder = Path(tempfile.mkdtemp(prefix="coprod-chaos-"))
    # The account that Postgres runs as passes through here.
    folder.chmod(0o711)
    one = Machine(folder)
    try:
        one.prepare()
        one.start()
        yield one
    finally:
        one.stop()
        for volume in (one.postgres.data, one.exports):
            subprocess.run(["umount", "--lazy", str(volume)], check=False, capture_output=True)
        shutil.rmtree(folder, ignore_errors=True)
