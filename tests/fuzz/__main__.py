"""`make fuzz`: odd input for the parsers, for the participant's protocol and for the API.

python -m tests.fuzz [--minutes M] [--seed S] [--parser NAME …] [--output FILE]

Parsers run for that long, and beside them what goes over HTTP: the protocol for half of it, then
the API, which takes as long as it takes. Each is a process of its own.
"""

import argparse
import os
import secrets
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

from tests.fuzz.bounded import NOWHERE
from tests.fuzz.child import ROOT, SECONDS
from tests.session_servers import ENVIRONMENT

MEGABYTES = 200


def main() -> int:
    """Runs it and prints the report; 1 if there was a finding."""
    asked = _asked()
    print(f"Seed {asked.seed}: --seed {asked.seed} has the same input come.", flush=True)
    over_http = None if asked.parser else _over_http(asked)
    os.environ.update({**ENVIRONMENT, **NOWHERE})
    import django

    django.setup()
    from tests.fuzz.parsers import fuzz, table

    began = monotonic()
    found = fuzz(seed=str(asked.seed), seconds=asked.minutes * 60, targets=asked.parser)
    minutes = (monotonic() - began) / 60
    told = [
        f"Parsers: {minutes:.1f} minutes, {SECONDS:.0f} s of CPU time and {MEGABYTES} MB a case, "
        f"seed {asked.seed}, {datetime.now(UTC):%Y-%m-%d}.",
        "",
        table(found),
        *(str(each) for tally in found.values() for each in tally.findings),
    ]
    print("\n".join(told), flush=True)
    if asked.output:
        asked.output.write_text("\n".join(told) + "\n")
    failed = over_http.wait() if over_http else 0
    return 1 if failed or any(tally.findings for tally in found.values()) else 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0, help="so long each, side by side")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6))
    parser.add_argument("--parser", action="append", default=[], help="these alone, nothing else")
    parser.add_argument("--output", type=Path, help="a file for the parsers' table")
    return parser.parse_args()


def _over_http(asked: argparse.Namespace) -> "subprocess.Popen[bytes]":
    """The protocol for half of the time, then each operation of the API; a pytest of its own."""
    tests = ["tests/fuzz/long_protocol.py", "tests/fuzz/test_api.py"]
    tests += ["tests/analysis/api/test_any_request.py"]
    return subprocess.Popen(
        [
            *(sys.executable, "-m", "pytest", "-q", "-s", "-n0", "-p", "no:randomly", *tests),
            *(f"--hypothesis-seed={asked.seed}", f"--fuzz-minutes={asked.minutes / 2}"),
            *("--show-capture=no", "-m", "slow or not slow"),
        ],
        cwd=ROOT,
        env={**os.environ, "HYPOTHESIS_PROFILE": "explore"},
    )


if __name__ == "__main__":
    sys.exit(main())
