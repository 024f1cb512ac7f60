"""`make bench-start`: seconds from the start of the launcher to the study's first page.

Of a site that is set up, again and again, and of a fresh clone but for its packages: nothing is
compiled, and there is no database. CPU seconds depend less on what else the machine does.
"""

import argparse
import os
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from statistics import median

import psutil

from benchmarks import command
from benchmarks.start.site import Site, folder, running
from coprod_site.embedded import ROOT

# Of the goals: set up, and fresh.
GOAL, FRESH_GOAL = 5.0, 90.0


def main() -> None:
    """Measures, prints, and ends with 1 if a goal was missed."""
    command.run(lambda: bench(_arguments()))


def bench(arguments: argparse.Namespace) -> bool:
    """Starts and stops sites; returns whether the medians are within the goals."""
    print(f"load average: {os.getloadavg()[0]:.1f}, cores: {os.cpu_count()}")
    with folder() as place:
        fresh = [_fresh(place / str(number)) for number in range(arguments.fresh)]
        _told("a fresh clone, packages there", fresh)
        with running(place / "var") as site:
            site.first_page()
        again = [_again(place / "var") for _ in range(arguments.repeats)]
        _told("set up", again)
    seconds = [median(each for each, _ in runs) if runs else 0 for runs in (again, fresh)]
    return seconds[0] <= GOAL and seconds[1] <= FRESH_GOAL


def _again(var: Path) -> tuple[float, float]:
    with running(var) as site:
        return site.first_page(), _cpu(site)


def _fresh(place: Path) -> tuple[float, float]:
    """A clone of what is committed; its byte code is its own, packages' too."""
    place.mkdir(mode=0o711)
    clone = place / "clone"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)  # noqa: S603, S607 - git of the machine, on our own folder
    (clone / ".venv").symlink_to(ROOT / ".venv")
    compiled = {"PYTHONPYCACHEPREFIX": str(place / "compiled")}
    with running(place / "var", clone, compiled) as site:
        return site.first_page(), _cpu(site)


def _cpu(site: Site) -> float:
    """CPU seconds of all of the site's processes so far, those that have ended among them."""
    total = 0.0
    for process in (each for kind in site.processes().values() for each in kind):
        with suppress(psutil.Error):
            times = process.cpu_times()
            total += times.user + times.system + times.children_user + times.children_system
    return total


def _told(name: str, runs: list[tuple[float, float]]) -> None:
    if not runs:
        return
    seconds, cpu = zip(*runs, strict=True)
    print(
        f"{name}: {median(seconds):.1f} s ({min(seconds):.1f}–{max(seconds):.1f}), "
        f"{median(cpu):.1f} CPU s ({min(cpu):.1f}–{max(cpu):.1f}), {len(runs)} starts, "
        f"{time.strftime('%Y-%m-%d')}"
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.start", description=__doc__)
    parser.add_argument("--repeats", type=int, default=5, help="starts of a site that is set up")
    parser.add_argument("--fresh", type=int, default=1, help="starts of a fresh clone")
    return parser.parse_args()


if __name__ == "__main__":
    main()
