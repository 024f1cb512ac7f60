"""`make bench-export-meanwhile`: participants' waits while the desk exports, beside quiet times.

The export is made as a researcher would, by the page of the desk, and downloaded. Participants come
at a steady pace. Quiet slices and slices with the export take turns while one file is made: in a
quiet one the export's process stands still. So whatever else the machine does meets both.
"""

import argparse
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection
from importlib import import_module
from statistics import median, quantiles
from threading import Thread
from urllib.parse import urlencode, urlsplit

import psutil

from benchmarks import command, product
from benchmarks.load import run_open
from benchmarks.measuring import percentile
from benchmarks.report import machine
from benchmarks.schedule import steady
from benchmarks.servers import Web, postgres, results_folder, web
from rehearsal.browser import FORM

# What participants may wait at most, in times of what they wait while nothing is exported.
MOST_TIMES = 1.25
SECONDS = 1200
CHUNK = 64 * 1024


@dataclass(frozen=True)
class Slice:
    """How long each request of a slice took in ms, and how many participants met an error."""

    times: tuple[float, ...]
    errors: int

    @property
    def p95(self) -> float:
        """The 95th percentile."""
        return percentile(list(self.times), 95)


class Desk:
    """A researcher at the desk who asks for a file and downloads it, in a thread."""

    def __init__(self, site: Web, page: str, session: str) -> None:
        self.size = 0
        self._site, self._page, self._cookies = site, page, f"sessionid={session}"
        self._thread = Thread(target=self._export)

    def ask(self) -> None:
        """Asks for the file; returns at once."""
        self._thread.start()

    @property
    def is_done(self) -> bool:
        """Whether the file was made and downloaded."""
        return not self._thread.is_alive()

    @contextmanager
    def quiet(self) -> Iterator[None]:
        """The process that makes the file stands still in the block."""
        stopped = [*self._making()]
        for process in stopped:
            process.suspend()
        try:
            yield
        finally:
            for process in stopped:
                process.resume()

    def _making(self) -> Iterator[psutil.Process]:
        for process in self._site.process.children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                if "responses.export.process" in process.cmdline():
                    yield process

    def _export(self) -> None:
        token = "b" * 32
        fields = {
            **{"mode": "live", "format": "csv", "table": "participants", "language": "en"},
            **{"guard": "on", "csrfmiddlewaretoken": token},
        }
        headers = {**FORM, "Cookie": f"{self._cookies}; csrftoken={token}"}
        connection = HTTPConnection(urlsplit(self._site.site).netloc, timeout=SECONDS)
        connection.request("POST", self._page, urlencode(fields), headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status != 303:
            raise RuntimeError(f"The desk made no file: {answer.status}.")
        connection.request("GET", answer.headers["Location"], headers={"Cookie": self._cookies})
        answer = connection.getresponse()
        while chunk := answer.read(CHUNK):
            self.size += len(chunk)
        connection.close()


def main() -> None:
    """Measures, prints, and ends with 1 if participants wait too long or something went wrong."""
    command.run(lambda: bench(_arguments()))


def bench(arguments: argparse.Namespace) -> bool:
    """Lets quiet slices and slices with an export alternate; returns whether the bound holds."""
    with postgres() as server:
        about = machine(server.url())
        product.prepare(server.url())
        study = import_module("benchmarks.export.many").many_participants(arguments.participants)
        if not arguments.with_flags:
            refresh = import_module("responses.quality").refresh_flags
            refresh(study_id=study.pk, mode="live")
        with web("coprod_site.wsgi:application", server.url()) as site:
            desk = Desk(site, f"/admin/export/{study.slug}/", _session())
            began = time.monotonic()
            pairs = measure(arguments, site.site, desk)
            seconds = time.monotonic() - began
    print(*(f"{name}: {text}" for name, text in about.items()), sep="; ")
    errors = sum(each.errors for pair in pairs for each in pair)
    size = f"{desk.size:,} bytes in {seconds:.0f} s"
    print(f"{size}, half of which the export stood still, {errors} errors")
    ratio = report(pairs)
    result = {
        "machine": about,
        "options": vars(arguments),
        "slices": [{"quiet": vars(quiet), "busy": vars(busy)} for quiet, busy in pairs],
    }
    path = results_folder() / f"meanwhile-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.json"
    path.write_text(json.dumps(result, indent=2) + "\n")
    return ratio <= MOST_TIMES and not errors and desk.size > 0


def measure(arguments: argparse.Namespace, site: str, desk: Desk) -> list[tuple[Slice, Slice]]:
    """Pairs of a quiet slice and one with the export, until the file was downloaded."""

    def load(seed: str) -> Slice:
        arrivals = steady(int(arguments.seconds * arguments.per_second), arguments.per_second)
        found = run_open(site, product.ENTRY, arrivals=arrivals, seed=seed)
        times = tuple(1000 * each for each in found.requests)
        return Slice(times, sum(found.errors.values()))

    load("warm")
    desk.ask()
    pairs: list[tuple[Slice, Slice]] = []
    while not desk.is_done:
        number = len(pairs)
        # Which one is first takes turns, too: what grows slowly would be on one side else.
        if number % 2:
            busy = load(f"busy-{number}")
        with desk.quiet():
            quiet = load(f"quiet-{number}")
        if not number % 2:
            busy = load(f"busy-{number}")
        pairs.append((quiet, busy))
        print(f"p95 quiet {quiet.p95:.1f} ms, exporting {busy.p95:.1f} ms", flush=True)
    # In the last pair the file may have been there before its slice was over.
    return pairs[:-1] or pairs


def report(pairs: list[tuple[Slice, Slice]]) -> float:
    """Prints what came out and returns the median ratio of the pairs."""
    ratios = [busy.p95 / quiet.p95 for quiet, busy in pairs]
    quartiles = quantiles(ratios, n=4) if len(ratios) > 1 else ratios * 3
    whole = [percentile([time for pair in pairs for time in pair[k].times], 95) for k in (0, 1)]
    print(
        f"p95 of all requests: quiet {whole[0]:.2f} ms, exporting {whole[1]:.2f} ms: "
        f"{whole[1] / whole[0]:.2f} times"
    )
    spread = f"quartiles {quartiles[0]:.2f}–{quartiles[2]:.2f}"
    spread += f", all {min(ratios):.2f}–{max(ratios):.2f}"
    print(f"ratio of p95 in {len(ratios)} pairs: median {median(ratios):.2f} ({spread})")
    return median(ratios)


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
    parser.add_argument("--seconds", type=float, default=8.0, help="how long each slice is")
    parser.add_argument(
        "--with-flags", action="store_true", help="the export computes everybody's flags first"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
