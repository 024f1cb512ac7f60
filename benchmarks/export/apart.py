"""Makes one file in a process of its own, as a large export of the site, and prints what it took.

`python -m benchmarks.export.apart SYSTEM STUDY FOLDER`, on the database of the environment, prints
JSON. What others left in a process would count as memory of the last.
"""

import json
import subprocess
import sys
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import Any

import django

from coprod_site.embedded import ROOT


def export_apart(system: str, slug: str, folder: Path) -> dict[str, Any]:
    """One turn of a system in a new process: the fields of `one_export.Taken`."""
    arguments = [sys.executable, "-m", "benchmarks.export.apart", system, slug, str(folder)]
    # The program and its arguments are ours.
    done = subprocess.run(arguments, cwd=ROOT, check=True, stdout=subprocess.PIPE)  # noqa: S603 - our own module
    taken: dict[str, Any] = json.loads(done.stdout)
    return taken


def main(system: str, slug: str, folder: Path) -> None:
    """Makes the file, after one of nobody, by which what the format needs is loaded."""
    django.setup()
    # It knows the models.
    one_export = import_module("benchmarks.export.one_export")
    modes = import_module("responses.models").Mode
    taken = [one_export.export_by(system, slug, folder, mode) for mode in (modes.PILOT, modes.LIVE)]
    print(json.dumps(asdict(taken[-1])))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
