"""`make chaos`: load over HTTP, faults at seeded moments, and after each what has to hold.

python -m tests.chaos [--seed S] [--minutes M | --rounds N] [--only FAULT,…]
    [--short] [--people] [--docs]
"""

import argparse
import json
import secrets
import signal
import sys
from pathlib import Path
from types import FrameType

from tests.chaos.machine import enter_namespace


def main() -> int:
    """Runs it and prints the report; 1 if anything was lost, doubled or left half."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--seed", type=int, help="the same seed has the same faults come")
    parser.add_argument("--minutes", type=float, default=10.0, help="faults begin so long")
    parser.add_argument("--rounds", type=int, help="each fault so often, however long it takes")
    parser.add_argument("--only", default="", help="these faults, with commas between them")
    parser.add_argument("--at-once", type=int, default=6, help="people on their way at a time")
    parser.add_argument("--short", action="store_true", help="no fault lasts longer than it must")
    parser.add_argument("--people", action="store_true", help="waits for no worker after a fault")
    parser.add_argument("--output", type=Path, help="a file for the report as JSON")
    parser.add_argument("--docs", action="store_true", help="puts the run into the docs")
    asked = parser.parse_args()
    enter_namespace()
    signal.signal(signal.SIGTERM, _end)
    asked.seed = secrets.randbelow(10**6) if asked.seed is None else asked.seed
    print(f"Seed {asked.seed}: --seed {asked.seed} has the same faults come.", flush=True)
    # It sets the environment that Django's settings are read from.
    from tests.chaos.running import run

    report = run(asked)
    if asked.output:
        asked.output.write_text(json.dumps(report, indent=1) + "\n")
    if asked.docs:
        from tests.chaos.table import keep

        keep(report)
    return 0 if report["holds"] else 1


def _end(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


if __name__ == "__main__":
    sys.exit(main())
