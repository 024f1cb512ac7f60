"""Runs the one look of a study in a process of its own and prints what it took, as JSON.

`python -m benchmarks.looks.one_look STUDY`, on the database of the environment.
"""

import json
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from importlib import import_module

import django

from benchmarks.looks.memory import forget_peak, peak_megabytes
from coprod_site.embedded import ROOT


@dataclass(frozen=True)
class Taken:
    """Participants of the cut, seconds, and the memory of the process before and at its peak."""

    n: int
    seconds: float
    megabytes_before: float
    megabytes: float


def look_at(slug: str) -> Taken:
    """The look of that study, run in a new process."""
    arguments = [sys.executable, "-m", "benchmarks.looks.one_look", slug]
    # The program and its arguments are ours.
    done = subprocess.run(arguments, cwd=ROOT, check=True, stdout=subprocess.PIPE)  # noqa: S603
    return Taken(**json.loads(done.stdout))


def _taken(slug: str) -> Taken:
    django.setup()
    run_look = import_module("analysis.look").run_look
    study = import_module("experiments.models").Study.objects.get(slug=slug)
    before = forget_peak()
    start = time.perf_counter()
    look = run_look(study_id=study.pk, mode="live", number=1)
    return Taken(look.n, time.perf_counter() - start, before, peak_megabytes())


if __name__ == "__main__":
    print(json.dumps(asdict(_taken(sys.argv[1]))))
