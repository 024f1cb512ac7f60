"""An exported ledger: checked by a Python that knows nothing of us, and tampered with."""

import csv
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

Row = dict[str, str]


def told(folder: Path) -> tuple[int, str]:
    """The exit code of the folder's own verify_ledger.py and the one line that it says."""
    # Isolated, and without the packages of this environment.
    command = [sys.executable, "-I", "-S", str(folder / "verify_ledger.py")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    (line,) = (done.stdout + done.stderr).splitlines()
    return done.returncode, line


def rows_of(folder: Path, name: str = "ledger.csv") -> list[Row]:
    """The rows of a file."""
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write_rows(folder: Path, rows: list[Row], name: str = "ledger.csv") -> None:
    """Puts rows in the place of a file's, with its header."""
    header = (folder / name).read_text("utf-8").splitlines()[0].split(",")
    with (folder / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def told_after(folder: Path, change: Callable[[list[Row]], Any], name: str = "ledger.csv") -> Any:
    """What is told when a file's rows were changed in place; the file is as before afterwards."""
    before = (folder / name).read_bytes()
    rows = rows_of(folder, name)
    change(rows)
    write_rows(folder, rows, name)
    try:
        return told(folder)
    finally:
        (folder / name).write_bytes(before)


def commitment(folder: Path) -> str:
    """The SHA-256 that the seed was committed to by."""
    return str(json.loads((folder / "study.json").read_bytes())["seed_sha256"])
