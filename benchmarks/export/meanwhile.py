"""`make bench-export-meanwhile`: participants' waits while the desk exports, beside quiet times.

The export is made as a researcher would, by the page of the desk, so by the web server that
answers participants too. They come at a steady pace; a quiet turn and one with an export alternate.
"""

import argparse
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection
from importlib import import_module
from statistics import median
from threading import Event, Thread
from typing import Any
from urllib.parse import urlencode, urlsplit

from benchmarks import command, product
from benchmarks.load import Load, run_paced
from benchmarks.measuring import percentile
from benchmarks.report import machine
from benchmarks.servers import postgres, results_folder, web
from rehearsal.browser import FORM

# What participants may wait at most, in times of what they wait while nothing is exported.
MOST_TIMES = 1.25
SECONDS = 600


@dataclass(frozen=True)
class Turn:
    """The 95th percentile of all requests of a turn in ms, and how many files were made in it."""

    p95: float
    files: int
    errors: int


class Desk:
    """A researcher at the desk who asks for the same file again and again."""

    def __init__(self, site: str, page: str, session: str) -> None:
        self.files = 0
        self._host, self._page, self._cookies = urlsplit(site).netloc, page, f"sessionid={session}"
        self._ended = Event()

    @contextmanager
    def exporting(self) -> Iterator[None]:
        """Exports as long as the block lasts; the file that is being made then is waited for."""
        self._ended.clear()
        thread = Thread(target=self._exports)
        thread.start()
        try:
            yield
        finally:
            self._ended.set()
            thread.join()

    def _exports(self) -> None:
        while not self._ended.is_set():
            self._export()
            self.files += 1

    def _export(self) -> None:
        connection = HTTPConnection(self._host, timeout=SECONDS)
        token = "b" * 32
        fields = {
            **{"mode": "live", "format": "csv", "table": "participants", "language": "en"},
            **{"guard": "on", "csrfmiddlewaretoken": token},
        }
        headers = {**FORM, "Cookie": f"{self._cookies}; csrftoken={token}"}
        connection.request("POST", self._page, urlencode(fields), headers)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        if answer.status != 303:
            raise RuntimeError(f"The desk made no file: {answer.status}.")


def main() -> None:
    """Measures, prints, and ends with 1 if participants wait too long or something went wrong."""
    command.run(lambda: bench(_arguments()))


def bench(arguments: argparse.Namespace) -> bool:
    """Lets quiet turns and turns with an export alternate; returns whether the bound holds."""
    with postgres() as server:
        about = machine(server.url())
        product.prepare(server.url())
        study = import_module("benchmarks.export.many").many_participants(arguments.participants)
        session = _session()
        with web("coprod_site.wsgi:application", server.url()) as site:
            desk = Desk(site.site, f"/admin/export/{study.slug}/", session)
            turns = _turns(arguments, site.site, desk)
    ratios = [busy.p95 / quiet.p95 for quiet, busy in turns]
    for quiet, busy in turns:
        waits = f"p95 quiet {quiet.p95:.1f} ms, exporting {busy.p95:.1f} ms"
        print(f"{waits}, {busy.files} files, {quiet.errors + busy.errors} errors")
    print(*(f"{name}: {text}" for name, text in about.items()), sep="; ")
    print(f"ratio of p95: {median(ratios):.2f} ({min(ratios):.2f}–{max(ratios):.2f})")
    result = {"machine": about, "options": vars(arguments), "turns": [_plain(t) for t in turns]}
    path = results_folder() / f"meanwhile-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.json"
    path.write_text(json.dumps(result, indent=2) + "\n")
    errors = sum(turn.errors for pair in turns for turn in pair)
    return median(ratios) <= MOST_TIMES and not errors


def _turns(arguments: argparse.Namespace, site: str, desk: Desk) -> list[tuple[Turn, Turn]]:
    def load(seed: str) -> Load:
        journeys = int(arguments.seconds * arguments.per_second)
        pace = {"journeys": journeys, "per_second": arguments.per_second}
        return run_paced(site, product.ENTRY, seed=seed, **pace)

    load("warm")
    turns = []
    for number in range(arguments.repeats):
        quiet = _turn(load(f"quiet-{number}"), 0)
        before = desk.files
        with desk.exporting():
            busy = load(f"busy-{number}")
        turns.append((quiet, _turn(busy, desk.files - before)))
        print(f"turn {number + 1} of {arguments.repeats}", flush=True)
    return turns


def _turn(load: Load, files: int) -> Turn:
    p95 = percentile([*load.gets, *load.posts], 95) * 1000
    return Turn(p95, files, sum(load.errors.values()))


def _plain(pair: tuple[Turn, Turn]) -> dict[str, Any]:
    return {name: vars(turn) for name, turn in zip(("quiet", "exporting"), pair, strict=True)}


def _session() -> str:
    """The session of somebody who may export."""
    from django.contrib.auth.models import User  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    client = Client()
    client.force_login(User.objects.create_superuser("researcher"))
    return client.cookies["sessionid"].value


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.export.meanwhile", description=__doc__
    )
    parser.add_argument("--participants", type=int, default=1_000_000)
    parser.add_argument("--per-second", type=float, default=5.0, help="participants who come")
    parser.add_argument("--seconds", type=float, default=40.0, help="how long each turn is")
    parser.add_argument("--repeats", type=int, default=3)
    return parser.parse_args()


if __name__ == "__main__":
    main()
