"""Which processors a tree of processes may use, and how busy others kept them. Linux alone."""

import os
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil


def pin(process: psutil.Process, cores: Iterable[int]) -> None:
    """Leaves those processors to a process, all its threads and all that it started."""
    allowed = set(cores)
    for one in (process, *process.children(recursive=True)):
        with suppress(OSError, psutil.NoSuchProcess):
            for thread in Path(f"/proc/{one.pid}/task").iterdir():
                os.sched_setaffinity(int(thread.name), allowed)


def pin_this(cores: Iterable[int]) -> None:
    """Leaves those processors to this process's main thread and what it starts from now on."""
    os.sched_setaffinity(0, set(cores))


@dataclass(frozen=True)
class Busy:
    """Seconds by the clock, and seconds for which each processor was at work."""

    clock: float
    cores: tuple[float, ...]

    @classmethod
    def now(cls) -> "Busy":
        """Since the machine started."""
        times = psutil.cpu_times(percpu=True)
        # Time that another virtual machine took counts as busy: we did not have it.
        return cls(time.monotonic(), tuple(sum(each) - each.idle - each.iowait for each in times))

    def others_since(self, before: "Busy", cores: Iterable[int], ours: float) -> float:
        """The share of those processors' time that others had, when ours took so many seconds."""
        chosen = tuple(cores)
        busy = sum(self.cores[core] - before.cores[core] for core in chosen)
        return max(0.0, busy - ours) / (len(chosen) * (self.clock - before.clock))
