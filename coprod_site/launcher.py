"""Runs the whole site on one machine: what `make run` calls, `python -m coprod_site.launcher`.

Postgres and Valkey come up first and go down last, and only where the environment names none.
"""

import json
import os
import signal
import subprocess
import sys
import threading
from contextlib import ExitStack
from pathlib import Path
from types import FrameType

from coprod_site.announcement import Announcement
from coprod_site.answering import check_database, check_port, check_redis
from coprod_site.embedded import ROOT, set_environment, var_folder
from coprod_site.local_secrets import kept_secrets
from coprod_site.only_launcher import only_launcher
from coprod_site.postgres_server import PostgresServer
from coprod_site.prepared import Preparation
from coprod_site.problems import StartError, cannot_write
from coprod_site.services import manager_of_services
from coprod_site.valkey_server import ValkeyServer
from coprod_site.watch import Revivable, kept_alive


def main() -> None:
    """Runs the site until Ctrl-C; says in one line why it can't."""
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGHUP, _interrupt)
    try:
        run()
    except StartError as problem:
        sys.exit(str(problem))
    except OSError as error:
        sys.exit(str(cannot_write(var_folder(), error)))
    except KeyboardInterrupt:
        sys.exit("Stopped before the site was up.")


def run() -> None:
    """Starts everything, waits, stops everything."""
    host, port = os.environ.get("COPROD_HOST") or "127.0.0.1", _port()
    own_postgres = not os.environ.get("DATABASE_URL")
    own_valkey = not os.environ.get("REDIS_URL")
    var = var_folder()
    set_environment(var)
    with ExitStack() as stack:
        stack.enter_context(only_launcher(var))
        check_port(host, port)
        servers: list[Revivable] = []
        if own_postgres:
            servers.append(postgres := PostgresServer(var / "postgres"))
            stack.enter_context(postgres.running())
        check_database(os.environ["DATABASE_URL"])
        if own_valkey:
            valkey = ValkeyServer(var / "valkey", kept_secrets(var)["VALKEY_PASSWORD"])
            servers.append(valkey)
            os.environ["REDIS_URL"] = stack.enter_context(valkey.running())
        check_redis(os.environ["REDIS_URL"])
        announcement = stack.enter_context(Announcement(host, port, _prepare(var), var))
        manager = manager_of_services(var, host, port)
        stack.enter_context(kept_alive(servers))
        stack.callback(_ignore_signals)
        threading.Thread(target=announcement.make, daemon=True).start()
        manager.loop()
    announcement.check()


def _port() -> int:
    text = os.environ.get("PORT") or "8000"
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise StartError(f"PORT is {text!r}: set it to a number from 1 to 65535.")
    return int(text)


def _prepare(var: Path) -> str | None:
    """Has another process prepare the site: this one is going to fork, and Django has threads.

    Nothing is done where the same code has done it already.

    Returns the researcher's password if it was made just now.
    """
    preparation = Preparation(var, os.environ["DATABASE_URL"])
    if preparation.is_done():
        return None
    log = var / "prepare.log"
    with log.open("w+") as errors:
        done = subprocess.run(
            [sys.executable, "-m", "coprod_site.prepare"],
            cwd=ROOT,
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "coprod_site.settings"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            check=False,
            # Ctrl-C is for the launcher, which then ends this process.
            start_new_session=True,
        )
        errors.seek(0)
        said = errors.read().strip().splitlines()
    if done.returncode:
        raise StartError(f"The site can't be made ready: {(said or ['?'])[-1]} (see {log})")
    preparation.keep()
    password: str | None = json.loads(done.stdout)
    return password


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _ignore_signals() -> None:
    """What is being stopped is not to be stopped halfway."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


if __name__ == "__main__":
    main()
