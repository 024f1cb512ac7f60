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
import psutil
from django.db import connection

from benchmarks.looks.memory import forget_peak, peak_megabytes
from coprod_site.embedded import ROOT


@dataclass(frozen=True)
class Taken:
    """Participants of the cut, seconds by the clock, CPU seconds of the process and of Postgres.

    The memory of the process in MB: before the look, at its peak, and when it is over.
    """

    n: int
    seconds: float
    cpu: float
    postgres_cpu: float
    megabytes_before: float
    megabytes: float
    megabytes_after: float


def look_at(slug: str) -> Taken:
    """The look of that study, run in a new process."""
    arguments = [sys.executable, "-m", "benchmarks.looks.one_look", slug]
    # The program and its arguments are ours.
    done = subprocess.run(arguments, cwd=ROOT, check=True, stdout=subprocess.PIPE)  # noqa: S603 - our own module
    return Taken(**json.loads(done.stdout))


def _taken(slug: str) -> Taken:
    django.setup()
    run_look = import_module("analysis.look").run_look
    # What a worker has loaded.
    import_module("analysis.tasks")
    study = import_module("experiments.models").Study.objects.get(slug=slug)
    server = psutil.Process(connection.connection.info.backend_pid)
    before, server_before = forget_peak(), _cpu(server)
    start, cpu = time.perf_counter(), time.process_time()
    look = run_look(study_id=study.pk, mode="live", number=1)
    seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
    peak, postgres_cpu = peak_megabytes(), _cpu(server) - server_before
    return Taken(look.n, seconds, cpu, postgres_cpu, before, peak, forget_peak())


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system


if __name__ == "__main__":
    print(json.dumps(asdict(_taken(sys.argv[1]))))
