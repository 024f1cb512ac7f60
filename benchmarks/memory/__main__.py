"""`make bench-memory`: memory of each process of `make run`, at rest, after journeys and the desk.

RSS is what a process has in memory, PSS the same with what it shares divided by those who share it:
PSS of all of them is what the site takes.
"""

import argparse
import os
import time
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

import django
import psutil

from benchmarks import command
from benchmarks.load import run_load
from benchmarks.product import ENTRY
from benchmarks.start.site import OURS, Site, folder, running
from coprod_site.embedded import set_environment
from coprod_site.reckoner import IDLE_SECONDS

# Of one web worker, in MB of RSS.
GOAL = 150.0
MB = 1_000_000


def main() -> None:
    """Measures, prints, and ends with 1 if a web worker is larger than it may be."""
    command.run(lambda: bench(_arguments()))


def bench(arguments: argparse.Namespace) -> bool:
    """Starts the site, sends participants, and prints what each process holds."""
    print(f"load average: {os.getloadavg()[0]:.1f}, cores: {os.cpu_count()}")
    # All participants come from one address; each is counted as on any site.
    crowd = {"COPROD_RATE_TIMES": "1000"}
    with folder() as place, running(place / "var", environment=crowd) as site:
        site.first_page()
        _settled(site, arguments.rest)
        _printed(site, "at rest")
        address, sent = f"http://127.0.0.1:{site.port}", 0
        for turn in range(arguments.turns):
            run_load(
                address, ENTRY, journeys=arguments.journeys, in_flight=16, seed=f"memory {turn}"
            )
            sent += arguments.journeys
            largest = _printed(site, f"after {sent} journeys")
        desk = _desk_of(place / "var")
        desk.look_is_there(address)
        opened = desk.open_everything(address)
        largest = max(largest, _printed(site, f"after {opened} requests at the desk"))
        # Then what answers beside is gone, and its memory with it.
        time.sleep(IDLE_SECONDS)
        largest = max(largest, _printed(site, "two minutes later"))
    print(f"\nlargest web worker: {largest:.0f} MB, goal {GOAL:.0f}")
    return largest <= GOAL


def _desk_of(var: Path) -> Any:
    """The module that goes to the desk, with Django set up in this process on the site's data."""
    for name in [each for each in os.environ if each.startswith(OURS)]:
        del os.environ[name]
    set_environment(var)
    os.environ["DJANGO_SETTINGS_MODULE"] = "coprod_site.settings"
    django.setup()
    return import_module("benchmarks.memory.desk")


def _settled(site: Site, rest: float) -> None:
    """Waits until the worker has started its child, and then for so many seconds."""
    end = time.monotonic() + 120
    while time.monotonic() < end and len(site.processes().get("worker", ())) < 2:
        time.sleep(0.5)
    time.sleep(rest)


def _printed(site: Site, when: str) -> float:
    """Prints a table; returns the RSS of the largest web worker in MB."""
    print(f"\n| {when} | RSS, MB | PSS, MB | its own, MB |\n|---|---|---|---|")
    largest, all_of_it = 0.0, 0.0
    for kind, processes in site.processes().items():
        for number, process in enumerate(processes):
            with suppress(psutil.Error):
                found = process.memory_full_info()
                name = f"{kind} {number}" if number else kind
                rss, pss, own = (each / MB for each in (found.rss, found.pss, found.uss))
                print(f"| {name} | {rss:.0f} | {pss:.0f} | {own:.0f} |")
                all_of_it += pss
                # The first one forks the others, and serves nobody.
                largest = max(largest, rss) if kind == "web" and number else largest
    print(f"| all | | {all_of_it:.0f} | |")
    return largest


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.memory", description=__doc__)
    parser.add_argument("--journeys", type=int, default=200, help="participants in a turn")
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--rest", type=float, default=30.0, help="seconds before the first look")
    return parser.parse_args()


if __name__ == "__main__":
    main()
