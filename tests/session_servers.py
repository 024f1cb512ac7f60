"""One real Postgres and one real Valkey for a whole test session, outside var/."""

import atexit
import os
import shutil
import signal
import tempfile
from contextlib import ExitStack, suppress
from pathlib import Path

import psutil

from coprod_site.embedded import ROOT
from coprod_site.handles import Handle, exclusively
from coprod_site.messages import compile_messages
from coprod_site.only_launcher import MARK, end_marked
from coprod_site.postgres_server import PostgresServer
from coprod_site.valkey_server import ValkeyServer

PREFIX = "coprod-tests-"
# The data are thrown away with the session.
POSTGRES_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "300",
}
ENVIRONMENT = {
    "DJANGO_SETTINGS_MODULE": "coprod_site.settings",
    "COPROD_SECRET_KEY": "tests-only-" * 6,
    "COPROD_DATA_KEY": "tests-only-" * 4,
    "COPROD_HTTPS": "false",
    "COPROD_TWO_FACTOR": "false",
    # Tests that want one make it.
    "DATABASE_REPLICA_URL": "",
    # One address is everybody here.
    "COPROD_RATE_TIMES": "1000",
}


def start() -> ExitStack:
    """Starts what the environment names no server for; closing the stack stops it.

    The addresses go into the environment, which the workers of pytest-xdist inherit.
    """
    stack = ExitStack()
    atexit.register(stack.close)
    signal.signal(signal.SIGTERM, _end)
    try:
        folder = _session_folder(stack)
        # What the session starts carries its folder, so that the next one finds what it left.
        os.environ[MARK] = str(folder)
        for name, value in ENVIRONMENT.items():
            os.environ[name] = value
        if not os.environ.get("DATABASE_URL"):
            postgres = PostgresServer(folder / "postgres", POSTGRES_SETTINGS)
            os.environ["DATABASE_URL"] = stack.enter_context(postgres.running())
        if not os.environ.get("REDIS_URL"):
            valkey = ValkeyServer(folder / "valkey", "tests-only")
            os.environ["REDIS_URL"] = stack.enter_context(valkey.running())
        # Kept from one session to the next: compressing them takes seconds.
        os.environ["COPROD_STATIC_ROOT"] = str(ROOT / ".pytest_cache" / "static")
        os.environ["COPROD_EXPORT_ROOT"] = str(ROOT / ".pytest_cache" / "exports")
        compile_messages()
    except BaseException:
        stack.close()
        raise
    return stack


def folder_for(name: str) -> Path:
    """A new folder of the session for a server that a test starts, which works in it.

    Those that pytest makes are closed to other accounts, and a killed session leaves them.
    """
    folder = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=os.environ[MARK]))
    folder.chmod(0o711)
    return folder


def own_valkey_database(number: int) -> str:
    """The address of the numbered database that one worker of pytest-xdist has for itself."""
    server, _, first = os.environ["REDIS_URL"].rpartition("/")
    return f"{server}/{int(first) + 1 + number}"


def _session_folder(stack: ExitStack) -> Path:
    """A new folder that goes with the session; those of sessions that were killed go now."""
    parent = Path(tempfile.gettempdir())
    for left in parent.glob(f"{PREFIX}*"):
        with suppress(OSError):
            _remove_if_left(left)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    # The account that Postgres runs as passes through here.
    folder.chmod(0o711)
    session = Handle(folder / "session")
    stack.callback(shutil.rmtree, folder, ignore_errors=True)
    stack.callback(session.leave)
    return folder


def _remove_if_left(folder: Path) -> None:
    if folder.stat().st_uid != os.geteuid() or not (folder / "session").exists():
        return
    with exclusively(folder / "sweep"):
        if Handle(folder / "session").leave():
            end_marked(folder)
            for process in psutil.process_iter():
                with suppress(psutil.Error):
                    # Servers work in their data folders.
                    if folder in Path(process.cwd()).parents:
                        process.kill()
            shutil.rmtree(folder, ignore_errors=True)


def _end(number: int, frame: object) -> None:
    raise SystemExit(128 + number)
