"""Measures a site with so many participants; `python -m benchmarks.growth.one_size N`.

In a process and with a database of its own; prints JSON.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict
from functools import partial
from typing import Any

from benchmarks import product
from benchmarks.counting import counted_in_product
from benchmarks.load import run_load
from benchmarks.measuring import System, summary
from benchmarks.report import agreement, machine
from benchmarks.servers import postgres, web
from benchmarks.thinking import add_scripts, scripts_of
from coprod_site.problems import StartError

IN_FLIGHT = 4
OPENINGS = 3
# Each hour of each day has its tally, with a thousand participants too.
DAYS = 1
RUN = "journeys"


def measure(arguments: argparse.Namespace) -> dict[str, Any]:
    """Fills the study, sends respondents through the site, and opens each page of the desk."""
    with postgres() as server:
        about = machine(server.url())
        product.prepare(server.url())
        # These know the models, which are there only now.
        from benchmarks.monitor.people import fill, sent  # noqa: PLC0415

        began = time.monotonic()
        study = fill(arguments.participants, days=DAYS)
        sent(study)
        filled = time.monotonic() - began
        process = server.process()
        if process is None:
            raise StartError("Postgres ended while the benchmark was being set up.")
        with web("coprod_site.wsgi:application", server.url()) as site:
            system = System(product.STUDY, site, process)
            holds, line = _sent_through(system, arguments)
        return {
            "machine": about,
            "seconds to fill": filled,
            "load": [{"cpu": asdict(cost), **_told(load)} for load, cost in system.runs[RUN]],
            "summary": asdict(summary(system.name, system.runs[RUN])),
            "agrees": holds,
            "agreement": line,
            "requests": [asdict(each) for each in _requests(arguments)],
        }


def _told(load: Any) -> dict[str, Any]:
    return {"rate": load.rate, "completed": load.completed}


def _sent_through(system: System, arguments: argparse.Namespace) -> tuple[bool, str]:
    from responses.models import Participant  # noqa: PLC0415

    last = Participant.objects.latest("id").pk
    scripts = scripts_of(arguments.scripts, arguments.journeys)
    drive = partial(run_load, entry=product.ENTRY, in_flight=IN_FLIGHT, scripts=scripts)
    system.run(partial(drive, journeys=8 * IN_FLIGHT, seed="warm"))
    for repeat in range(arguments.repeats):
        system.repeat(RUN, partial(drive, journeys=arguments.journeys, seed=str(repeat)))
    return agreement(system, counted_in_product(product.STUDY, after=last))


def _requests(arguments: argparse.Namespace) -> Iterator[Any]:
    """What participants' requests read, then those of the desk."""
    from benchmarks.growth.desk import read_by_desk  # noqa: PLC0415
    from benchmarks.growth.journey import read_by_page  # noqa: PLC0415

    yield from read_by_page(arguments.openings)
    yield from read_by_desk(arguments.openings)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth.one_size")
    parser.add_argument("participants", type=int)
    parser.add_argument("--journeys", type=int, default=60)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--openings", type=int, default=OPENINGS)
    add_scripts(parser)
    return parser.parse_args()


if __name__ == "__main__":
    json.dump(measure(_arguments()), sys.stdout)
