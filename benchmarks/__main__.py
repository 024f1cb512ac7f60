"""`make bench`: every suite in a short form, and one table of all.

Each suite is a process of its own with servers of its own, and can be run alone, longer too.
"""

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks import command
from benchmarks.markdown import of_all
from benchmarks.report import write_json
from benchmarks.table import HEADER, line_of, rows_of
from coprod_site.embedded import ROOT

# What each takes of its own options, so that all together take some ten minutes.
SUITES = {
    "pages": ["--journeys", "300"],
    "burst": [],
    "allocation": ["--repeats", "3", "--transactions", "200"],
    "export": ["--formats", "csv", "parquet"],
    "looks": ["--rows", "200000", "--repeats", "3"],
    "admin": [],
    "growth": ["--participants", "1000", "10000", "100000", "--openings", "1"],
}
FIGURES = "All figures: "
RATIO = "ratio to floor: "


def main() -> None:
    """Runs them, prints the table, and ends with 1 if one of them did not end well."""
    command.run(lambda: bench(_arguments()))


def bench(arguments: argparse.Namespace) -> bool:
    """Runs one suite after the other; returns whether all ended well."""
    results, last, well = dict[str, Any](), "", True
    for suite in arguments.suites:
        began = time.monotonic()
        print(f"== {suite} {' '.join(SUITES[suite])}", flush=True)
        code, figures, ratio = _run(suite)
        last = ratio or last
        well = well and code == 0
        results[suite] = {
            "seconds": time.monotonic() - began,
            "ended with": code,
            "figures": json.loads(figures.read_text()) if figures else None,
        }
    print(HEADER)
    for suite, each in results.items():
        if each["figures"]:
            print(*map(line_of, rows_of(suite, each["figures"])), sep="\n")
        wrong = "" if each["ended with"] == 0 else ": IT DID NOT END WELL, see above"
        print(f"{suite}: {each['seconds']:.0f} s{wrong}")
    markdown = write_json("all", results).with_suffix(".md")
    markdown.write_text(of_all(results) + "\n")
    print(f"As Markdown: {markdown}")
    if last:
        print(last)
    return well


def _run(suite: str) -> tuple[int, Path | None, str]:
    """Runs a suite: what it ended with, the file of its figures, and its ratio if it has one."""
    arguments = [sys.executable, "-u", "-m", f"benchmarks.{suite}", *SUITES[suite]]
    figures, ratio = None, ""
    # The program and its arguments are ours.
    with subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own module
        try:
            for line in process.stdout or ():
                print(line, end="", flush=True)
                if line.startswith(FIGURES):
                    figures = Path(line.removeprefix(FIGURES).strip())
                elif line.startswith(RATIO):
                    ratio = line.strip()
        except KeyboardInterrupt:
            # It stops its servers.
            process.terminate()
            raise
    return process.returncode, figures, ratio


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--suites", nargs="+", choices=SUITES, default=list(SUITES))
    return parser.parse_args()


if __name__ == "__main__":
    main()
