"""The servers and the environment of a site on one's own machine.

Whatever the environment sets wins: with DATABASE_URL and REDIS_URL nothing is started here.
"""

import os
import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType

from coprod_site.local_secrets import kept_secrets
from coprod_site.postgres_server import PostgresServer, programs
from coprod_site.problems import cannot_write
from coprod_site.valkey_server import ValkeyServer

ROOT = Path(__file__).resolve().parent.parent
# Commands that never ask the database; starting it for them would be for nothing.
WITHOUT_DATABASE = frozenset(
    {
        *("help", "version", "--help", "-h", "--version", "check", "collectstatic", "findstatic"),
        *("compilemessages", "makemessages", "diffsettings", "validate_study"),
    }
)


def var_folder() -> Path:
    """The folder of everything that a running site keeps: COPROD_VAR, or var/ beside manage.py."""
    return Path(os.environ.get("COPROD_VAR") or ROOT / "var").absolute()


@contextmanager
def servers_for_command(argv: Sequence[str]) -> Iterator[None]:
    """Sets the environment that a command of manage.py needs, and has Postgres run meanwhile.

    Raises StartError where that can't be done.
    """
    var = var_folder()
    server = None if os.environ.get("DATABASE_URL") else PostgresServer(var / "postgres")
    with ExitStack() as stack:
        # A server that somebody named belongs to a site whose secrets come with its address.
        if server or (var / "secrets").exists():
            set_environment(var)
        if server and (argv[1:2] or ["help"])[0] not in WITHOUT_DATABASE:
            _end_on_signals()
            stack.enter_context(server.running())
        yield


def set_environment(var: Path) -> None:
    """Fills in what the environment does not say, for a site under `var` without TLS."""
    try:
        secrets = kept_secrets(var)
        defaults = {
            "DATABASE_URL": PostgresServer(var / "postgres").url(),
            "REDIS_URL": ValkeyServer(var / "valkey", secrets.pop("VALKEY_PASSWORD")).url(),
            "COPROD_HTTPS": "false",
            "COPROD_TWO_FACTOR": "false",
            "COPROD_STATIC_ROOT": str(var / "static"),
            **secrets,
        }
    except OSError as error:
        raise cannot_write(var, error) from error
    for name, value in defaults.items():
        # Set but empty is how a shell or a compose file says unset.
        os.environ[name] = os.environ.get(name) or value
    # `manage.py dbshell` calls psql.
    os.environ["PATH"] = f"{os.environ.get('PATH', os.defpath)}{os.pathsep}{programs()}"


def _end_on_signals() -> None:
    """Has SIGTERM and SIGHUP end the command in order, so that it can leave its server."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, _end)
        signal.signal(signal.SIGHUP, _end)


def _end(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)
